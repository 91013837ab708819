/**
 * Where the parts are put together, and taken apart again. Contains no behaviour of its own.
 */

import * as vscode from "vscode";
import { executor, registerCommands, showError } from "./commands";
import { ServerConnection } from "./connection";
import { createLog, serverLog, Trace } from "./log";
import { MigrationView } from "./migration";
import { PythonExtensions } from "./python";
import { ReportView } from "./report";
import { resolve } from "./resolve";
import { Session } from "./session";
import { firstFolder, mayChangeProcess, SECTION, surroundings, welcomes } from "./settings";
import { Status } from "./status";
import { Welcome } from "./welcome";

/** Where the editor keeps that a project's requirement was told. */
const WELCOMED = "welcomed";

let session: Session<ServerConnection> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { version } = context.extension.packageJSON as { version: string };
  const log = createLog();
  log.info(
    `Sentry Migrate ${version}, ${vscode.env.appName} ${vscode.version}, ${process.platform}`,
  );
  const trace = new Trace();
  const python = new PythonExtensions({
    extension: (id) => vscode.extensions.getExtension(id),
    folder: firstFolder,
    surroundings,
    warn: (message) => {
      log.warn(message);
    },
    changed: () => void active.refresh(),
    patience: 5_000,
  });
  const status = new Status();
  const report = new ReportView();
  const server = serverLog(log);

  const active = new Session<ServerConnection>({
    resolve: (signal) => resolve(context.extensionPath, python, log, signal),
    connect: (launch, ended) => {
      log.info(`starting ${launch.command.join(" ")}`);
      log.info(`in ${launch.cwd}; from ${launch.origin}; ${launch.versions}`);
      return new ServerConnection(launch, server, trace, ended, (message, percentage) => {
        migration.progressed(message, percentage);
      });
    },
    changed: (state) => {
      status.show(state);
      if (state.kind === "running") void welcome.ready();
    },
    complain: (reason, setting) => {
      log.error(reason);
      void showError(log, reason, setting);
    },
    warn: (note) => {
      log.warn(note);
      // Without trust, the setting may be right: the status tells what is not run.
      if (!vscode.workspace.isTrusted) return;
      void showError(log, note, "interpreter", vscode.window.showWarningMessage);
    },
    log: (message) => {
      log.info(message);
    },
    now: Date.now,
    later: (delay, action) => {
      const timer = setTimeout(action, delay);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  session = active;
  const migration = new MigrationView(executor({ session: active, log }));
  const { workspaceState } = context;
  const welcome = new Welcome({
    wanted: welcomes,
    shown: {
      get: () => workspaceState.get<boolean>(WELCOMED, false),
      set: (shown) => workspaceState.update(WELCOMED, shown),
    },
    // Not by the executor, which says what went wrong.
    find: async () => active.connection?.execute(`${SECTION}.overview`),
    ask: (message, ...choices) => vscode.window.showInformationMessage(message, ...choices),
    open: () => migration.reveal(),
    log: (message) => {
      log.info(message);
    },
  });

  const refresh = (): void => void active.refresh();
  context.subscriptions.push(
    log,
    trace,
    python,
    status,
    report,
    migration,
    ...registerCommands({ session: active, log, report, migration, version }),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (mayChangeProcess(event)) {
        refresh();
      }
    }),
  );
  // Not waited for: whoever activates the extension wants their file, not the server.
  refresh();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
