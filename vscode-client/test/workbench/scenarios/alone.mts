/** What the extension does where something it needs is missing, or must not be used. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setup } from "../host.mts";
import { onlyServer, servers, until } from "../servers.mts";
import { ATTEMPT, insist } from "../window.mts";
import { type Scenario, PUSH } from "./scenario.mts";

/** A PATH with what starting VS Code needs, and no Python. */
export function pathWithoutPython(): string {
  const directory = join(setup.run, "no-python");
  mkdirSync(directory);
  for (const program of ["sh", "env", "uname", "ls", "cat"]) {
    symlinkSync(which(program), join(directory, program));
  }
  return directory;
}

function which(program: string): string {
  return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

export const WITHOUT_PYTHON: readonly Scenario[] = [
  {
    name: "without a Python there is one message that says so",
    files: { "nothing.py": PUSH },
    async run(window) {
      await window.open("nothing.py");
      const message = window.messages("no Python on PATH");
      await message.waitFor();
      await window.screenshot("without-python");
      assert.equal(await window.messages("").count(), 1);
      assert.deepEqual(servers(), []);
      const log = window.page.locator(".part.panel .monaco-editor");
      await insist(async () => {
        if (!(await message.isVisible())) {
          await window.command("Sentry Migrate: Restart Server"); // which says it anew
          await message.waitFor({ timeout: ATTEMPT });
        }
        await message.locator(".monaco-button", { hasText: "Show Log" }).click();
        await log.waitFor({ timeout: ATTEMPT });
      });
      if (setup.logs) {
        await log.locator(".view-line", { hasText: "no Python on PATH" }).first().waitFor();
      }
      await (await window.status()).filter({ hasText: "failed" }).waitFor();
      assert.equal(await window.messages("").count(), 0, "once is enough");
    },
  },
];

const RAN = "ran-by-the-extension";

/** An interpreter that the workspace brings along; it tells by a file that it was run. */
function interpreter(): string {
  return `#!/bin/sh\necho ran >> "$(dirname "$0")/${RAN}"\nexec ${which("python3")} "$@"\n`;
}

export const UNTRUSTED: readonly Scenario[] = [
  {
    name: "what an untrusted workspace names is not run",
    files: {
      "untrusted.py": PUSH,
      "bin/python": interpreter(),
      ".vscode/settings.json": JSON.stringify({
        "sentry-migrate.interpreter": ["${workspaceFolder}/bin/python"],
      }),
    },
    async run(window) {
      const ran = join(window.folder, "bin", RAN);
      chmodSync(join(window.folder, "bin", "python"), 0o755);
      await window.open("untrusted.py");
      await window.squiggles("untrusted.py").first().waitFor({ state: "attached" });
      await (await window.status()).filter({ hasText: "limited" }).waitFor();
      await window.screenshot("untrusted");
      assert(!existsSync(ran));

      // Now it is trusted: then it is run, so the first half has shown something.
      const before = await onlyServer();
      await window.command("Workspaces: Manage Workspace Trust");
      const buttons = window.page.locator(".workspace-trust-editor .monaco-button");
      await buttons.filter({ hasText: /^Trust$/ }).first().click();
      await until("the workspace's interpreter", () => existsSync(ran));
      await onlyServer(before);
      // Choosing a file closes what the button was in, although that file is open under it.
      await window.choose("untrusted.py", "untrusted.py");
      await (await window.status()).filter({ hasText: /1 use(?! \(limited)/ }).waitFor();
    },
  },
];
