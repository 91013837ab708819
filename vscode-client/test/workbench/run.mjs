/**
 * `npm run test:workbench`: the packaged extension in a real VS Code.
 *
 * Owns one run from beginning to end: tools, a new folder for everything it writes, the tests in
 * the Node they need, and that no process is left, however the run ends. Arguments go to the test
 * runner: `npm run test:workbench -- --test-name-pattern=hover`. With THEME="Default Dark Modern",
 * the pictures it takes are those of that theme: look at them in both after changing what is shown.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gone, marked } from "./processes.mjs";
import { Missing, prepare } from "./tools.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const CLIENT = resolve(HERE, "../..");
const PROJECT = resolve(CLIENT, "..");
const CACHE = join(PROJECT, ".cache", "workbench");

/** Everything that is in the package or made into it. */
const SOURCES = ["src", "media", "package.json", "README.md", ".vscodeignore"];

async function main() {
  const vsix = packaged();
  const tools = prepare(CACHE);
  clear();
  const run = mkdtempSync(join(CACHE, "run-"));
  const shots = join(PROJECT, "artefacts", "workbench");
  mkdirSync(shots, { recursive: true });

  // In one process, which is then the only one to end.
  const options = ["--test", "--test-isolation=none", "--test-reporter=spec"];
  const tests = spawn(
    tools.node,
    [...options, ...process.argv.slice(2), join(HERE, "workbench.test.mts")],
    {
      stdio: "inherit",
      env: {
        ...process.env,
        WORKBENCH: JSON.stringify({ ...tools, run, vsix, shots, project: PROJECT }),
      },
    },
  );
  let interrupted = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      interrupted = true;
      tests.kill(signal);
    });
  }
  const code = await new Promise((done) => tests.once("close", (status) => done(status ?? 1)));
  const left = await gone(run, interrupted ? 0 : 10_000);
  if (interrupted) return 1;
  for (const { pid, argv } of left) console.error(`left behind: ${pid} ${argv.join(" ")}`);
  return left.length > 0 ? 1 : code;
}

/** The package that VSIX names, else the one that was made here and is not out of date. */
function packaged() {
  if (process.env.VSIX) return resolve(process.env.VSIX);
  const [vsix, ...others] = readdirSync(CLIENT).filter((name) => name.endsWith(".vsix"));
  if (vsix === undefined) throw new Missing("No .vsix to test: `npm run package` makes one.");
  if (others.length > 0) throw new Missing(`Which one? ${[vsix, ...others].join(", ")}`);
  const made = statSync(join(CLIENT, vsix)).mtimeMs;
  const newer = SOURCES.flatMap(files).find((path) => statSync(path).mtimeMs > made);
  if (newer) throw new Missing(`${newer} is newer than ${vsix}: run \`npm run package\`.`);
  return join(CLIENT, vsix);
}

/** @param {string} name */
function files(name) {
  const path = join(CLIENT, name);
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return status ? [path] : [];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => join(path, file));
}

/** Removes what earlier runs left for looking at; those still under way keep theirs. */
function clear() {
  for (const name of readdirSync(CACHE).filter((entry) => entry.startsWith("run-"))) {
    const run = join(CACHE, name);
    if (marked(run).length === 0) rmSync(run, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
