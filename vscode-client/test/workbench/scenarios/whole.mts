/** What concerns the whole workspace: files that no editor shows. */
import assert from "node:assert/strict";
import { until } from "../servers.mts";
import type { Window } from "../window.mts";
import { type Scenario, PUSH, PUSH_FIXED, TWO, TWO_FIXED } from "./scenario.mts";

/** The scope is passed on, so nobody knows what is done to it: the fix is unsafe. */
const PASSED = `import sentry_sdk


def identify(user, describe):
    with sentry_sdk.configure_scope() as scope:
        describe(scope, user)
`;
const PASSED_FIXED = `import sentry_sdk


def identify(user, describe):
    scope = sentry_sdk.get_isolation_scope()
    describe(scope, user)
`;

const OTHER = "import os\n";

/** A notebook, spelled as no program would. */
const BOOK = `{"cells": [
  {"cell_type":"markdown", "metadata":{}, "source":"# Hub.current"},
  {"cell_type":"code", "metadata":{"x": 1.50}, "execution_count":7, "outputs":[],
   "source":["%time\\n", "import sentry_sdk\\n",
     "sentry_sdk.Hub.current.add_breadcrumb(message='\\u00fc')"]}],
 "metadata":{"language_info":{"name":"python"}},   "nbformat":4, "nbformat_minor":5}`;
const BOOK_FIXED = BOOK.replace("sdk.Hub.current.", "sdk.");

export const WHOLE: readonly Scenario[] = [
  {
    name: "the report leads to the code in light and dark",
    files: { "shop/orders.py": PUSH, "shop/users.py": TWO, "shop/other.py": OTHER },
    async run(window) {
      const link = window.webview().locator('a[href*="openLocation"][href*="users.py"]').last();
      for (const [theme, kind] of [
        ["Default Light Modern", "vs"],
        ["Default Dark Modern", "vs-dark"],
      ] as const) {
        window.configure({ "workbench.colorTheme": theme });
        await window.page.locator(`.monaco-workbench.${kind}`).first().waitFor();
        await window.command("Sentry Migrate: Show Migration Report");
        await link.waitFor();
        await window.screenshot(`report-${kind}`);
      }
      await link.click();
      await window.tab("users.py").waitFor();
      const place = window.page.locator('[id="status.editor.selection"]');
      await place.filter({ hasText: "Ln 11, Col 5" }).waitFor();
    },
  },
  {
    name: "safe fixes of the workspace are made at once",
    files: { "views/unsafe.py": PASSED },
    async run(window) {
      await migrate(window, "Safe fixes");
      await window.savesAll({ "shop/orders.py": PUSH_FIXED, "shop/users.py": TWO_FIXED });
      assert.equal(window.read("shop/other.py"), OTHER);
      assert.equal(window.read("views/unsafe.py"), PASSED);
    },
  },
  {
    name: "unsafe fixes of the workspace are made if they are confirmed",
    files: {},
    async run(window) {
      await migrate(window, "Safe and unsafe fixes", "unsafe.py");
      await window.savesAll({ "views/unsafe.py": PASSED_FIXED });
      assert.equal(window.read("shop/other.py"), OTHER);
    },
  },
];

export const VIEW: readonly Scenario[] = [
  {
    name: "the view leads to all that is proved",
    files: {
      "view/a.py": TWO,
      "view/b.py": PUSH,
      "view/c.py": PASSED,
      "view/book.ipynb": BOOK,
    },
    async run(window) {
      await window.command("Sentry Migrate: Look for sentry-sdk 1.x Uses");
      await window.command("View: Show Sentry Migrate");
      const row = (text: string | RegExp) =>
        window.page.locator(".pane-body .monaco-list-row", { hasText: text });
      await row(/^Proved\s*4/).waitFor();
      await row(/^To decide\s*1/).waitFor();
      await window.screenshot("view");
      // A whole fix, before and after.
      const diff = window.page.locator(".monaco-diff-editor");
      const open = async (...texts: readonly string[]) => {
        for (const text of texts) {
          if ((await row(text).count()) === 0) await window.press("ArrowRight");
          await row(text).first().click();
        }
        await diff.getByText("add_breadcrumb").first().waitFor();
      };
      await open("add_breadcrumb", "a.py", "Line 11");
      await window.screenshot("view-diff");
      assert.equal(window.read("view/a.py"), TWO);
      await window.command("Sentry Migrate: Apply All Proved Fixes");
      await window.messages("4 of 4 fixed in 3 files; 1 left.").waitFor();
      await diff.first().waitFor({ state: "detached" });
      const before = { "view/a.py": TWO, "view/b.py": PUSH, "view/book.ipynb": BOOK };
      const after = {
        "view/a.py": TWO_FIXED,
        "view/b.py": PUSH_FIXED,
        "view/book.ipynb": BOOK_FIXED,
      };
      await window.savesAll(after);
      await window.command("Sentry Migrate: Undo the Last Migration of the Workspace");
      await window.messages("Undone in 3 files.").waitFor();
      await window.savesAll(before);
      await row(/^Proved\s*4/).waitFor();
      // To look at a cell opens no notebook.
      await open("add_breadcrumb", "book.ipynb", "Cell 2, line 3");
      await window.screenshot("view-cell");
      assert.equal(window.read("view/book.ipynb"), BOOK);
      await window.command("Sentry Migrate: Apply All Proved Fixes");
      await window.messages("4 of 4 fixed in 3 files; 1 left.").waitFor();
      await window.savesAll(after);
      await row(/^Proved/).waitFor({ state: "detached" });
      // What is left is a question, with a page of its own.
      await window.command("View: Close All Editors");
      await row(/^1 · Does/).click();
      const page = window.webview();
      await page.getByText("How to find out").waitFor();
      await window.screenshot("view-question");
      await page.getByText("c.py").first().waitFor();
      await window.screenshot("view-done");
    },
  },
];

/** Nobody but a person knows what becomes of a hub that is kept. */
const KEPT = "import sentry_sdk\n\nHUB = sentry_sdk.Hub.current\n";

export const STATES: readonly Scenario[] = [
  {
    name: "the view says what is to be done and why it was not",
    files: {
      "notes.md": "No Python is open.\n",
      "states/a.py": PUSH,
      "states/broken.py": "import sentry_sdk\n\ndef charge(:\n",
      "states/c.py": PASSED,
      "states/hand.py": KEPT,
    },
    async run(window) {
      const row = (text: string | RegExp) =>
        window.page.locator(".pane-body .monaco-list-row", { hasText: text });
      await window.command("Sentry Migrate: Look for sentry-sdk 1.x Uses");
      await row(/^Proved\s*1/).waitFor();
      await row(/^To decide\s*1/).waitFor();
      await row(/^By hand\s*1/).waitFor();
      await row(/^broken\.py.*not valid Python/).waitFor();
      await window.screenshot("states-all");

      // An answer needs a file that takes it.
      const question = row(/^1 · Does/);
      const yes = question.getByRole("button", { name: "Answer with Yes" });
      await question.hover();
      await yes.click();
      await window.messages("no pyproject.toml can be read here; add `passed-scope`").waitFor();
      await window.screenshot("states-no-pyproject");
      await window.command("Notifications: Clear All Notifications");
      window.write("pyproject.toml", "[project]\nname = 'states'\n");
      await question.hover();
      await yes.click();
      await row(/^Proved\s*2/).waitFor();
      assert.match(window.read("pyproject.toml"), /assume = \["passed-scope"\]/);

      // What one row does is saved, as the file may be in no tab.
      await row(/push_scope/).click();
      await row(/^a.py/).click();
      await row(/^Line 5/).hover();
      await row(/^Line 5/).getByRole("button", { name: "Apply" }).click();
      await window.messages("Applied 1 of 1 fix.").waitFor();
      await row(/^Proved\s*1/).waitFor();
      await window.screenshot("states-applied");
      await until("the fix is on the disk", () => window.read("states/a.py") === PUSH_FIXED);
      assert.equal(await window.page.locator(".tab.dirty").count(), 0);

      await window.command("Sentry Migrate: Apply All Proved Fixes");
      await window.messages("1 of 1 fixed in 1 file; 1 left. 1 file could not be read.").waitFor();
      await until("they are on the disk", () => window.read("states/c.py") === PASSED_FIXED);
      await window.screenshot("states-unread");

      // Settings that nobody can read: nothing is known of what they exclude.
      await window.command("Notifications: Clear All Notifications");
      window.write("pyproject.toml", "[tool.sentry-migrate]\nassume = [\n");
      await window.messages("pyproject.toml: not valid TOML").waitFor();
      await window.screenshot("states-broken-settings");
    },
  },
];

const MANY = Object.fromEntries(
  Array.from({ length: 300 }, (_, at) => [`many/m${String(at).padStart(3, "0")}.py`, PUSH]),
);

export const WALK: readonly Scenario[] = [
  {
    name: "three hundred files are migrated in three clicks",
    files: { "notes.md": "No Python is open.\n", ...MANY },
    async run(window) {
      await window.command("View: Show Sentry Migrate");
      const look = window.page.getByText("Look for Uses", { exact: true });
      await look.waitFor();
      await window.screenshot("walk-begin");
      await look.click();
      const row = window.page.locator(".pane-body .monaco-list-row", { hasText: /^Proved/ });
      await row.filter({ hasText: "300" }).waitFor();
      await row.click();
      await row.hover();
      await row.getByRole("button", { name: "Apply All Proved Fixes" }).click();
      const done = window.messages("300 of 300 fixed in 300 files; 0 left.");
      const moving = window.page.getByText(/\d+ of 300 files █/);
      let written = 0;
      let moved = false;
      for (let over = false; !over; ) {
        over = await done.isVisible();
        moved ||= await moving.first().isVisible();
        const texts = window.texts();
        const now = texts.filter((text) => text === PUSH_FIXED).length;
        // VS Code empties a file before it writes it.
        const old = texts.filter((text) => text === PUSH).length;
        const half = texts.filter((text) => text !== PUSH_FIXED && PUSH_FIXED.startsWith(text)).length;
        assert.equal(old + now + half, 300, "neither before nor after");
        assert.ok(now >= written, "a file went back");
        if (written === 0 && now > 0) await window.screenshot("walk-under-way");
        written = now;
      }
      assert.equal(written, 300);
      assert.ok(moved, "the view shows how far it is");
      await window.page.getByText("No uses of the sentry-sdk 1.x API are left.").waitFor();
      await row.waitFor({ state: "detached" });
      assert.equal(await window.page.locator(".tab.dirty").count(), 0);
      await window.screenshot("walk-done");
    },
  },
];

export const WELCOME: readonly Scenario[] = [
  {
    name: "a project that requires 1.x is welcomed once",
    files: {
      "notes.md": "No Python is open.\n",
      "requirements.txt": "flask\nsentry-sdk==1.45.1\n",
      "welcome/a.py": TWO,
      "welcome/b.py": PUSH,
      ".vscode/settings.json": JSON.stringify({ "sentry-migrate.welcome": true }),
    },
    async run(window) {
      const message = "sentry-sdk 1.45.1 is pinned here: 4 uses of 1.x in 3 files.";
      await window.messages(message).waitFor();
      for (const name of ["Not Now", "Never Here"]) await window.button(message, name).waitFor();
      await window.screenshot("welcome");
      await window.button(message, "Open Migration").click();
      const proved = window.page.locator(".pane-body .monaco-list-row", { hasText: /^Proved\s*3/ });
      await proved.waitFor();
      assert.equal(await window.messages("").count(), 0);

      await window.reload();
      await window.open("welcome/a.py");
      await window.squiggles("welcome/a.py").first().waitFor({ state: "attached" });
      // Both would ask the same of the server, and this asks later.
      await window.command("Sentry Migrate: Look for sentry-sdk 1.x Uses");
      await window.command("View: Show Sentry Migrate");
      await proved.waitFor();
      assert.equal(await window.messages("").count(), 0);
    },
  },
];

/** Asks for a migration; of what needs one, sees that it waits for an answer, and gives it. */
async function migrate(window: Window, choice: string, expected?: string): Promise<void> {
  const before = window.texts();
  await window.command("Sentry Migrate: Migrate Workspace");
  const rows = window.page.locator(".quick-input-list .monaco-list-row");
  const wanted = rows.filter({ has: window.page.getByText(choice, { exact: true }) });
  await wanted.waitFor();
  await window.screenshot("migrate-choice");
  await wanted.click();
  if (expected !== undefined) {
    const preview = window.preview();
    await preview.panel.getByText(expected).first().waitFor();
    await window.screenshot(`migrate-${choice}`.replaceAll(" ", "-"));
    assert.deepEqual(window.texts(), before, "written before it was confirmed");
    await preview.confirm();
  }
  await window.messages("fixed in").waitFor();
}
