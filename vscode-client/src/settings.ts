/**
 * The settings that choose the server's process.
 *
 * Owns reading them. All other settings are the server's: it asks for them itself, for each folder,
 * and no change of theirs needs a new process.
 */

import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Strategy } from "./interpreter";
import type { Choosing, LogLevel } from "./launch";
import { followLinks } from "./links";
import { asCommand, type Surroundings } from "./variables";

/** The section of all settings. */
export const SECTION = "sentry-migrate";

/** What decides on the command line. */
export interface ProcessSettings {
  readonly interpreter: readonly string[];
  readonly path: readonly string[];
  readonly importStrategy: Strategy;
  readonly logLevel: LogLevel;
}

const CHOOSING: readonly (keyof ProcessSettings)[] = [
  "interpreter",
  "path",
  "importStrategy",
  "logLevel",
];

/** The values that hold. One server serves all folders; in several, the first one's are asked. */
export function processSettings(): ProcessSettings {
  const settings = vscode.workspace.getConfiguration(SECTION, firstFolder());
  return {
    interpreter: asCommand(settings.get("interpreter")),
    path: asCommand(settings.get("path")),
    importStrategy: settings.get<Strategy>("importStrategy", "useBundled"),
    logLevel: settings.get<LogLevel>("logLevel", "info"),
  };
}

/** Whether a change may lead to another command line. */
export function mayChangeProcess(event: vscode.ConfigurationChangeEvent): boolean {
  return CHOOSING.some((name) => event.affectsConfiguration(`${SECTION}.${name}`, firstFolder()));
}

/** Whether messages between client and server are to be shown. */
export function traces(): boolean {
  return vscode.workspace.getConfiguration(SECTION).get<string>("trace.server", "off") !== "off";
}

/** Shows a setting where its value is from. */
export async function openSetting(name: Choosing): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION, firstFolder());
  const set = settings.inspect(name);
  const own = set?.workspaceFolderValue ?? set?.workspaceValue;
  const command = own === undefined ? "openSettings" : "openWorkspaceSettings";
  const query = `@id:${SECTION}.${name}`;
  await vscode.commands.executeCommand(`workbench.action.${command}`, { query });
}

/** Whether a person wants to be told, in a project, what it requires. */
export function welcomes(): boolean {
  const wanted = vscode.workspace.getConfiguration(SECTION).get<boolean>("welcome", true);
  return wanted && firstFolder() !== undefined;
}

/** Whether findings are shown for open files alone. */
export function onlyOpenFiles(uri: vscode.Uri): boolean {
  const settings = vscode.workspace.getConfiguration(SECTION, uri);
  return settings.get<string>("diagnosticMode", "openFiles") === "openFiles";
}

/** The folder whose settings choose the process. */
export function firstFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** Where settings with variables are read. */
export function surroundings(): Surroundings {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    folders: folders
      .filter((folder) => folder.uri.scheme === "file")
      .map((folder) => ({ name: folder.name, path: folder.uri.fsPath })),
    trusted: vscode.workspace.isTrusted,
    home: homedir(),
    env: process.env,
    platform: process.platform,
    followLinks,
  };
}
