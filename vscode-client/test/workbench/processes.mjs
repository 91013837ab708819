/**
 * The processes of a run, found by a mark that they inherit.
 *
 * Owns the mark, finding what bears it, and ending it. Not by parent or process group: what must
 * not be left behind is exactly what has left both.
 */
import { readFileSync, readdirSync } from "node:fs";

const MARK = "SENTRY_MIGRATE_WORKBENCH";

/**
 * The variable that marks a process and all its children.
 * @param {string} run
 * @returns {Record<string, string>}
 */
export function mark(run) {
  return { [MARK]: run };
}

/**
 * All living processes of a run.
 * @param {string} run
 * @returns {{ pid: number, argv: string[] }[]}
 */
export function marked(run) {
  const found = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [environment, command] = [read(pid, "environ"), read(pid, "cmdline")];
    // One that has ended, but was not waited for yet, has neither.
    if (!environment.includes(`${MARK}=${run}`)) continue;
    found.push({ pid, argv: command.slice(0, -1) });
  }
  return found;
}

/**
 * @param {number} pid
 * @param {string} file
 */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return []; // it ended meanwhile
  }
}

/**
 * Waits until no process of a run is left; those that are after `limit` are killed and returned.
 * @param {string} run
 * @param {number} limit milliseconds
 */
export async function gone(run, limit) {
  const end = Date.now() + limit;
  while (marked(run).length > 0 && Date.now() < end) await pause(50);
  const left = marked(run);
  for (const { pid } of left) kill(pid);
  return left;
}

/** @param {number} pid */
export function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended meanwhile
  }
}

/** @param {number} milliseconds */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
