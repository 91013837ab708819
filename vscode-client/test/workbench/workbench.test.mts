/**
 * The packaged extension in a real VS Code, driven by keys and seen on the screen.
 *
 * Owns which scenarios share a window: opening one costs more than most scenarios do. A scenario
 * that fails leaves a picture, and the next one begins with a window as new.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Host, launchBrowser, setup, type Options } from "./host.mts";
import { gone } from "./processes.mjs";
import { servers, until } from "./servers.mts";
import { pathWithoutPython, UNTRUSTED, WITHOUT_PYTHON } from "./scenarios/alone.mts";
import { FIXING } from "./scenarios/fixing.mts";
import { READING } from "./scenarios/reading.mts";
import { RUNNING } from "./scenarios/running.mts";
import type { Scenario } from "./scenarios/scenario.mts";
import { WHOLE } from "./scenarios/whole.mts";
import { Window } from "./window.mts";

const WINDOWS: readonly {
  readonly name: string;
  readonly host?: () => Options;
  readonly scenarios: readonly Scenario[];
}[] = [
  { name: "files", scenarios: [...READING, ...FIXING, ...RUNNING] },
  { name: "a workspace", scenarios: WHOLE },
  { name: "no Python", host: () => ({ path: pathWithoutPython() }), scenarios: WITHOUT_PYTHON },
  { name: "no trust", host: () => ({ trusting: false }), scenarios: UNTRUSTED },
];

describe("workbench", { timeout: 600_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    assert.deepEqual(await gone(setup.run, 10_000), [], "processes were left behind");
  });

  for (const { name, host: options, scenarios } of WINDOWS) {
    describe(name, () => {
      const slug = name.replaceAll(" ", "-");
      let host: Host;
      let window: Window;
      before(async () => {
        host = await Host.start(slug, options?.());
        const files = Object.assign({}, ...scenarios.map((scenario) => scenario.files)) as Record<string, string>;
        window = await Window.open(browser, host, slug, files);
      });
      afterEach(() => window.tidy());
      after(async () => {
        await window.close();
        await until("the end of the server", () => servers().length === 0);
        await host.stop();
      });
      for (const { name: title, run } of scenarios) {
        it(title, { timeout: 150_000 }, async () => {
          const picture = title.replaceAll(/[^a-z0-9]+/gi, "-");
          try {
            await run(window);
            await window.screenshot(picture);
          } catch (error) {
            await window.screenshot(`failed-${picture}`);
            throw error;
          }
        });
      }
    });
  }
});
