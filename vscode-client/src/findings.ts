/**
 * Findings as the editor shows them.
 *
 * Owns counting them for a document, and which document a person means.
 */

import * as vscode from "vscode";
import { SECTION } from "./settings";
import { countUses } from "./uses";

/** The document a person works on; of a notebook none of whose cells has the focus, any cell. */
export function activeDocument(): vscode.TextDocument | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) {
    return editor.document;
  }
  const cells = vscode.window.activeNotebookEditor?.notebook.getCells() ?? [];
  return cells.map((cell) => cell.document).find((document) => document.languageId === "python");
}

/** The number of findings in a document, or in the whole notebook of a cell: its path is theirs. */
export function countFindings(uri: vscode.Uri): number {
  const diagnostics = vscode.languages
    .getDiagnostics()
    .filter(([other]) => other.scheme === uri.scheme && other.path === uri.path)
    .flatMap(([, ofOne]) => ofOne)
    .filter((diagnostic) => diagnostic.source === SECTION);
  return countUses(diagnostics);
}
