/**
 * Numbers in messages.
 */

/** The number, and what there is so many of, in the singular or plural. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toString()} ${number === 1 ? one : many}`;
}
