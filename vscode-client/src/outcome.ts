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
  /** Whether the person stopped it. What is left is found by the same command. */
  readonly cancelled?: boolean;
}

/** What the server took back, and the names of files that were changed since. */
export interface Undone {
  readonly undone: number;
  readonly left: readonly string[];
}

/** What a person reads at the end; `left` is how many uses there are now, where that is known. */
export function told(
  { fixed, found, files = 0, cancelled = false }: Outcome,
  unsafe: boolean,
  left?: number,
): string {
  if (found === undefined) return "Cancelled. Nothing was changed.";
  if (found === 0) {
    return `No finding has a ${unsafe ? "" : "safe "}fix. The report lists what is left.`;
  }
  if (fixed === 0) {
    return `Nothing was changed: none of ${count(found, "fix", "fixes")} was applied.`;
  }
  const more = left === undefined ? "" : `; ${String(left)} left`;
  const stopped = cancelled ? " You stopped it; Continue makes the rest." : "";
  return `${String(fixed)} of ${String(found)} fixed in ${count(files, "file")}${more}.${stopped}`;
}

/** The same after taking it back. */
export function toldUndone({ undone, left }: Undone): string {
  const named = left.slice(0, 3).join(", ");
  const more = left.length > 3 ? ` and ${String(left.length - 3)} more` : "";
  const stay = left.length === 0 ? "" : ` Changed since, so not undone: ${named}${more}.`;
  return `${undone === 0 ? "Nothing was undone." : `Undone in ${count(undone, "file")}.`}${stay}`;
}
