/**
 * The commands of the palette.
 *
 * Owns their names and what a person reads before and after. What they do is the server's: its own
 * commands have other names, which the language client registers.
 */

import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import type { ServerConnection } from "./connection";
import { activeDocument, countFindings } from "./findings";
import type { Choosing } from "./launch";
import { openLocation, OPEN_LOCATION, REPORT_OPTIONS, ReportView, type Report } from "./report";
import { fixOnSave, fixOnSaveOff } from "./fixOnSave";
import type { MigrationView } from "./migration";
import type { Outcome } from "./outcome";
import type { Session } from "./session";
import { openSetting, processSettings, SECTION } from "./settings";

const SHOW_LOG = "Show Log";
const OPEN_SETTING = "Open Setting";

/** How long a server may take to tell of itself, in milliseconds. One that hangs never does. */
const PATIENCE = 5_000;

/** What commands work with. */
export interface Tools {
  readonly session: Session<ServerConnection>;
  readonly log: vscode.LogOutputChannel;
  readonly report: ReportView;
  readonly migration: MigrationView;
  readonly version: string;
}

/** Why fixes were not looked for; the server has said it. */
interface Refused {
  readonly reason?: string;
}

/** What the server answers if a person cancelled the progress of what they asked for. */
interface Cancelled {
  readonly cancelled: true;
}

/** Runs commands of the server for whoever shows what they give. */
export function executor(tools: Pick<Tools, "session" | "log">) {
  return <Result>(command: string, ...args: unknown[]): Promise<Result | undefined> =>
    execute<Result>(tools, command, ...args);
}

/** Register all commands. */
export function registerCommands(tools: Tools): vscode.Disposable[] {
  const commands: Record<string, (...args: never[]) => unknown> = {
    [`${SECTION}.migrateFile`]: () => migrateFile(tools, false),
    [`${SECTION}.migrateFileUnsafe`]: () => migrateFile(tools, true),
    [`${SECTION}.migrateWorkspace`]: () => migrateWorkspace(tools),
    [`${SECTION}.showReport`]: () => showReport(tools),
    [`${SECTION}.restartServer`]: () => tools.session.restart(),
    [`${SECTION}.showLogs`]: () => {
      tools.log.show();
    },
    [`${SECTION}.showDebugInformation`]: () => showDebugInformation(tools),
    [`${SECTION}.fixOnSave`]: () => fixOnSave(),
    [`${SECTION}.fixOnSaveOff`]: () => fixOnSaveOff(),
    ...tools.migration.commands(),
    [OPEN_LOCATION]: (uri, line, character) => openLocation(uri, line, character),
  };
  return Object.entries(commands).map(([name, command]) =>
    vscode.commands.registerCommand(name, command),
  );
}

async function migrateFile(tools: Tools, unsafe: boolean): Promise<void> {
  const document = activeDocument();
  if (document === undefined) {
    void vscode.window.showInformationMessage("Open the file that you want to migrate first.");
    return;
  }
  const outcome = await execute<Outcome & Refused>(tools, "fixFile", document.uri.toString(), {
    unsafe,
  });
  if (outcome?.found === 0 && outcome.reason === undefined) {
    void sayNothingFixed(tools, unsafe, countFindings(document.uri));
  }
}

/** A command that changes nothing must say why. */
async function sayNothingFixed(tools: Tools, unsafe: boolean, left: number): Promise<void> {
  const { showInformationMessage } = vscode.window;
  if (left === 0) {
    await showInformationMessage("No use of the sentry-sdk 1.x API was found in this file.");
  } else if (unsafe) {
    await showInformationMessage(
      "The remaining findings have no automatic fix. Hover over one to see what to do.",
    );
  } else {
    const more = "Unsafe Fixes…";
    const answer = await showInformationMessage(
      "No finding in this file has a safe fix. Hover over a finding to see why.",
      more,
    );
    if (answer === more) {
      await migrateFile(tools, true);
    }
  }
}

async function migrateWorkspace(tools: Tools): Promise<void> {
  const choice = await vscode.window.showQuickPick(
    [
      {
        label: "Safe fixes",
        detail: "What reaches Sentry stays the same. Applied at once; Undo reverts them.",
        unsafe: false,
      },
      {
        label: "Safe and unsafe fixes",
        detail:
          "A preview opens. Files with unsafe fixes are changed only if you select them there.",
        unsafe: true,
      },
    ],
    {
      title: "Migrate Workspace to sentry-sdk 2.x",
      placeHolder: "Which fixes?",
    },
  );
  if (choice === undefined) {
    return;
  }
  await tools.migration.migrate({ unsafe: choice.unsafe });
}

async function showReport(tools: Tools): Promise<void> {
  const report = await execute<Report | Cancelled>(tools, "report", REPORT_OPTIONS);
  if (report !== undefined && !("cancelled" in report)) {
    await tools.report.show(report);
  }
}

/** The result of a command of the server; none if there is none, which is said. */
async function execute<Result>(
  { session, log }: Pick<Tools, "session" | "log">,
  command: string,
  ...args: unknown[]
): Promise<Result | undefined> {
  const connection = await session.ready();
  if (connection === undefined) {
    if (session.state.kind !== "failed") {
      void showError(log, "the server is not running");
    }
    return undefined;
  }
  try {
    return await connection.execute<Result>(`${SECTION}.${command}`, ...args);
  } catch (error) {
    log.error(`${command}: ${String(error)}`);
    const reason = error instanceof Error ? error.message : String(error);
    void showError(log, reason);
    return undefined;
  }
}

/** An error or a warning, with the way to all that is known of it, and to the setting at fault. */
export async function showError(
  log: vscode.LogOutputChannel,
  reason: string,
  setting?: Choosing,
  show: typeof vscode.window.showWarningMessage = vscode.window.showErrorMessage,
): Promise<void> {
  const choices = [...(setting === undefined ? [] : [OPEN_SETTING]), SHOW_LOG];
  const answer = await show(`Sentry Migrate: ${reason}`, ...choices);
  if (answer === SHOW_LOG) {
    log.show();
  } else if (answer !== undefined && setting !== undefined) {
    await openSetting(setting);
  }
}

/** Everything a bug report needs, in an editor, so that a person sees what they send. */
async function showDebugInformation({ session, version }: Tools): Promise<void> {
  const answer = session.connection?.execute(`${SECTION}.debugInformation`);
  const late = pause(PATIENCE, `no answer within ${(PATIENCE / 1_000).toString()} seconds`);
  const server = await Promise.race([answer, late]).catch((error: unknown) => String(error));
  const information = {
    extension: version,
    editor: `${vscode.env.appName} ${vscode.version}`,
    host: vscode.env.remoteName ?? "local",
    trusted: vscode.workspace.isTrusted,
    settings: processSettings(),
    state: session.state,
    server: server ?? null,
  };
  const content = `${JSON.stringify(information, undefined, 2)}\n`;
  const document = await vscode.workspace.openTextDocument({ language: "json", content });
  await vscode.window.showTextDocument(document);
}
