/**
 * The documents of the view's items.
 *
 * Owns opening them, notebooks that are not open among them, and saving what a migration changed.
 */

import * as vscode from "vscode";
import type { Item, Place } from "./rows";

/** What a fix makes of documents, by URI; `before` only where they are not open. */
export interface Preview {
  readonly title: string;
  readonly before?: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** Where an item is in its document. */
export function range({ range: { start, end } }: Item): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Whether an item is in a cell of a notebook that is not open, so that the cell has no URI. */
export function isClosed({ uri, cell }: Item): boolean {
  return cell !== null && vscode.Uri.parse(uri).scheme === "file";
}

/** The document of an item, open: the server knows the text of those. */
export async function opened(item: Item): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.parse(item.uri);
  if (!isClosed(item)) return vscode.workspace.openTextDocument(uri);
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  return notebook.cellAt((item.cell ?? 1) - 1).document;
}

/** Saves a document that the server changed. */
export async function save(uri: string): Promise<void> {
  await (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).save();
}

/** Saves the open notebooks that some work changes, as VS Code itself does with other documents. */
export async function saving<Result>(work: () => Promise<Result>): Promise<Result> {
  const dirty = () => vscode.workspace.notebookDocuments.filter(({ isDirty }) => isDirty);
  const before = new Set(dirty());
  const result = await work();
  if (vscode.workspace.getConfiguration("files").get<boolean>("refactoring.autoSave", true)) {
    for (const notebook of dirty()) if (!before.has(notebook)) await notebook.save();
  }
  return result;
}

/** An item as the server's commands take it. */
export function place(item: Item, uri: vscode.Uri): [string, string, Place] {
  return [uri.toString(), item.code, item.range.start];
}
