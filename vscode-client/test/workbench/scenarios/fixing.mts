/** What a person lets happen to one file. What counts is what is on the disk. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { until } from "../servers.mts";
import { type Scenario, PUSH, PUSH_FIXED, TWO, TWO_FIXED } from "./scenario.mts";

const CELLS = [
  "import sentry_sdk",
  PUSH.split("\n").slice(3).join("\n").trimEnd(),
];

const BOOK = {
  cells: CELLS.map((source, index) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${String(index)}`,
    metadata: {},
    outputs: [],
    source: source.split(/(?<=\n)/),
  })),
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};

/** The cells of a notebook; undefined while only a part of it is written. */
function sources(text: string): string[] | undefined {
  try {
    return (JSON.parse(text) as typeof BOOK).cells.map((one) => one.source.join(""));
  } catch {
    return undefined;
  }
}

export const FIXING: readonly Scenario[] = [
  {
    name: "a quick fix is applied",
    files: { "quick.py": PUSH },
    async run(window) {
      await window.open("quick.py");
      await window.squiggles("quick.py").first().waitFor({ state: "attached" });
      await window.goTo(5, 25);
      await window.actions("Replace with `new_scope()`");
      await window.press("Enter"); // the preferred one has the focus
      await window.shows("quick.py", "new_scope");
      await window.squiggles("quick.py").first().waitFor({ state: "detached" });
      await window.saves("quick.py", PUSH_FIXED);
    },
  },
  {
    name: "an unsafe alternative is marked",
    files: { "unsafe.py": PUSH },
    async run(window) {
      await window.open("unsafe.py");
      await window.squiggles("unsafe.py").first().waitFor({ state: "attached" });
      await window.goTo(5, 25);
      const titles = await window.actions("new_scope");
      await window.screenshot("alternatives");
      assert.deepEqual(titles, [
        "Replace with `new_scope()` (assumes foreign-values)",
        "Replace with `isolation_scope()` (unsafe)",
        "Fix all SEN102 problems in the workspace",
        "Explain SEN102 (push-scope-with)",
        "Ignore SEN102 on this line",
        "Ignore SEN102 in this file",
      ]);
      await window.act("isolation_scope");
      await window.shows("unsafe.py", "isolation_scope");
      await window.saves("unsafe.py", PUSH.replace("push_scope", "isolation_scope"));
    },
  },
  {
    name: "saving fixes once it is switched on",
    files: { "onsave.py": TWO },
    async run(window) {
      await window.open("onsave.py");
      await window.squiggles("onsave.py").first().waitFor({ state: "attached" });
      await window.command("Sentry Migrate: Turn On Fix on Save");
      const dialog = window.page.locator(".monaco-dialog-box");
      await dialog.waitFor();
      await window.screenshot("fix-on-save");
      await dialog.locator(".monaco-button", { hasText: "Turn On" }).click();
      const written = () => window.read(".vscode/settings.json");
      await until("settings", () => written().includes("notebook.codeActionsOnSave"));
      await window.goTo(1, 1);
      await window.type("# charged\n");
      await window.saves("onsave.py", `# charged\n${TWO_FIXED}`);
    },
  },
  {
    name: "the lens over a file migrates it",
    files: { "lens.py": TWO },
    async run(window) {
      window.configure({ "sentry-migrate.codeLens": true });
      await window.open("lens.py");
      const lens = window.editor("lens.py").locator(".codelens-decoration a");
      await lens.filter({ hasText: "2 Sentry 1.x uses · migrate file" }).waitFor();
      await window.screenshot("lens");
      await lens.click();
      await window.shows("lens.py", "push_scope", false);
      await window.saves("lens.py", TWO_FIXED);
    },
  },
  {
    name: "a finding in a notebook is fixed in its cell",
    files: { "book.ipynb": JSON.stringify(BOOK, undefined, 1) },
    async run(window) {
      await window.open("book.ipynb");
      const cell = window.cell("push_scope");
      await cell.locator(".squiggly-warning").first().waitFor({ state: "attached" });
      await window.screenshot("notebook");
      const line = cell.locator(".view-line", { hasText: "push_scope" });
      await line.click({ position: { x: 150, y: 8 } }); // between `sentry_sdk` and its end
      await window.actions("Replace with `new_scope()`");
      await window.press("Enter");
      await window.cell("new_scope").waitFor();
      await window.cell("new_scope").locator(".squiggly-warning").waitFor({ state: "detached" });
      await window.press("Control+s");
      const fixed = CELLS.map((source) => source.replace("push_scope", "new_scope"));
      await until("the notebook is on the disk", () =>
        isDeepStrictEqual(sources(window.read("book.ipynb")), fixed),
      );
    },
  },
];
