/** What concerns the whole workspace: files that no editor shows. */
import assert from "node:assert/strict";
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
    files: { "view/a.py": TWO, "view/b.py": PUSH, "view/c.py": PASSED },
    async run(window) {
      await window.command("Sentry Migrate: Look for sentry-sdk 1.x Uses");
      await window.command("View: Show Sentry Migrate");
      const row = (text: string | RegExp) =>
        window.page.locator(".pane-body .monaco-list-row", { hasText: text });
      await row(/^Proved\s*3/).waitFor();
      await row(/^To decide\s*1/).waitFor();
      await window.screenshot("view");
      // A whole fix, before and after.
      await row(/SEN206|SEN207|SEN2/).first().click();
      await window.press("ArrowRight");
      await row("a.py").first().click();
      await window.press("ArrowRight");
      await row("Line 11").first().click();
      await window.page.locator(".diff-editor, .monaco-diff-editor").first().waitFor();
      await window.screenshot("view-diff");
      assert.equal(window.read("view/a.py"), TWO);
      await window.command("Sentry Migrate: Apply All Proved Fixes");
      await window.messages("3 of 3 fixed in 2 files; 1 left.").waitFor();
      await window.page.locator(".monaco-diff-editor").first().waitFor({ state: "detached" });
      await window.savesAll({ "view/a.py": TWO_FIXED, "view/b.py": PUSH_FIXED });
      await window.command("Sentry Migrate: Undo the Last Migration of the Workspace");
      await window.messages("Undone in 2 files.").waitFor();
      await window.savesAll({ "view/a.py": TWO, "view/b.py": PUSH });
      await row(/^Proved\s*3/).waitFor();
      await window.command("Sentry Migrate: Apply All Proved Fixes");
      await window.savesAll({ "view/a.py": TWO_FIXED, "view/b.py": PUSH_FIXED });
      await row(/^Proved/).waitFor({ state: "detached" });
      await window.screenshot("view-done");
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
