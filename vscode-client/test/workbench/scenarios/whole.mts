/** What concerns the whole workspace: files that no editor shows. */
import assert from "node:assert/strict";
import { until } from "../servers.mts";
import { type Scenario, PUSH, PUSH_FIXED, TWO, TWO_FIXED } from "./scenario.mts";

const REPORTED = `${PUSH}    sentry_sdk.Hub.current.scope\n`;

export const WHOLE: readonly Scenario[] = [
  {
    name: "the report leads to the code in light and dark",
    files: { "app/views.py": TWO, "app/models.py": PUSH, "app/clean.py": "import sentry_sdk\n" },
    async run(window) {
      for (const theme of ["Default Light Modern", "Default Dark Modern"]) {
        window.configure({ "workbench.colorTheme": theme });
        const kind = theme.includes("Dark") ? "vs-dark" : "vs";
        await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
        await window.command("Sentry Migrate: Show Report of What Is Left");
        const page = window.webview();
        await page.getByText("push-scope-with").first().waitFor();
        await window.screenshot(`report-${kind === "vs" ? "light" : "dark"}`);
      }
      await window.webview().getByRole("link", { name: /views\.py/ }).first().click();
      await window.tab("views.py").waitFor();
    },
  },
  {
    name: "the workspace is migrated after a preview",
    files: { "shop/orders.py": PUSH, "shop/users.py": TWO, "shop/other.py": "import os\n" },
    async run(window) {
      await window.command("Sentry Migrate: Migrate Workspace");
      await window.page.locator(".quick-input-list", { hasText: "Safe and unsafe fixes" }).waitFor();
      await window.screenshot("migrate-choice");
      await window.press("Enter");
      const preview = window.preview();
      await preview.panel.waitFor();
      await preview.panel.getByText("orders.py").waitFor();
      await window.screenshot("migrate-preview");
      assert.equal(window.read("shop/orders.py"), PUSH);
      await preview.confirm();
      await window.messages("migrated").waitFor();
      await window.command("File: Save All Files");
      await until("saved", () => window.read("shop/orders.py") === PUSH_FIXED);
      await until("saved", () => window.read("shop/users.py") === TWO_FIXED);
      assert.equal(window.read("shop/other.py"), "import os\n");
    },
  },
];
void REPORTED;
