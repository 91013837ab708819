/**
 * Documents beside what they would be after a fix.
 *
 * Owns the tabs that compare them, and closing those whose text is gone.
 */

import * as vscode from "vscode";
import { AFTER } from "./selector";

export class Comparisons implements vscode.Disposable {
  /** What documents would be that are open for comparison, by URI. */
  private readonly after = new Map<string, string>();
  private shown = 0;
  private readonly own = [
    vscode.workspace.registerTextDocumentContentProvider(AFTER, {
      provideTextDocumentContent: (uri) => this.after.get(uri.toString()) ?? "",
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.after.delete(uri.toString());
    }),
  ];

  dispose(): void {
    for (const one of this.own) one.dispose();
  }

  /** Opens a document, or the text `before`, beside another text; `what` is in the title. */
  async show(
    uri: vscode.Uri,
    { before, after }: { readonly before?: string | undefined; readonly after: string },
    what: string,
    place: vscode.Position,
  ): Promise<void> {
    const left = before === undefined ? uri : this.keep(uri, before);
    const right = this.keep(uri, after);
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const title = `${name}: ${what}`;
    // Not the whole range: the text after the fix has another one there.
    const selection = new vscode.Range(place, place);
    await vscode.commands.executeCommand("vscode.diff", left, right, title, { selection });
  }

  private keep(uri: vscode.Uri, text: string): vscode.Uri {
    // A cell has the name of its notebook, which is JSON.
    const path = uri.path.replace(/\.ipynb$/, ".py");
    const kept = uri.with({ scheme: AFTER, path, query: String(this.shown++) });
    this.after.set(kept.toString(), text);
    return kept;
  }

  /** Closes them all: what they compare has changed. */
  async close(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === AFTER,
    );
    await vscode.window.tabGroups.close(ours, true);
  }
}
