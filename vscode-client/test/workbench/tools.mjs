/**
 * What the workbench tests run on: a real VS Code (code-server), the Node it needs, a browser.
 *
 * Owns their versions, where they are cached, and how they get there from a bare machine: by npm
 * alone, except the browser, which is the system's. Refuses to know the extension and the tests.
 */
import { execFileSync } from "node:child_process";
import {
  accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";

/** VS Code 1.139.1, and the Node it demands; the machine's own may be older. */
const NODE = `node-${process.platform}-${process.arch}`;
const VERSIONS = { "code-server": "4.139.1", [NODE]: "24.21.0" };

/** VS Code in code-server, and what writes its log files. */
const VSCODE = join("code-server", "lib", "vscode");
const LOGGER = join("node_modules", "@vscode", "spdlog");

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Says what is missing in words for a person; has no stack worth printing. */
export class Missing extends Error {}

/**
 * Paths of the tools, installed first if need be.
 * @param {string} cache directory that outlives runs
 */
export function prepare(cache) {
  if (process.platform !== "linux") {
    throw new Missing("The workbench tests find processes in /proc, so they need Linux.");
  }
  const versions = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  const home = join(cache, versions.join("+"));
  if (!existsSync(home)) install(cache, home);
  const modules = join(home, "node_modules");
  return {
    node: join(modules, NODE, "bin", "node"),
    codeServer: join(modules, "code-server", "out", "node", "entry.js"),
    browser: browser(),
    logs: existsSync(join(modules, VSCODE, LOGGER, "build", "Release", "spdlog.node")),
  };
}

/**
 * Appears under its name only when complete: a run that was interrupted leaves nothing to trust.
 * @param {string} cache
 * @param {string} home
 */
function install(cache, home) {
  const began = Date.now();
  const half = join(cache, `installing-${process.pid}`);
  mkdirSync(half, { recursive: true });
  try {
    const manifest = { private: true, dependencies: VERSIONS };
    writeFileSync(join(half, "package.json"), JSON.stringify(manifest));
    npm(half, "install", "--ignore-scripts");
    // VS Code's own packages. Not `npm ci`: what code-server publishes as their lock is out of
    // step. Without install scripts: everything but the logger comes compiled.
    const vscode = join(half, "node_modules", VSCODE);
    npm(vscode, "install", "--omit=dev", "--ignore-scripts");
    compileLogger(vscode, join(half, "node_modules", NODE));
    renameSync(half, home);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  console.log(`installed VS Code in ${Math.round((Date.now() - began) / 1000)} s`);
}

/**
 * Without it the workbench works, but its output panel stays empty.
 * @param {string} vscode
 * @param {string} node
 */
function compileLogger(vscode, node) {
  try {
    npm(vscode, "rebuild", "@vscode/spdlog", `--nodedir=${node}`);
  } catch (error) {
    console.log(`VS Code will write no logs, for want of a C++ compiler. ${error.message}`);
  }
}

/**
 * @param {string} directory
 * @param {...string} args
 */
function npm(directory, ...args) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const stdio = /** @type {["ignore", "pipe", "pipe"]} */ (["ignore", "pipe", "pipe"]);
  try {
    execFileSync("npm", [...args, ...quiet], { cwd: directory, stdio });
  } catch (error) {
    throw new Missing(`npm ${args.join(" ")} failed:\n${error.stderr}`);
  }
}

function browser() {
  const places = [process.env.CHROMIUM ?? ""];
  for (const directory of [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"]) {
    places.push(...BROWSERS.map((name) => join(directory, name)));
  }
  const found = places.find((place) => place && executable(place));
  if (found) return found;
  throw new Missing(
    `No Chromium: looked for ${BROWSERS.join(", ")} on PATH. On Debian and Ubuntu: ` +
      "`apt-get install chromium`; anywhere else, name one in the variable CHROMIUM.",
  );
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
