/**
 * Which Python runs the server.
 *
 * Owns the order of candidates and trying them: each is run once and must say that it can. Refuses
 * to know how a program is run and where an editor keeps its settings. A path is never resolved: a
 * virtual environment's `python` is a link, and behind it is an interpreter without its packages.
 */

import { join } from "node:path";
import { expandCommand, isInside, type Surroundings } from "./variables";

/** An interpreter worth trying, or one that must not be. */
export type Offer =
  | { readonly origin: string; readonly command: readonly string[] }
  | { readonly origin: string; readonly refusal: string };

/** Where offers come from. Asked only if everything before it failed: asking may be slow. */
export type Source = () => Promise<readonly Offer[]>;

/** What a candidate said of itself. */
export type Answer =
  | { readonly ok: true; readonly version: string; readonly python: string }
  | { readonly ok: false; readonly reason: string };

/** The reason of a program that does not exist. */
export const NOT_FOUND = "not found";

/** Runs a command that prints an answer. */
export type Probe = (command: readonly string[]) => Promise<Answer>;

/** The server that comes with the extension, or the one installed in the interpreter. */
export type Strategy = "useBundled" | "fromEnvironment";

/** A way to run the server with an interpreter. */
interface Attempt {
  readonly what: "bundled" | "environment";
  readonly probe: readonly string[];
  readonly serve: readonly string[];
}

/** The first candidate that works, and what became of those before it. */
export interface Choice {
  readonly command: readonly string[];
  readonly interpreter: readonly string[];
  readonly origin: string;
  readonly bundled: boolean;
  readonly version: string;
  readonly python: string;
  readonly refused: readonly Refusal[];
}

/** Why a candidate was passed over. */
export interface Refusal {
  readonly origin: string;
  readonly reason: string;
}

/**
 * Asks an interpreter for the server in its own environment, in the words of the bundled
 * `run.py --probe`. Old enough for every Python 3: an old one is to say so, not to fail to parse.
 */
export const ENVIRONMENT_PROBE = `
import json, sys
def answer():
    if sys.version_info < (3, 10) or sys.implementation.name != "cpython":
        found = "%s %s" % (sys.implementation.name, sys.version.split()[0])
        return {"ok": False, "reason": "CPython 3.10 or newer is required, but this is " + found}
    try:
        import libcst.native, lsprotocol, pygls, sentry_migrate
    except ImportError as error:
        return {"ok": False, "reason": str(error)}
    version = sentry_migrate.__version__
    return {"ok": True, "version": version, "python": sys.version.split()[0]}
print(json.dumps(answer()))
`;

/** How the server may be run with an interpreter, the preferred way first. */
export function attempts(
  interpreter: readonly string[],
  strategy: Strategy,
  bundle: string | undefined,
): readonly Attempt[] {
  const environment: Attempt = {
    what: "environment",
    probe: [...interpreter, "-c", ENVIRONMENT_PROBE],
    serve: [...interpreter, "-m", "sentry_migrate", "server"],
  };
  if (bundle === undefined) {
    return [environment]; // an extension that runs from its sources
  }
  // Without -S, a `.pth` file of the environment may import its own attrs before the bundled one.
  const script = ["-S", join(bundle, "run.py")];
  const bundled: Attempt = {
    what: "bundled",
    probe: [...interpreter, ...script, "--probe"],
    serve: [...interpreter, ...script, "server"],
  };
  return strategy === "useBundled" ? [bundled] : [environment, bundled];
}

/** The first interpreter that can run the server; else why none of them can. */
export async function choose(
  sources: readonly Source[],
  strategy: Strategy,
  bundle: string | undefined,
  probe: Probe,
): Promise<Choice | { readonly refused: readonly Refusal[] }> {
  const refused: Refusal[] = [];
  const tried = new Set<string>();
  for (const source of sources) {
    for (const offer of await source()) {
      if ("refusal" in offer) {
        refused.push({ origin: offer.origin, reason: offer.refusal });
        continue;
      }
      const name = offer.command.join(" ");
      if (tried.has(name)) {
        continue;
      }
      tried.add(name);
      for (const attempt of attempts(offer.command, strategy, bundle)) {
        const answer = await probe(attempt.probe);
        if (answer.ok) {
          return {
            command: attempt.serve,
            interpreter: offer.command,
            origin: offer.origin,
            bundled: attempt.what === "bundled",
            version: answer.version,
            python: answer.python,
            refused,
          };
        }
        refused.push({ origin: offer.origin, reason: `${name}: ${answer.reason}` });
      }
    }
  }
  return { refused };
}

/** The origin of what the setting names; a person who wrote it wants to know if it is not used. */
export const SETTING = "the setting sentry-migrate.interpreter";

/** The interpreter that the setting names, if it names one. */
export function fromSetting(setting: readonly string[], around: Surroundings): readonly Offer[] {
  if (setting.length === 0) {
    return [];
  }
  const expanded = expandCommand(setting, around);
  return expanded.ok
    ? [{ origin: SETTING, command: expanded.command }]
    : [{ origin: SETTING, refusal: `${setting.join(" ")}: ${expanded.reason}` }];
}

/** What another extension calls the active interpreter. */
export function fromExtension(
  origin: string,
  command: readonly string[],
  around: Surroundings,
): readonly Offer[] {
  const [program] = command;
  if (program === undefined) {
    return [];
  }
  if (!around.trusted && isInside(program, around)) {
    return [{ origin, refusal: `${program} is in an untrusted workspace` }];
  }
  return [{ origin, command }];
}

/** The interpreters that PATH has. On Windows, its launcher knows those that PATH lacks. */
export function fromPath(platform: NodeJS.Platform): readonly Offer[] {
  const numbered = [14, 13, 12, 11, 10].map((minor) => [`python3.${minor.toString()}`]);
  const commands =
    platform === "win32"
      ? [["py", "-3"], ["python"], ["python3"]]
      : [["python3"], ["python"], ...numbered];
  return commands.map((command) => ({ origin: "PATH", command }));
}
