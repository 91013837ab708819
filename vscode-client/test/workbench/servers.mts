/**
 * The server's processes, seen from outside.
 *
 * Owns telling a server from its workers, and from what stands before it.
 */
import { basename } from "node:path";
import { setup } from "./host.mts";
import { marked, pause } from "./processes.mjs";

/** All servers that run now. */
export function servers(): number[] {
  return marked(setup.run)
    .filter(({ argv }) => argv.includes("server") && argv.some(isEntry) && !argv.some(isRelay))
    .map(({ pid }) => pid);
}

function isEntry(argument: string): boolean {
  return basename(argument) === "run.py" || argument === "sentry_migrate";
}

function isRelay(argument: string): boolean {
  return basename(argument) === "relay.py";
}

/** The one server, when there is exactly one, and it is not the one named. */
export async function onlyServer(not?: number): Promise<number> {
  return until("one server", () => {
    const running = servers();
    const [pid] = running;
    return running.length === 1 && pid !== not ? pid : undefined;
  });
}

/** Asks until there is an answer. */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | false,
  limit = 60_000,
): Promise<Answer> {
  for (const end = Date.now() + limit; Date.now() < end; await pause(50)) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited in vain: ${what}`);
}
