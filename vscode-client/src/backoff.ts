/**
 * When to start a server again that ended by itself.
 *
 * Owns counting; has no clock of its own.
 */

const DELAYS = [500, 1_000, 2_000, 4_000, 8_000] as const;

/** A crash this long after the last one begins a new count. */
const FORGET_AFTER = 3 * 60_000;

/** Remembers crashes. */
export class BackOff {
  private count = 0;
  private last = -Infinity;

  /** Milliseconds to wait after a crash at this moment; none if it is time to give up. */
  crashed(now: number): number | undefined {
    this.count = now - this.last > FORGET_AFTER ? 0 : this.count;
    this.last = now;
    const delay = DELAYS[this.count];
    this.count += 1;
    return delay;
  }

  /** A person asked for a new start: what was before does not count. */
  reset(): void {
    this.count = 0;
    this.last = -Infinity;
  }
}
