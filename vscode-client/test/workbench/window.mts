/**
 * One window of VS Code, as a person at the keyboard has it.
 *
 * Owns where things are on the screen and how to reach them by keys. Refuses to know what is
 * tested. Every step waits for what it is for; nothing waits for time to pass.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { setup, type Host } from "./host.mts";
import { until } from "./servers.mts";

/** How long a thing may take that is certain to come, on a machine with other things to do. */
const LIMIT = 60_000;
/** How long before keys are pressed again. */
export const ATTEMPT = 5_000;

export class Window {
  readonly host: Host;
  readonly folder: string;
  readonly page: Page;

  private constructor(host: Host, folder: string, page: Page) {
    this.host = host;
    this.folder = folder;
    this.page = page;
  }

  /** A window on a new folder with these files, the first of which is open. */
  static async open(
    browser: Browser,
    host: Host,
    name: string,
    files: Readonly<Record<string, string>>,
  ): Promise<Window> {
    const folder = join(setup.run, "folders", name);
    // The end of a repository: the one around it ignores this folder, and so would the server.
    mkdirSync(join(folder, ".git"), { recursive: true });
    // A context is a new browser to the page: nothing of another window is remembered.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    const window = new Window(host, folder, page);
    for (const [file, text] of Object.entries(files)) window.write(file, text);
    const [first] = Object.keys(files);
    await window.load(first);
    return window;
  }

  /** Loads the page. A file is opened by its address, sooner than keys are listened to. */
  private async load(file: string | undefined): Promise<void> {
    const { host } = new URL(this.host.url);
    const address = new URL(this.host.url);
    address.searchParams.set("folder", this.folder);
    if (file !== undefined) {
      const uri = `vscode-remote://${host}${join(this.folder, file)}`;
      address.searchParams.set("payload", JSON.stringify([["openFile", uri]]));
    }
    await this.page.goto(address.href);
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    // It takes the focus when it is there, and would take it from whatever was opened meanwhile.
    if (file !== undefined) await this.editor(file).and(this.page.locator(".focused")).waitFor();
  }

  /** The same window once more, as if the person came back the next day. */
  reload(): Promise<void> {
    return this.load(undefined);
  }

  /** As it was in the beginning, as far as a person can see. */
  async tidy(): Promise<void> {
    this.configure({});
    await this.press("Escape", "Escape");
    const unsaved = this.page.locator(".tab.active.dirty");
    if ((await unsaved.count()) > 0) await this.command("File: Revert File");
    await this.command("View: Close All Editors");
    const buttons = this.page.locator(".monaco-dialog-box .monaco-button");
    const discard = buttons.filter({ hasText: "Don't Save" });
    await insist(async () => {
      if (await discard.isVisible()) await discard.click();
      await this.page.locator(".tab").first().waitFor({ state: "detached", timeout: 500 });
    });
    if (await this.page.locator(".part.panel").isVisible()) await this.press("Control+j");
    if ((await this.messages("").count()) > 0) {
      await this.command("Notifications: Clear All Notifications");
    }
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  // Files

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** The texts of all Python files. */
  texts(): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".py"))
      .sort()
      .map((file) => this.read(file));
  }

  /** Settings of the workspace, which VS Code reads when the file changes. */
  configure(settings: object): void {
    this.write(".vscode/settings.json", JSON.stringify(settings));
  }

  // Keys

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  /** Chooses a row of the quick input: a command after `>`, a place after `:`, else a file. */
  async choose(text: string, row: string | RegExp): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await insist(async () => {
      await this.press("Escape", "F1");
      await input.waitFor({ timeout: ATTEMPT });
      // At once and to the input: keys go to whatever has the focus by then.
      await input.evaluate((element: HTMLInputElement, value) => {
        element.value = value;
        element.dispatchEvent(new Event("input", { bubbles: true }));
      }, text);
      const chosen = this.page.locator(".quick-input-list .monaco-list-row.focused");
      await chosen.filter({ hasText: row }).waitFor({ timeout: ATTEMPT });
    });
    await this.press("Enter");
  }

  command(title: string): Promise<void> {
    return this.choose(`>${title}`, title);
  }

  // Editors

  async open(file: string): Promise<void> {
    if ((await this.tab(file).and(this.page.locator(".active")).count()) === 0) {
      await this.choose(file, basename(file));
    }
    await this.tab(file).and(this.page.locator(".active")).waitFor();
    if (!file.endsWith(".ipynb")) await this.editor(file).locator(".view-line").first().waitFor();
  }

  tab(file: string): Locator {
    return this.page.locator(`.tab[data-resource-name="${basename(file)}"]`);
  }

  editor(file: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`).first();
  }

  squiggles(file: string): Locator {
    return this.editor(file).locator(".squiggly-warning");
  }

  /** The code cell of the open notebook that has a text. */
  cell(text: string): Locator {
    return this.page
      .locator('.notebookOverlay:visible .monaco-editor[data-uri^="vscode-notebook-cell"]')
      .filter({ hasText: text });
  }

  /** The part of a line with this text, as it is drawn. */
  drawn(file: string, text: string): Locator {
    return this.editor(file).locator(".view-line span span", { hasText: text }).last();
  }

  /** Puts the cursor at a place, counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    const place = this.page.locator('[id="status.editor.selection"]');
    await this.choose(`:${String(line)}:${String(column)}`, String(line));
    // The column that is shown there counts what is wide twice, so it is no help.
    await place.filter({ hasText: `Ln ${String(line)}, ` }).waitFor();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Waits until an editor shows a text, or no longer. */
  async shows(file: string, text: string, shown = true): Promise<void> {
    const lines = this.editor(file).locator(".view-line", { hasText: text });
    await lines.first().waitFor({ state: shown ? "visible" : "detached" });
  }

  /** Saves the active editor, and waits for what should then be on the disk. */
  saves(file: string, expected: string): Promise<void> {
    return this.saved({ [file]: expected }, () => this.press("Control+s"));
  }

  /** The same for all editors. */
  savesAll(expected: Readonly<Record<string, string>>): Promise<void> {
    return this.saved(expected, () => this.command("File: Save All Files"));
  }

  private async saved(
    expected: Readonly<Record<string, string>>,
    save: () => Promise<void>,
  ): Promise<void> {
    const files = Object.keys(expected);
    const done = () => files.every((file) => this.read(file) === expected[file]);
    await insist(async () => {
      await save();
      await until("it is on the disk", done, ATTEMPT);
    }).catch(() => undefined); // what is there instead says more
    for (const file of files) assert.equal(this.read(file), expected[file]);
  }

  // What is offered at the cursor

  /** Opens the menu of code actions, and returns the titles in it. */
  async actions(expected: string): Promise<string[]> {
    const menu = this.page.locator(".action-widget");
    const rows = menu.locator(".monaco-list-row.action");
    await insist(async () => {
      // Only if there is a menu: in a notebook, Escape leaves the cell.
      if (await menu.isVisible()) await this.press("Escape");
      await this.press("Control+.");
      await rows.filter({ hasText: expected }).first().waitFor({ timeout: ATTEMPT });
    });
    return rows.allInnerTexts();
  }

  /** Waits until the menu of code actions has one entry, and that one. */
  async offersOnly(title: string): Promise<void> {
    await insist(async () => {
      const titles = await this.actions(title);
      if (titles.length > 1) throw new Error(`also offered: ${titles.join(", ")}`);
    });
    await this.press("Escape");
  }

  /** Chooses from the open menu of code actions. By keys: VS Code refuses early clicks. */
  async act(title: string): Promise<void> {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    const focused = rows.and(this.page.locator(".focused")).filter({ hasText: title });
    for (let left = await rows.count(); left > 0 && (await focused.count()) === 0; left--) {
      await this.press("ArrowDown");
    }
    await focused.waitFor({ timeout: ATTEMPT });
    await this.press("Enter");
  }

  /** The text of the hover at the cursor, as soon as it has the expected part. */
  async hover(expected: string): Promise<string> {
    const hover = this.page.locator(".monaco-hover .monaco-hover-content:visible");
    const complete = hover.filter({ hasText: expected }).first();
    await insist(async () => {
      await this.press("Escape", "Control+k", "Control+i");
      await complete.waitFor({ timeout: ATTEMPT });
    });
    return complete.innerText();
  }

  // Around the editor

  /** The rows of the Problems panel. */
  async problems(): Promise<Locator> {
    await this.command("Problems: Focus on Problems View");
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  /** Messages that are on the screen. */
  messages(text: string | RegExp): Locator {
    const all = this.page.locator(".notifications-toasts .notification-list-item");
    return all.filter({ hasText: text });
  }

  /** A button of a message. */
  button(message: string, name: string): Locator {
    return this.messages(message).locator(".monaco-button", { hasText: name });
  }

  /** The entry of the extension in the language status, `{}` in the status bar. */
  async status(): Promise<Locator> {
    const entry = this.page.locator(".hover-language-status", { hasText: "Sentry" });
    await insist(async () => {
      await this.press("Escape");
      await this.page.locator('[id="status.languageStatus"]').first().click({ timeout: ATTEMPT });
      await entry.waitFor({ timeout: ATTEMPT });
    });
    return entry;
  }

  /** The panel in which a person chooses among edits before they are made. */
  preview(): Preview {
    return new Preview(this.page.locator(".bulk-edit-panel"));
  }

  /** The page inside of the visible web view. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  screenshot(name: string): Promise<Buffer> {
    const theme = process.env["THEME"] ? "-dark" : "";
    return this.page.screenshot({ path: join(setup.shots, `${name}${theme}.png`) });
  }
}

/** Refactor Preview. */
export class Preview {
  readonly panel: Locator;

  constructor(panel: Locator) {
    this.panel = panel;
  }

  /** Ticks everything, which what needs confirmation is not at first, and applies it. */
  async confirm(): Promise<void> {
    // The box of a file ticks those of its edits, and draws them anew.
    const files = this.panel.locator('.monaco-list-row[aria-level="1"] .edit-checkbox');
    await insist(async () => {
      for (const box of await files.all()) await box.check({ timeout: ATTEMPT });
      const open = this.panel.locator('.edit-checkbox:not([aria-checked="true"])');
      await open.first().waitFor({ state: "detached", timeout: ATTEMPT });
    });
    await this.button("Apply").click();
    await this.panel.waitFor({ state: "hidden" });
  }

  button(name: string): Locator {
    return this.panel.locator(".monaco-button", { hasText: name });
  }
}

/** Does it again until it works: keys pressed while VS Code is busy are lost. */
export async function insist<Result>(step: () => Promise<Result>): Promise<Result> {
  for (const end = Date.now() + LIMIT; ; ) {
    try {
      return await step();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
