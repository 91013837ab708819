/**
 * Makes the pictures again: the icon from its SVG, and those of the walkthrough from a real
 * workbench with the packaged extension.
 *
 *     node scripts/pictures.mjs PACKAGE.vsix
 *
 * Owns what is in the pictures. Uses the VS Code, the browser and the window of the workbench
 * tests; look at what comes out before committing it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gone, mark } from "../test/workbench/processes.mjs";
import { prepare } from "../test/workbench/tools.mjs";

const HERE = fileURLToPath(import.meta.url);
const CLIENT = dirname(dirname(HERE));
const PROJECT = dirname(CLIENT);
const MEDIA = join(CLIENT, "media");

/** Legible in a walkthrough, which shows pictures at half their size or so. */
const SIZE = { width: 860, height: 540 };
const LARGEST = 100_000; // bytes: everyone who installs the extension downloads them

/** Nothing but what the picture is about. */
const SETTINGS = {
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "window.commandCenter": false,
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
};

const SHOP = readFileSync(join(PROJECT, "tests", "examples", "shop.py"), "utf8");
const FILES = {
  "shop.py": SHOP,
  "requirements.txt": "django>=4.2\nsentry-sdk>=1.40,<2\n",
  "worker.py": `"""Jobs that run at night."""

from sentry_sdk import Hub, push_scope


def nightly(job):
    with push_scope() as scope:
        scope.set_tag("job", job.name)
        job.run()


def done(job):
    Hub.current.capture_message(f"{job.name} is done")
`,
  "auth.py": `import sentry_sdk


def login(user):
    with sentry_sdk.configure_scope() as scope:
        scope.user = {"id": user.id}
    return sentry_sdk.last_event_id()
`,
};

/** The launcher, which runs on the machine's Node: the window below needs a newer one. */
async function launch(vsix) {
  const tools = prepare(join(PROJECT, ".cache", "workbench"));
  const run = mkdtempSync(join(tmpdir(), "pictures-"));
  const setup = { ...tools, run, vsix: resolve(vsix), shots: run, project: PROJECT };
  const env = { ...process.env, ...mark(run), WORKBENCH: JSON.stringify(setup) };
  const photographer = spawn(tools.node, [HERE], { stdio: "inherit", env });
  const code = await new Promise((done) => photographer.once("close", (status) => done(status)));
  await gone(run, 5000);
  rmSync(run, { recursive: true, force: true });
  return code ?? 1;
}

async function icon(browser) {
  const svg = readFileSync(join(MEDIA, "icon.svg"), "utf8");
  const page = await browser.newPage({
    viewport: { width: 128, height: 128 },
    deviceScaleFactor: 2,
  });
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  await page.locator("svg").screenshot({ path: join(MEDIA, "icon.png"), omitBackground: true });
  await page.close();
}

async function find(window) {
  await window.squiggles("shop.py").first().waitFor({ state: "attached" });
  await window.command("View: Close Primary Side Bar");
  await window.goTo(8, 12);
  await window.hover("isolation scope");
}

async function fix(window) {
  await window.press("Escape");
  await window.goTo(8, 12);
  await window.actions("Explain");
}

async function report(window) {
  await window.press("Escape");
  await window.command("Sentry Migrate: Show Migration Report");
  await window.page.setViewportSize({ ...SIZE, height: SIZE.height * 1.3 }); // two tables
  await window.webview().getByText("configure-scope-with").first().waitFor();
}

async function save(window) {
  await window.page.setViewportSize(SIZE);
  await window.open("shop.py");
  await window.command("Sentry Migrate: Turn On Fix on Save");
  await window.page.locator(".monaco-dialog-box").getByText("Turn On").last().waitFor();
}

async function workspace(window) {
  await window.press("Escape");
  await window.command("View: Close All Editors");
  await window.open("worker.py");
  await window.command("Sentry Migrate: Look for sentry-sdk 1.x Uses");
  const rows = window.page.locator(".pane-body .monaco-list-row");
  await rows.filter({ hasText: /^Proved/ }).waitFor();
  await rows.filter({ hasText: "push_scope" }).first().click();
  await rows.filter({ hasText: ".py" }).first().waitFor();
}

/** In an order that leaves nothing of one in another. */
const STEPS = { find, fix, report, save, workspace };

/** All pictures. */
async function take() {
  const { Host, launchBrowser } = await import("../test/workbench/host.mts");
  const { Window } = await import("../test/workbench/window.mts");
  const browser = await launchBrowser();
  const host = await Host.start("pictures", { theme: "Default Dark Modern" });
  host.configure(SETTINGS);
  let page;
  try {
    await icon(browser);
    const window = await Window.open(browser, host, "shop", FILES);
    page = window.page;
    await page.setViewportSize(SIZE);
    mkdirSync(join(MEDIA, "walkthrough"), { recursive: true });
    for (const [name, step] of Object.entries(STEPS)) {
      await step(window);
      await page.mouse.move(SIZE.width - 1, SIZE.height / 2); // no hover of its own making
      const path = join(MEDIA, "walkthrough", `${name}.png`);
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
      const { size } = statSync(path);
      console.log(`${name}.png ${size} bytes`);
      if (size > LARGEST) throw new Error(`${name}.png is larger than ${LARGEST} bytes`);
    }
  } catch (error) {
    const path = join(PROJECT, "artefacts", "picture.png");
    await page?.screenshot({ path });
    console.error(`what the window showed: ${path}`);
    console.error(host.log());
    throw error;
  } finally {
    await browser.close();
    await host.stop();
  }
}

if (process.env.WORKBENCH) {
  await take();
} else if (process.argv.length === 3) {
  process.exitCode = await launch(process.argv[2]);
} else {
  console.error("usage: node scripts/pictures.mjs PACKAGE.vsix");
  process.exitCode = 2;
}
