/**
 * The documents of the view's items.
 *
 * Owns opening them, notebooks that are not open among them, and saving what a migration changed.
 */

import * as vscode from "vscode";
import type { Item, Place } from "./rows";

/** The scheme of the cells of a notebook. */
const CELL = "vscode-notebook-cell";

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

/**
 * Saves what some work changes and what was saved before it. VS Code itself does so with edits of
 * several files, but neither with notebooks nor with one file, which may be in no tab.
 */
export async function saving<Result>(work: () => Promise<Result>): Promise<Result> {
  const dirty = () => {
    const files = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme !== CELL);
    const all = [...vscode.workspace.notebookDocuments, ...files];
    return all.filter(({ isDirty, isUntitled }) => isDirty && !isUntitled);
  };
  const before = new Set<unknown>(dirty());
  const result = await work();
  if (vscode.workspace.getConfiguration("files").get<boolean>("refactoring.autoSave", true)) {
    for (const one of dirty()) if (!before.has(one)) await one.save();
  }
  return result;
}

/** An item as the server's commands take it. */
export function place(item: Item, uri: vscode.Uri): [string, string, Place] {
  return [uri.toString(), item.code, item.range.start];
}
