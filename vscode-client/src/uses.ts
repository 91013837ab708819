/**
 * The uses of the 1.x API that the server's diagnostics tell of.
 *
 * Owns telling findings from what else it says in a file. Refuses to know which file.
 */

/** A diagnostic of the server. A finding has a code, everything else has none. */
export interface Said {
  readonly code?: unknown;
  readonly message: string;
}

/** Said in place of the findings that are more than `maxFindings`. */
const MORE = /^(\d+) more uses /;

/** How many uses there are, whether they are shown or only counted. */
export function countUses(diagnostics: readonly Said[]): number {
  const counts = diagnostics.map(({ code, message }) =>
    code === undefined ? Number(MORE.exec(message)?.[1] ?? 0) : 1,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
