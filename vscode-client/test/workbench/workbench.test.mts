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
import { STATES, VIEW, WALK, WELCOME, WHOLE } from "./scenarios/whole.mts";
import { Window } from "./window.mts";

const HOSTS: readonly {
  readonly name: string;
  readonly options?: () => Options;
  readonly windows: Readonly<Record<string, readonly Scenario[]>>;
}[] = [
  {
    name: "a usual VS Code",
    windows: {
      files: [...READING, ...FIXING, ...RUNNING],
      workspace: WHOLE,
      migration: VIEW,
      states: STATES,
      walk: WALK,
      welcome: WELCOME,
    },
  },
  {
    name: "a VS Code without Python",
    options: () => ({ path: pathWithoutPython() }),
    windows: { lonely: WITHOUT_PYTHON },
  },
  {
    name: "a VS Code that trusts nobody",
    options: () => ({ trusting: false }),
    windows: { untrusted: UNTRUSTED },
  },
];

describe("workbench", { timeout: 900_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    assert.deepEqual(await gone(setup.run, 10_000), [], "processes were left behind");
  });

  for (const { name, options, windows } of HOSTS) {
    describe(name, () => {
      let host: Host;
      before(async () => {
        host = await Host.start(Object.keys(windows).join("-"), options?.());
      });
      after(() => host.stop());
      for (const [folder, scenarios] of Object.entries(windows)) {
        describe(folder, () => {
          let window: Window;
          before(async () => {
            const files = scenarios.map((scenario) => Object.entries(scenario.files)).flat();
            window = await Window.open(browser, host, folder, Object.fromEntries(files));
          });
          afterEach(() => window.tidy());
          after(async () => {
            await window.close();
            await until("the end of the server", () => servers().length === 0);
          });
          for (const scenario of scenarios) {
            it(scenario.name, { timeout: 150_000 }, () => photographed(window, scenario));
          }
        });
      }
    });
  }
});

/** Runs a scenario, and keeps a picture of its end, good or bad. */
async function photographed(window: Window, { name, run }: Scenario): Promise<void> {
  const picture = name.replaceAll(/[^a-z0-9]+/gi, "-");
  try {
    await run(window);
    await window.screenshot(picture);
  } catch (error) {
    await window.screenshot(`failed-${picture}`);
    throw error;
  }
}
