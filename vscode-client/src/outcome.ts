/**
 * What became of a migration, in words.
 *
 * Owns the form of the server's answer. Nothing that was asked for ends without a word.
 */

import { count } from "./count";

/** Which fixes are made; `within` is the URI of a file or folder, and without it everything. */
export interface Options {
  readonly unsafe?: boolean;
  readonly rules?: readonly string[];
  readonly within?: string;
}

export interface Outcome {
  /** How many fixes are in the files now: the server compares their texts. */
  readonly fixed: number;
  /** How many fixes there were; none is known of if the person cancelled before they were found. */
  readonly found?: number;
  /** How many files were changed. */
  readonly files?: number;
  /** How many files could not be looked at. */
  readonly unread?: number;
  /** For how many files the server is turned off. */
  readonly off?: number;
  /** Whether the person stopped it. What is left is found by the same command. */
  readonly cancelled?: boolean;
}

/** What the server took back, and the names of files that were changed since. */
export interface Undone {
  readonly undone: number;
  readonly left: readonly string[];
}

/** What became of the answer to a question; no `uris` of files where it was there already. */
export interface Answered {
  readonly applied: boolean;
  readonly uris: readonly string[];
}

/** What a person reads at the end; `left` is how many uses there are now, where that is known. */
export function told(
  { fixed, found, files = 0, unread = 0, off = 0, cancelled = false }: Outcome,
  unsafe: boolean,
  left?: number,
): string {
  if (found === undefined) return "Cancelled. Nothing was changed.";
  const unknown = unread === 0 ? "" : ` ${count(unread, "file")} could not be read.`;
  const setting = "the setting sentry-migrate.enable is off";
  const failed = off === 0 ? unknown : `${unknown} For ${count(off, "file")}, ${setting}.`;
  if (found === 0) {
    return `No finding has a ${unsafe ? "" : "safe "}fix. The report lists what is left.${failed}`;
  }
  if (fixed === 0) {
    const none = found === 1 ? "The fix was" : `The ${String(found)} fixes were`;
    return `Nothing was changed. ${none} not applied.${failed}`;
  }
  const more = left === undefined ? "" : `; ${String(left)} left`;
  const stopped = cancelled ? " You stopped it; Continue makes the rest." : "";
  const made = `${String(fixed)} of ${String(found)} fixed in ${count(files, "file")}${more}.`;
  return `${made}${stopped}${failed}`;
}

/** What to say of some of all that was to be done. */
export type Some = (made: number, all: number) => string;

/** The same of single fixes. */
export const toldApplied: Some = (made, all) =>
  `Applied ${String(made)} of ${count(all, "fix", "fixes")}.`;

/** The same of findings that a comment was to suppress. */
export const toldSkipped: Some = (made, all) => `Skipped ${String(made)} of ${count(all, "use")}.`;

/** The same after taking it back. */
export function toldUndone({ undone, left }: Undone): string {
  const named = left.slice(0, 3).join(", ");
  const more = left.length > 3 ? ` and ${String(left.length - 3)} more` : "";
  const stay = left.length === 0 ? "" : ` Changed since, so not undone: ${named}${more}.`;
  return `${undone === 0 ? "Nothing was undone." : `Undone in ${count(undone, "file")}.`}${stay}`;
}
