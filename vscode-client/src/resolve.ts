/**
 * The command line that the settings mean now.
 *
 * Owns asking everybody who knows something about it, in order, and writing down what they said.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LogOutputChannel } from "vscode";
import { choose, fromPath, fromSetting } from "./interpreter";
import {
  cleanEnvironment,
  noInterpreter,
  ofInterpreter,
  ofPath,
  type Failure,
  type Launch,
} from "./launch";
import { prober } from "./probe";
import type { PythonExtensions } from "./python";
import { processSettings, surroundings } from "./settings";

/** How to start the server, or why it cannot be started. Fails if it is aborted. */
export async function resolve(
  extensionPath: string,
  python: PythonExtensions,
  log: LogOutputChannel,
  signal: AbortSignal,
): Promise<Launch | Failure> {
  const settings = processSettings();
  const around = surroundings();
  if (settings.path.length > 0) {
    return ofPath(settings.path, around, extensionPath);
  }
  const bundled = join(extensionPath, "bundled");
  const choice = await choose(
    [
      () => Promise.resolve(fromSetting(settings.interpreter, around)),
      () => python.environments(),
      () => python.python(),
      () => Promise.resolve(fromPath(around.platform)),
    ],
    settings.importStrategy,
    existsSync(join(bundled, "run.py")) ? bundled : undefined,
    prober(extensionPath, cleanEnvironment(around), signal),
  );
  for (const { origin, reason } of choice.refused) {
    log.info(`not used, from ${origin}: ${reason}`);
  }
  return "command" in choice
    ? ofInterpreter(choice, settings.logLevel, extensionPath)
    : noInterpreter(choice.refused);
}
