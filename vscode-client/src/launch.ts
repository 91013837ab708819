/**
 * The command line that becomes the server's process.
 *
 * Owns how it is made of settings and a chosen interpreter, its environment and its directory.
 * Refuses to start it.
 */

import type { Choice, Refusal } from "./interpreter";
import { NOT_FOUND, SETTING } from "./interpreter";
import { expandCommand, safePath, type Surroundings } from "./variables";

/** Levels of the server's log. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** A setting that chooses a program. */
export type Choosing = "interpreter" | "path";

/** Everything that starting the server needs, and what a log should say of it. */
export interface Launch {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly origin: string;
  readonly versions: string;
  /** Why the setting `interpreter` is not used although the server runs. */
  readonly note?: string;
  /** The setting to look at if this does not start. */
  readonly setting?: Choosing;
}

/** Why the server cannot be started. */
export interface Failure {
  readonly failure: string;
  /** The setting that is wrong. */
  readonly setting?: Choosing;
}

/** Whether a running server is what would be started now. What else is known of it may differ. */
export function same(one: Launch, other: Launch): boolean {
  return (
    one.cwd === other.cwd &&
    one.command.length === other.command.length &&
    one.command.every((part, index) => part === other.command[index])
  );
}

/**
 * The server with a chosen interpreter.
 *
 * Its directory is the extension's: with `-m`, Python imports from the directory it runs in first,
 * and a workspace may have a `click.py`. Windows also looks for programs there before PATH.
 */
export function ofInterpreter(choice: Choice, logLevel: LogLevel, extensionPath: string): Launch {
  const server = choice.bundled ? "bundled server" : "server from its environment";
  // Without a server in its environment, the setting's interpreter runs the bundled one.
  const passedOver = choice.origin === SETTING ? [] : choice.refused.filter(ofSetting);
  const instead = choice.interpreter.join(" ");
  return {
    command: [...choice.command, "--log-level", logLevel],
    cwd: extensionPath,
    origin: `${choice.origin}, ${server}`,
    versions: `server ${choice.version}, Python ${choice.python}`,
    ...(passedOver.length > 0 && {
      note: `${SETTING} is not used: ${reasons(passedOver)}. The server runs with ${instead}.`,
    }),
  };
}

const PATH_SETTING = "the setting sentry-migrate.path";

/** The server that `sentry-migrate.path` names, run as it is written. */
export function ofPath(
  path: readonly string[],
  around: Surroundings,
  extensionPath: string,
): Launch | Failure {
  const expanded = expandCommand(path, around);
  if (!expanded.ok) {
    const value = path.join(" ");
    return {
      failure: `${PATH_SETTING} cannot be used: ${value}: ${expanded.reason}`,
      setting: "path",
    };
  }
  const [folder] = around.folders;
  return {
    command: expanded.command,
    // A command such as `uv run` means the project, and would read what the project says to run.
    cwd: folder !== undefined && around.trusted ? folder.path : extensionPath,
    origin: PATH_SETTING,
    versions: "server as installed there",
    setting: "path",
  };
}

/** What to tell a person if no interpreter works. That some names are not on PATH is no news. */
export function noInterpreter(refused: readonly Refusal[]): Failure {
  const telling = refused.filter(
    (refusal) => !ofSetting(refusal) && !refusal.reason.endsWith(`: ${NOT_FOUND}`),
  );
  const own = refused.filter(ofSetting);
  const why = [
    ...(own.length > 0 ? [`${SETTING} is not used: ${reasons(own)}`] : []),
    telling.length > 0 ? reasons(telling) : "no Python on PATH",
  ].join("; ");
  return {
    failure: `no working CPython 3.10 or newer found: ${why}`,
    ...(own.length > 0 && { setting: "interpreter" }),
  };
}

function ofSetting(refusal: Refusal): boolean {
  return refusal.origin === SETTING;
}

function reasons(refused: readonly Refusal[]): string {
  return refused.map((refusal) => refusal.reason).join("; ");
}

/**
 * The environment for Python processes of ours.
 *
 * A terminal's PYTHONPATH or PYTHONHOME is meant for another interpreter and would put other
 * packages before the server's own; PYTHONINSPECT would keep the process alive after its end, and
 * the others change what is imported or printed. Standard error is read as UTF-8, so it must be.
 * And PATH may lead into a workspace, whose programs are not run before it is trusted.
 */
export function cleanEnvironment(around: Surroundings): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(around.env)) {
    const known = name.toUpperCase(); // Windows does not tell cases apart, and says `Path`.
    if (value !== undefined && !FOREIGN.has(known)) {
      result[name] = known === "PATH" && !around.trusted ? safePath(value, around) : value;
    }
  }
  result["PYTHONUTF8"] = "1";
  return result;
}

const FOREIGN = new Set([
  "PYTHONPATH",
  "PYTHONHOME",
  "PYTHONSTARTUP",
  "PYTHONINSPECT",
  "PYTHONWARNINGS",
  "PYTHONIOENCODING",
  "PYTHONUTF8",
  "PYTHONPLATLIBDIR",
  "__PYVENV_LAUNCHER__",
]);
