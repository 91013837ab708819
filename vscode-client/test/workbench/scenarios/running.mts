/** The server's process: what it survives, and what it need not be started again for. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setup } from "../host.mts";
import { kill } from "../processes.mjs";
import { onlyServer, until } from "../servers.mts";
import { type Scenario, PUSH, TWO } from "./scenario.mts";

const RECORDED = join(setup.project, "tests", "lsp", "recorded", "vscode.json");
const RELAY = join(import.meta.dirname, "..", "relay.py");

interface Initialize {
  readonly method: string;
  readonly params: { readonly clientInfo: unknown; readonly capabilities: unknown };
}

export const RUNNING: readonly Scenario[] = [
  {
    name: "settings take effect in the running server",
    files: { "live.py": TWO },
    async run(window) {
      await window.open("live.py");
      const squiggles = window.squiggles("live.py");
      await squiggles.nth(1).waitFor({ state: "attached" });
      const before = await onlyServer();
      window.configure({ "sentry-migrate.rules": { SEN102: "off", SEN202: "error" } });
      await squiggles.first().waitFor({ state: "detached" });
      await window.editor("live.py").locator(".squiggly-error").waitFor({ state: "attached" });
      window.configure({ "sentry-migrate.enable": false });
      await window.editor("live.py").locator(".squiggly-error").waitFor({ state: "detached" });
      window.configure({});
      await squiggles.nth(1).waitFor({ state: "attached" });
      assert.equal(await onlyServer(), before);
    },
  },
  {
    name: "a server that was killed comes back, and findings with it",
    files: { "killed.py": PUSH },
    async run(window) {
      await window.open("killed.py");
      const squiggles = window.squiggles("killed.py");
      await squiggles.first().waitFor({ state: "attached" });
      const before = await onlyServer();
      kill(before);
      await onlyServer(before);
      await answers(window, "killed.py");
      assert.equal(await window.messages("").count(), 0, "nobody needs to be told");
    },
  },
  {
    name: "the command starts another server",
    files: { "restart.py": PUSH },
    async run(window) {
      await window.open("restart.py");
      await window.squiggles("restart.py").first().waitFor({ state: "attached" });
      const before = await onlyServer();
      await window.command("Sentry Migrate: Restart Server");
      await onlyServer(before);
      await answers(window, "restart.py");
    },
  },
  {
    name: "a setting that names no program is told, and can be opened",
    files: { "wrong.py": PUSH },
    async run(window) {
      await window.open("wrong.py");
      await window.squiggles("wrong.py").first().waitFor({ state: "attached" });
      const before = await onlyServer();
      window.configure({ "sentry-migrate.interpreter": ["/gone/python"] });
      const unused = "sentry-migrate.interpreter is not used: /gone/python: not found.";
      await window.button(unused, "Show Log").waitFor();
      assert.equal(await onlyServer(), before, "the same server goes on");
      await window.screenshot("wrong-interpreter");
      await window.button(unused, "Open Setting").click();
      await window.page.locator(".settings-editor").getByText("Interpreter").first().waitFor();
      await window.screenshot("wrong-interpreter-setting");

      window.configure({ "sentry-migrate.path": ["/gone/server", "--now"] });
      const dead = "sentry-migrate.path does not start: /gone/server --now: /gone/server was not";
      await window.button(dead, "Open Setting").waitFor();
      await window.screenshot("wrong-path");
      window.configure({});
      await onlyServer(before);
    },
  },
  {
    name: "VS Code says what was recorded of it",
    files: { "recorded.py": PUSH },
    async run(window) {
      await window.open("recorded.py");
      const before = await onlyServer();
      const log = join(setup.run, "client.jsonl");
      window.host.configure({
        "sentry-migrate.interpreter": ["python3", RELAY, log, "python3"],
      });
      await onlyServer(before);
      await answers(window, "recorded.py");
      const [line = ""] = readFileSync(log, "utf8").split("\n");
      const { method, params } = JSON.parse(line) as Initialize;
      assert.equal(method, "initialize");
      const { clientInfo, capabilities } = params;
      assert.deepEqual({ clientInfo, capabilities }, JSON.parse(readFileSync(RECORDED, "utf8")));

      const relayed = await onlyServer();
      window.host.configure({});
      await onlyServer(relayed);
      assert(existsSync(log));
    },
  },
];

/** A finding that was not there before proves that it is the new server that answers. */
async function answers(window: Parameters<Scenario["run"]>[0], file: string): Promise<void> {
  await window.goTo(8, 1);
  await window.type("\nsentry_sdk.Hub.current.flush()\n");
  await window.squiggles(file).nth(1).waitFor({ state: "attached" });
  await until("a log", () => !setup.logs || window.host.log().includes("starting"));
}
