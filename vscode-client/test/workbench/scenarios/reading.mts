/** What a person reads: in the editor, beside it and below it. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { type Scenario, PUSH, TWO } from "./scenario.mts";

const EMOJI = `import sentry_sdk


def celebrate():
    print("🎉 𝛿é"); sentry_sdk.Hub.current.add_breadcrumb(message="🎉"); print("🎉")
`;

export const READING: readonly Scenario[] = [
  {
    name: "a finding is underlined and struck through",
    files: { "squiggle.py": PUSH },
    async run(window) {
      await window.open("squiggle.py");
      await window.squiggles("squiggle.py").first().waitFor({ state: "attached" });
      const struck = window.drawn("squiggle.py", "push_scope");
      const style = await struck.evaluate((span) => getComputedStyle(span).textDecorationLine);
      assert.equal(style, "line-through");
      assert.equal(await window.squiggles("squiggle.py").count(), 1);
    },
  },
  {
    name: "the hover shows old and new",
    files: { "hover.py": PUSH },
    async run(window) {
      await window.open("hover.py");
      await window.squiggles("hover.py").first().waitFor({ state: "attached" });
      await window.goTo(5, 25);
      const [before, after] = ["with sentry_sdk.push_scope() as", "with sentry_sdk.new_scope() as"];
      // Until the other files are read, any of them may be what keeps this from being proved.
      const text = await window.hover(after);
      await window.screenshot("hover");
      assert(text.includes("push-scope-with"), text);
      // How lines are broken depends on whether they are coloured yet.
      assert(text.replaceAll(/\s+/g, " ").includes(`- ${before} scope: + ${after} scope:`), text);
    },
  },
  {
    name: "the Problems panel lists findings with their rule and place",
    files: { "problems.py": TWO },
    async run(window) {
      await window.open("problems.py");
      const rows = await window.problems();
      for (const [place, rule] of [
        ["[Ln 5, Col 10]", "SEN102"],
        ["[Ln 11, Col 5]", "SEN202"],
      ] as const) {
        await rows.filter({ hasText: place }).filter({ hasText: rule }).first().waitFor();
      }
    },
  },
  {
    name: "findings go with the editor of their file",
    files: { "closed.py": PUSH },
    async run(window) {
      await window.open("closed.py");
      const rows = (await window.problems()).filter({ hasText: "closed.py" });
      await rows.first().waitFor();
      await window.command("View: Close All Editors");
      await rows.first().waitFor({ state: "detached" });
    },
  },
  {
    name: "the language status counts findings",
    files: { "status.py": TWO, "clean.py": "import sentry_sdk\n" },
    async run(window) {
      await window.open("status.py");
      await window.squiggles("status.py").first().waitFor({ state: "attached" });
      await (await window.status()).filter({ hasText: "2 uses" }).waitFor();
      await window.screenshot("status");
      await window.open("clean.py");
      await (await window.status()).filter({ hasText: "0 uses" }).waitFor();
    },
  },
  {
    name: "columns are right after characters outside the basic plane",
    files: { "emoji.py": EMOJI },
    async run(window) {
      const line = EMOJI.split("\n")[4] ?? "";
      const column = line.indexOf("sentry_sdk") + 1; // in UTF-16, as VS Code counts
      await window.open("emoji.py");
      const squiggle = window.squiggles("emoji.py").first();
      await squiggle.waitFor({ state: "attached" });
      const from = await left(squiggle);
      const to = await leftOfText(window.editor("emoji.py"), "sentry_sdk.Hub");
      assert(Math.abs(from - to) < 2, `squiggle at ${String(from)}, code at ${String(to)}`);
      const rows = await window.problems();
      await rows.filter({ hasText: `[Ln 5, Col ${String(column)}]` }).first().waitFor();
      await window.editor("emoji.py").locator(".view-line").first().click();
      await window.goTo(5, column + 12);
      await window.actions("add_breadcrumb");
      await window.act("add_breadcrumb");
      await window.shows("emoji.py", "Hub.current", false);
      await window.saves("emoji.py", EMOJI.replace("Hub.current.", ""));
    },
  },
  {
    name: "findings stay while the code does not parse",
    files: { "broken.py": PUSH },
    async run(window) {
      await window.open("broken.py");
      const squiggles = window.squiggles("broken.py");
      await squiggles.first().waitFor({ state: "attached" });
      await window.goTo(2, 1);
      await window.type("def broken(:\n    return (\n");
      await window.goTo(7, 25);
      // Without a parse there is nothing to fix, so the menu tells that the server has the text.
      await window.offersOnly("Explain SEN102");
      await squiggles.first().waitFor({ state: "attached" });
      assert.equal(await squiggles.count(), 1);
    },
  },
];

async function left(element: Locator): Promise<number> {
  const box = await element.boundingBox();
  assert(box, "not on the screen");
  return box.x;
}

/** Where on the screen a text begins, which may be in the middle of what is drawn as one. */
function leftOfText(editor: Locator, text: string): Promise<number> {
  return editor.locator(".view-lines").evaluate((lines, wanted) => {
    for (const line of lines.querySelectorAll(".view-line")) {
      const begin = line.textContent.replaceAll("\u00a0", " ").indexOf(wanted);
      if (begin < 0) continue;
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let before = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (begin < before + length) {
          const range = document.createRange();
          range.setStart(node, begin - before);
          range.setEnd(node, begin - before + 1);
          return range.getBoundingClientRect().x;
        }
        before += length;
      }
    }
    return NaN;
  }, text);
}
