/**
 * The rows of the migration view.
 *
 * Owns the form of the server's data, and how each part of it looks.
 */

import * as vscode from "vscode";
import { SECTION } from "./settings";

/** A finding; the range counts as the client does. */
export interface Item {
  /** Of its document, which may be a cell; of a notebook that is not open, its own. */
  readonly uri: string;
  /** Which cell of a notebook it is in, from 1. */
  readonly cell: number | null;
  readonly range: { readonly start: Place; readonly end: Place };
  readonly code: string;
  readonly name: string;
  readonly message: string;
  /** What the preferred fix is called; empty if there is none. */
  readonly fix: string;
  /** Why the fix is not proved, or what to do without one. */
  readonly reason: string;
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

interface File {
  readonly uri: string;
  readonly name: string;
  readonly items: readonly Item[];
}

interface Group {
  readonly id: string;
  readonly label: string;
  /** Whether it waits for one answer. */
  readonly question: boolean;
  readonly count: number;
  readonly files: readonly File[];
}

/** A file that could not be looked at. */
interface Unread {
  readonly uri: string;
  readonly name: string;
  readonly reason: string;
}

/** In the order of the view. */
export const SECTIONS = ["proved", "toDecide", "byHand"] as const;
type Kind = (typeof SECTIONS)[number];

/** What the server finds in the workspace. */
export type Overview = Readonly<Record<Kind, readonly Group[]>> & {
  readonly files: number;
  /** What could not be looked at. An older server does not tell, nor what follows. */
  readonly unread?: readonly Unread[];
  /** All of it in a sentence. */
  readonly headline?: string;
  /** The requirement on 1.x, if there is one; `exact` if it is a version. */
  readonly requires?: { readonly specifier: string; readonly exact: boolean } | null | undefined;
};

const TITLES: Readonly<Record<Kind, string>> = {
  proved: "Proved",
  toDecide: "To decide",
  byHand: "By hand",
};

/** A row of the view. */
export type Node =
  | { readonly kind: Kind; readonly groups: readonly Group[] }
  | { readonly kind: Kind; readonly group: Group }
  | { readonly kind: Kind; readonly group: Group; readonly file: File }
  | { readonly kind: Kind; readonly item: Item }
  | { readonly unread: readonly Unread[] }
  | { readonly failed: Unread };

/** The rows below a row, or the first ones. */
export function children(found: Overview | undefined, node?: Node): Node[] {
  if (node === undefined) {
    if (found === undefined) return [];
    const shown = SECTIONS.filter((kind) => found[kind].length > 0);
    const unread = found.unread ?? [];
    return [
      ...shown.map((kind) => ({ kind, groups: found[kind] })),
      ...(unread.length > 0 ? [{ unread }] : []),
    ];
  }
  if ("unread" in node) return node.unread.map((failed) => ({ failed }));
  if ("failed" in node) return [];
  const { kind } = node;
  if ("groups" in node) return node.groups.map((group) => ({ kind, group }));
  if ("file" in node) return node.file.items.map((item) => ({ kind, item }));
  if ("group" in node) return node.group.files.map((file) => ({ kind, group: node.group, file }));
  return [];
}

/** How a row is drawn. */
export function row(node: Node): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if ("unread" in node) {
    const shown = new vscode.TreeItem("Could not be read", Expanded);
    shown.id = "unread";
    shown.description = String(node.unread.length);
    return shown;
  }
  if ("failed" in node) {
    const { uri, name, reason } = node.failed;
    const shown = new vscode.TreeItem(vscode.Uri.parse(uri), None);
    shown.id = `unread ${uri}`;
    shown.description = reason;
    shown.tooltip = `${name}: ${reason}`;
    shown.command = { command: "vscode.open", title: "Open", arguments: [shown.resourceUri] };
    return shown;
  }
  if ("groups" in node) {
    const shown = new vscode.TreeItem(TITLES[node.kind], Expanded);
    shown.id = node.kind;
    shown.description = String(sum(node.groups.map((group) => group.count)));
    shown.contextValue = `section.${node.kind}`;
    return shown;
  }
  if ("file" in node) {
    const { uri, name, items } = node.file;
    const shown = new vscode.TreeItem(vscode.Uri.parse(uri), Collapsed);
    shown.id = `${node.kind} ${node.group.id} ${uri}`;
    const folder = name.slice(0, Math.max(0, name.lastIndexOf("/")));
    shown.description = [folder, String(items.length)].filter(Boolean).join(" · ");
    shown.tooltip = name;
    shown.contextValue = `file.${node.kind}`;
    return shown;
  }
  if ("group" in node) {
    const { group } = node;
    // The number first: a side bar is seldom as wide as the words.
    const shown = new vscode.TreeItem(`${String(group.count)} · ${plain(group.label)}`, Collapsed);
    shown.id = `${node.kind} ${group.id}`;
    shown.description = group.id;
    shown.tooltip = new vscode.MarkdownString(`${group.label}\n\n${group.id}`);
    shown.contextValue = group.question ? "question" : `group.${node.kind}`;
    if (group.question) {
      const command = `${SECTION}.view.question`;
      shown.command = { command, title: "Show", arguments: [node] };
    }
    return shown;
  }
  const { item } = node;
  const line = `line ${String(item.range.start.line + 1)}`;
  const where = item.cell === null ? `L${line.slice(1)}` : `Cell ${String(item.cell)}, ${line}`;
  const shown = new vscode.TreeItem(where, None);
  shown.description = plain(item.fix || item.message);
  const told = [item.message, item.fix, item.reason].filter(Boolean);
  shown.tooltip = new vscode.MarkdownString(told.join("\n\n"));
  shown.contextValue = `item.${node.kind}`;
  shown.command = { command: `${SECTION}.view.open`, title: "Show", arguments: [node] };
  return shown;
}

/** Words without the marks around code, which only Markdown shows as such. */
export function plain(words: string): string {
  return words.replaceAll("`", "");
}

/** All together. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How many uses there are. */
export function usesIn(found: Overview | undefined): number {
  if (found === undefined) return 0;
  return sum(SECTIONS.flatMap((kind) => found[kind].map((group) => group.count)));
}
