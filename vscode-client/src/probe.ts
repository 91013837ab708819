/**
 * Running a program once to hear what it can do.
 *
 * Owns the time limit and making sense of what came back. Refuses to know whom it asks.
 */

import { execFile, type ExecFileException } from "node:child_process";
import { NOT_FOUND, type Answer, type Probe } from "./interpreter";

/** Starting Python takes a second on a busy machine, and a minute on none. */
const LIMIT = 60_000;

/** A probe that runs programs in a directory and an environment. Fails once it is aborted. */
export function prober(
  cwd: string,
  env: Record<string, string>,
  signal: AbortSignal,
  limit = LIMIT,
): Probe {
  const options = { cwd, env, timeout: limit, killSignal: "SIGKILL", windowsHide: true } as const;
  return async ([program = "", ...args]) => {
    signal.throwIfAborted();
    const answer = await new Promise<Answer>((resolve) => {
      // Also throws, for what Node does not expect to go wrong: a directory that is a file.
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        resolve(understand(stdout) ?? { ok: false, reason: why(error, stderr, limit) });
      });
      signal.addEventListener("abort", () => child.kill("SIGKILL"));
    }).catch((error: unknown): Answer => ({ ok: false, reason: (error as Error).message }));
    signal.throwIfAborted();
    return answer;
  };
}

function why(error: ExecFileException | null, stderr: string, limit: number): string {
  if (error?.killed) {
    return `no answer within ${(limit / 1000).toString()} seconds`;
  }
  if (error?.code === "ENOENT") {
    return NOT_FOUND;
  }
  return lastLine(stderr) ?? error?.message.split("\n")[0] ?? "it printed nothing";
}

/** The answer in what a program printed; none if there is none. */
export function understand(stdout: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(lastLine(stdout) ?? "");
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("ok" in value)) {
    return undefined;
  }
  const { ok, reason, version, python } = value as Record<string, unknown>;
  if (ok === true && typeof version === "string" && typeof python === "string") {
    return { ok, version, python };
  }
  return { ok: false, reason: typeof reason === "string" ? reason : "it gave no reason" };
}

/** The last line with something on it: of a traceback, the one that says what happened. */
export function lastLine(text: string): string | undefined {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}
