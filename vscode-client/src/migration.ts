/**
 * The migration view: what is proved, what is to be decided and what is left by hand.
 *
 * Owns keeping it current, and which of the server's commands a click runs. What is found, and what
 * a fix does, is the server's business.
 */

import * as vscode from "vscode";
import { children, plain, row, sum, usesIn, type Node, type Overview, type Place } from "./rows";
import { Comparisons } from "./comparisons";
import { bar, count } from "./count";
import { isClosed, opened, place, range, save, saving, type Preview } from "./items";
import * as words from "./outcome";
import { LINKS, Page, say } from "./report";
import { SECTION } from "./settings";

/** Runs a command of the server; undefined if it fails, which is said. */
type Execute = <Result>(command: string, ...args: unknown[]) => Promise<Result | undefined>;

/** The command that a question's page and row have. */
const ANSWER = `${SECTION}.view.answer`;

/** How long nothing must have changed before the view is brought up to date, in milliseconds. */
const BURST = 1_500;
const WORKING = /^(Migrating|Undoing)\b/; // begins what the view says meanwhile

/** The view, with all that a click in it does. */
export class MigrationView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly comparisons = new Comparisons();
  private readonly question = new Page("question", [ANSWER]);
  private readonly own: readonly { dispose(): unknown }[];
  private found: Overview | undefined;
  /** How many uses there were in the beginning. */
  private total = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly execute: Execute) {
    this.view = vscode.window.createTreeView(`${SECTION}.migration`, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.own = [
      this.view,
      this.changed,
      this.comparisons,
      this.question,
      vscode.languages.onDidChangeDiagnostics(this.later),
      this.view.onDidChangeVisibility(this.later),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of this.own) one.dispose();
  }

  getChildren(node?: Node): Node[] {
    return children(this.found, node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return row(node);
  }

  /** Looks for uses anew; whether that came to an end. */
  async refresh(): Promise<boolean> {
    const found = await this.execute<Overview | { cancelled: true }>("overview");
    if (found === undefined || "cancelled" in found) return false;
    this.found = found;
    const left = usesIn(this.found);
    this.total = Math.max(this.total, left);
    this.view.badge = { value: left, tooltip: `${count(left, "use")} of sentry-sdk 1.x` };
    this.view.message =
      left === 0
        ? plain(found.headline ?? "No finding is left.")
        : `${String(this.total - left)} of ${String(this.total)} done ${bar(left, this.total)}`;
    this.changed.fire(undefined);
    const proved = sum(found.proved.map((group) => group.count));
    await vscode.commands.executeCommand("setContext", `${SECTION}.proved`, proved > 0);
    await vscode.commands.executeCommand("setContext", `${SECTION}.found`, true);
    return true;
  }

  /** Shows how far the server is with what it changes. */
  progressed(message: string, percentage: number): void {
    const what = WORKING.exec(this.view.message ?? "")?.[0];
    if (what === undefined) return;
    this.view.message = `${what}: ${message} ${bar(100 - percentage, 100)}`;
  }

  /** Shows the view, filled. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${SECTION}.migration.focus`);
    await this.refresh();
  }

  /** The commands of the view, by name. */
  commands(): Record<string, (node: never) => Promise<unknown>> {
    return {
      [`${SECTION}.view.refresh`]: () => this.reveal(),
      [`${SECTION}.view.open`]: (node: Node) => this.open(node),
      [`${SECTION}.view.apply`]: (node: Node) => this.apply(node),
      [`${SECTION}.view.applyProved`]: () => this.migrate({}),
      [`${SECTION}.view.applyFolder`]: (node: Node | vscode.Uri) => this.applyFolder(node),
      [`${SECTION}.view.skip`]: (node: Node) =>
        saving(() => this.each(node, "ignore", words.toldSkipped)),
      [`${SECTION}.view.undo`]: () => this.undo(),
      [`${SECTION}.view.question`]: (node: Node) => this.ask(node),
      [ANSWER]: (node: Node | string) => this.answer(node),
      [`${SECTION}.view.explain`]: (node: Node) => this.explain(node),
    };
  }

  /** Before and after, where there is a fix; else the place. */
  private async open(node: Node): Promise<void> {
    if (!("item" in node)) return;
    const { item } = node;
    const selection = range(item);
    if (item.fix === "") {
      const { uri } = await opened(item);
      await vscode.commands.executeCommand("vscode.open", uri, { selection });
      return;
    }
    // To look at a fix opens no notebook: an open one goes by its cells, and is saved as a whole.
    const closed = isClosed(item);
    const uri = closed ? vscode.Uri.parse(item.uri) : (await opened(item)).uri;
    const cell = closed ? [item.cell] : [];
    const shown = await this.execute<Preview>("previewFix", ...place(item, uri), ...cell);
    const after = shown?.after[uri.toString()];
    if (shown === undefined || after === undefined) return;
    const texts = { before: shown.before?.[uri.toString()], after };
    await this.comparisons.show(uri, texts, plain(shown.title), selection.start);
  }

  /** All fixes of a row, one after the other: each is looked for in the text of its time. */
  private async apply(node: Node): Promise<void> {
    if ("group" in node && node.kind === "proved") {
      const within = "file" in node ? { within: node.file.uri } : {};
      await this.migrate({ rules: [node.group.id], ...within });
      return;
    }
    await saving(() => this.each(node, "applyFix", words.toldApplied));
  }

  /** All that is proved in the folder of a row's file, or in one of the explorer. */
  private async applyFolder(node: Node | vscode.Uri): Promise<void> {
    const folder =
      node instanceof vscode.Uri
        ? node
        : "file" in node && vscode.Uri.joinPath(vscode.Uri.parse(node.file.uri), "..");
    if (folder) await this.migrate({ within: folder.toString() });
  }

  /** Does something to each finding of a row. */
  private async each(node: Node, command: string, told: words.Some): Promise<void> {
    const items = "item" in node ? [node.item] : "file" in node ? node.file.items : [];
    const places: [string, string, Place][] = [];
    for (const item of items) places.push(place(item, (await opened(item)).uri));
    const answer = await this.execute<{ made: number }>(command, places);
    if (answer !== undefined) say(told(answer.made, items.length));
    await this.comparisons.close();
    await this.refresh();
  }

  /** Has fixes made in all files, open or not, and says what became of them. */
  async migrate(options: words.Options): Promise<void> {
    const run = () => this.execute<words.Outcome>("fixWorkspace", options);
    const outcome = await this.working("Migrating", run);
    await this.comparisons.close();
    const known = await this.refresh();
    if (!known) this.view.message = "";
    if (outcome === undefined) return;
    const { fixed, cancelled = false } = outcome;
    const choices = [
      ...(cancelled ? ["Continue"] : []),
      ...(fixed > 0 ? ["Undo"] : []),
      ...(outcome.found === undefined ? [] : ["Report"]),
    ];
    const text = words.told(
      outcome,
      options.unsafe ?? false,
      known ? usesIn(this.found) : undefined,
    );
    const answer = await vscode.window.showInformationMessage(text, ...choices);
    if (answer === "Continue") await this.migrate(options);
    if (answer === "Undo") await this.undo();
    if (answer === "Report") await vscode.commands.executeCommand(`${SECTION}.showReport`);
  }

  /** While files change, what was counted before is not true, nor yet what it will be. */
  private working<Result>(what: string, work: () => Promise<Result>): Thenable<Result> {
    clearTimeout(this.timer);
    this.view.message = `${what}…`;
    const location = { viewId: `${SECTION}.migration` };
    return vscode.window.withProgress({ location }, () => saving(work));
  }

  /** Takes the last migration back. */
  private async undo(): Promise<void> {
    const undone = await this.working("Undoing", () => this.execute<words.Undone>("undo"));
    if (!(await this.refresh())) this.view.message = "";
    if (undone !== undefined) say(words.toldUndone(undone));
  }

  /** Shows a question: how to find out, and what waits for its answer. */
  private async ask(node: Node): Promise<void> {
    if (!("group" in node)) return;
    const { id } = node.group;
    const answer = `command:${ANSWER}?${encodeURIComponent(JSON.stringify([id]))}`;
    const page = await this.execute<{ html?: string }>("question", id, { links: LINKS, answer });
    if (page?.html !== undefined) this.question.show(id, page.html);
  }

  /** Says yes to a question, by its row or name, in every project with fixes that wait for it. */
  private async answer(node: Node | string): Promise<void> {
    const asked = typeof node === "string" ? node : "group" in node ? node.group.id : "";
    const files = this.found?.toDecide.find(({ id }) => id === asked)?.files ?? [];
    if (files.length === 0) {
      say("No fix is waiting for this answer.");
      return;
    }
    const uris = files.map(({ uri }) => uri);
    const done = await this.execute<words.Answered>("assume", uris, asked);
    if (done?.applied !== true) return;
    for (const uri of done.uris) await save(uri);
    this.question.dispose();
    await this.refresh();
  }

  private async explain(node: Node): Promise<void> {
    const code = "item" in node ? node.item.code : "group" in node ? node.group.id : "";
    if (code !== "") await this.execute("explain", code);
  }

  /** Once it was looked at, the view follows what changes. */
  private readonly later = (): void => {
    if (this.found === undefined || !this.view.visible) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), BURST);
  };
}
