import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(): Promise<void> {
  const interpreter = vscode.workspace
    .getConfiguration("sentry-migrate")
    .get<string[] | null>("interpreter");
  const [command = "python3", ...rest] = interpreter ?? [];
  const run = {
    command,
    args: [...rest, "-m", "sentry_migrate", "server"],
    transport: TransportKind.stdio,
  };
  client = new LanguageClient("sentry-migrate", "Sentry Migrate", run, {
    documentSelector: [{ language: "python" }],
  });
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
