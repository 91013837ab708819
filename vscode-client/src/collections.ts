/**
 * Where the language client keeps the findings it asked for.
 *
 * Owns taking them away when a file's tab is closed. The client leaves that to the report on the
 * whole workspace, which the server can give; but with `diagnosticMode: openFiles` it gives none.
 */

import * as vscode from "vscode";
import {
  DiagnosticCollectionSource,
  type DiagnosticCollectionProvider,
} from "vscode-languageclient/node";
import { onlyOpenFiles } from "./settings";

/** The collections of one client. */
export class Collections implements DiagnosticCollectionProvider {
  private pulled: vscode.DiagnosticCollection | undefined;
  private watching: vscode.Disposable | undefined;

  create(
    name: string | undefined,
    source: DiagnosticCollectionSource,
  ): vscode.DiagnosticCollection {
    const collection = vscode.languages.createDiagnosticCollection(name);
    if (source === DiagnosticCollectionSource.pull) {
      this.pulled = collection;
      // Not when the document is closed: an editor may hold on to it for minutes.
      this.watching ??= vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.length > 0) {
          this.clear();
        }
      });
    }
    return collection;
  }

  dispose(collection: vscode.DiagnosticCollection): void {
    if (collection === this.pulled) {
      this.watching?.dispose();
      this.watching = undefined;
      this.pulled = undefined;
    }
    collection.dispose();
  }

  private clear(): void {
    const shown = new Set(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(uriOf)));
    this.pulled?.forEach((uri) => {
      if (!shown.has(uri.toString()) && onlyOpenFiles(uri)) {
        this.pulled?.delete(uri);
      }
    });
  }
}

function uriOf({ input }: vscode.Tab): string | undefined {
  if (input instanceof vscode.TabInputText) {
    return input.uri.toString();
  }
  return input instanceof vscode.TabInputTextDiff ? input.modified.toString() : undefined;
}
