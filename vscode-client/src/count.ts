/**
 * Numbers in messages.
 */

/** The number, and what there is so many of, in the singular or plural. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toString()} ${number === 1 ? one : many}`;
}

/** How far it is, in ten steps. */
export function bar(left: number, total: number): string {
  const done = Math.floor((10 * (total - left)) / Math.max(total, 1));
  return "█".repeat(done) + "░".repeat(10 - done);
}
