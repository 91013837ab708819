/**
 * The entry in the language status of Python files: `{}` in the status bar.
 *
 * Owns what it shows of the session's state and of the findings in the active document.
 */

import * as vscode from "vscode";
import { activeDocument, countFindings } from "./findings";
import { SELECTOR } from "./selector";
import type { State } from "./session";
import { SECTION } from "./settings";

const MAX_DETAIL = 40;

/** What limits the extension although the server runs, if something does. */
export function limits(state: State): string | undefined {
  if (state.kind === "running" && state.launch.note !== undefined) {
    return state.launch.note;
  }
  if (!vscode.workspace.isTrusted) {
    return "Untrusted workspace: its interpreters are not run.";
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 0 && folders.every((folder) => folder.uri.scheme !== "file")) {
    return "Workspace is not on disk: only open files are analysed.";
  }
  return undefined;
}

/** The status entry. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem(`${SECTION}.status`, [
    ...SELECTOR,
  ]);
  private readonly watching: readonly vscode.Disposable[];
  private state: State = { kind: "stopped" };

  constructor() {
    this.item.name = "Sentry Migrate";
    const update = (): void => {
      this.show(this.state);
    };
    this.watching = [
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.onDidChangeActiveNotebookEditor(update),
      vscode.languages.onDidChangeDiagnostics((event) => {
        const active = activeDocument()?.uri;
        if (active && event.uris.some((uri) => uri.path === active.path)) {
          update();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(update),
    ];
  }

  /** Show a state of the session. */
  show(state: State): void {
    this.state = state;
    const limit = limits(state);
    const { Information, Warning, Error } = vscode.LanguageStatusSeverity;
    this.item.busy = state.kind === "starting";
    this.item.severity =
      state.kind === "failed" ? Error : limit === undefined ? Information : Warning;
    this.item.text = headline(state, limit !== undefined);
    const tooltip = detail(state, limit);
    this.item.detail = shortened(tooltip);
    this.item.command =
      state.kind === "failed" || state.kind === "stopped"
        ? { title: "Restart Server", command: `${SECTION}.restartServer`, tooltip }
        : { title: "Show Log", command: `${SECTION}.showLogs`, tooltip };
  }

  dispose(): void {
    this.item.dispose();
    for (const subscription of this.watching) {
      subscription.dispose();
    }
  }
}

function headline(state: State, limited: boolean): string {
  switch (state.kind) {
    case "stopped":
      return "Sentry Migrate: stopped";
    case "starting":
      return "Sentry Migrate: starting";
    case "failed":
      return "Sentry Migrate: failed";
    case "running":
      return `Sentry 1.x: ${count()}${limited ? " (limited)" : ""}`;
  }
}

function detail(state: State, limit: string | undefined): string {
  switch (state.kind) {
    case "failed":
      return state.reason;
    case "running":
      return limit ?? state.launch.versions;
    default:
      return limit ?? "";
  }
}

/** The popup has one line, and the command at its end is to be seen; its tooltip has all of it. */
function shortened(text: string): string {
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

/** The findings in the active document, in words. */
function count(): string {
  const document = activeDocument();
  const findings = document === undefined ? 0 : countFindings(document.uri);
  return findings === 1 ? "1 use" : `${findings.toString()} uses`;
}
