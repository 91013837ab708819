/**
 * Where a path leads.
 *
 * Owns following links of directories. Refuses to follow one to a file: a virtual environment's
 * `python` is a link outwards, and is meant as the file that it is where it is.
 */

import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The path with the links of its directories followed, as far as they exist. */
export function followLinks(path: string): string {
  try {
    if (statSync(path).isDirectory()) {
      return realpathSync.native(path);
    }
  } catch {
    // What does not exist, or may not be looked at, leads nowhere else; its directory may.
  }
  const parent = dirname(path);
  return parent === path ? path : join(followLinks(parent), basename(path));
}
