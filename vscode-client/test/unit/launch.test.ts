import assert from "node:assert/strict";
import { test } from "node:test";
import { NOT_FOUND, SETTING, type Choice, type Refusal } from "../../src/interpreter";
import {
  cleanEnvironment,
  noInterpreter,
  ofInterpreter,
  ofPath,
  same,
  type Launch,
} from "../../src/launch";
import type { Surroundings } from "../../src/variables";
import { AROUND, NO_FOLDER, UNTRUSTED, WINDOWS } from "./around";

const LAUNCH: Launch = {
  command: ["python3", "run.py", "server"],
  cwd: "/ext",
  origin: "PATH",
  versions: "server 1",
};

const RESTARTS: [string, Partial<Launch>, boolean][] = [
  ["nothing changed", {}, false],
  ["another way to the same command", { origin: SETTING, note: "x", versions: "server 2" }, false],
  ["another interpreter", { command: ["/v/python", "run.py", "server"] }, true],
  ["another argument", { command: ["python3", "run.py", "server", "-v"] }, true],
  ["one argument less", { command: ["python3", "run.py"] }, true],
  ["another directory", { cwd: "/else" }, true],
];

for (const [title, change, restarts] of RESTARTS) {
  test(`restart decision: ${title}`, () => {
    assert.equal(!same(LAUNCH, { ...LAUNCH, ...change }), restarts);
  });
}

const CHOICE: Choice = {
  command: ["/v/python", "-m", "sentry_migrate", "server"],
  interpreter: ["/v/python"],
  origin: "PATH",
  bundled: false,
  version: "0.1.0",
  python: "3.12.1",
  refused: [{ origin: "PATH", reason: "python: not found" }],
};

test("an interpreter's command line, away from the workspace", () => {
  const launch = ofInterpreter(CHOICE, "debug", "/ext");
  assert.deepEqual(launch.command, [...CHOICE.command, "--log-level", "debug"]);
  assert.equal(launch.cwd, "/ext");
  assert.equal(launch.versions, "server 0.1.0, Python 3.12.1");
  assert.equal(launch.note, undefined);
});

const GONE: Refusal = { origin: SETTING, reason: "/gone: not found" };
const NOTES: [string, Partial<Choice>, string | undefined][] = [
  [
    "the setting's was passed over",
    { refused: [GONE, ...CHOICE.refused] },
    "the setting sentry-migrate.interpreter is not used: /gone: not found. " +
      "The server runs with /v/python.",
  ],
  ["only others were passed over", {}, undefined],
  ["nothing was passed over", { refused: [] }, undefined],
  [
    "the setting's runs the bundled server instead",
    { origin: SETTING, refused: [GONE] },
    undefined,
  ],
];

for (const [title, change, wanted] of NOTES) {
  test(`note on the interpreter: ${title}`, () => {
    assert.equal(ofInterpreter({ ...CHOICE, ...change }, "info", "/ext").note, wanted);
  });
}

const COMMAND = ["uv", "run", "sentry-migrate", "server"];
const PATHS: [string, string[], typeof AROUND, string | RegExp][] = [
  ["as written, in the first folder", COMMAND, AROUND, "/code/shop"],
  ["without a folder", COMMAND, NO_FOLDER, "/ext"],
  ["not in a folder that is not trusted", COMMAND, UNTRUSTED, "/ext"],
  [
    "relative",
    ["bin/server", "-v"],
    AROUND,
    /^the setting sentry-migrate\.path cannot be used: bin\/server -v: .* is a relative path/,
  ],
  [
    "with a variable that is not set",
    ["${env:GONE}"],
    AROUND,
    /path cannot be used: \$\{env:GONE\}: /,
  ],
  ["of a workspace that is not trusted", ["/code/shop/x"], UNTRUSTED, /untrusted workspace/],
];

for (const [title, path, around, wanted] of PATHS) {
  test(`path: ${title}`, () => {
    const launch = ofPath(path, around, "/ext");
    if (typeof wanted === "string") {
      assert("command" in launch);
      assert.deepEqual(launch.command, path);
      assert.equal(launch.cwd, wanted);
      assert.equal(launch.setting, "path");
    } else {
      assert("failure" in launch);
      assert.match(launch.failure, wanted);
      assert.equal(launch.setting, "path");
    }
  });
}

const MISSING: Refusal = { origin: "PATH", reason: `python3: ${NOT_FOUND}` };
const OLD: Refusal = { origin: "PATH", reason: "python: this is 3.8" };
const FAILURES: [string, Refusal[], RegExp, "interpreter"?][] = [
  ["no candidate", [], /: no Python on PATH$/],
  ["only missing ones", [MISSING], /: no Python on PATH$/],
  ["what is missing is no news", [MISSING, OLD], /: python: this is 3\.8$/],
  [
    "the setting first, with all that is wrong with it",
    [GONE, OLD],
    /: the setting sentry-migrate\.interpreter is not used: \/gone: not found; python: this is 3\.8$/,
    "interpreter",
  ],
  ["the setting alone", [GONE, MISSING], /\/gone: not found; no Python on PATH$/, "interpreter"],
];

for (const [title, refused, wanted, setting] of FAILURES) {
  test(`failure: ${title}`, () => {
    const failed = noInterpreter(refused);
    assert.match(failed.failure, wanted);
    assert.equal(failed.setting, setting);
  });
}

test("the environment is the person's, without what is meant for another Python", () => {
  const env = {
    PATH: "/bin",
    HOME: "/home/ada",
    PYTHONPATH: "/other",
    PYTHONHOME: "/other",
    PYTHONSTARTUP: "/other.py",
    PYTHONINSPECT: "1",
    PythonWarnings: "error",
    PYTHONDONTWRITEBYTECODE: "1",
    UNSET: undefined,
  };
  assert.deepEqual(cleanEnvironment({ ...AROUND, env }), {
    PATH: "/bin",
    HOME: "/home/ada",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUTF8: "1",
  });
});

const ELSEWHERE = { ...UNTRUSTED, platform: "win32", folders: WINDOWS.folders } as const;
const LINKED = {
  ...UNTRUSTED,
  followLinks: (path: string) => path.replace("/home/ada/bin", "/code/tools/bin"),
};
const SEARCHED: [string, Surroundings, string, string][] = [
  ["trusted", AROUND, "/code/shop/.venv/bin::bin:/bin", "/code/shop/.venv/bin::bin:/bin"],
  [
    "nothing of the workspace",
    UNTRUSTED,
    "/usr/bin:/code/shopping:/bin",
    "/usr/bin:/code/shopping:/bin",
  ],
  ["the workspace's", UNTRUSTED, "/code/shop/.venv/bin:/usr/bin:/code/tools", "/usr/bin"],
  ["by a way around", UNTRUSTED, "/usr/../code/shop/bin:/usr/bin", "/usr/bin"],
  ["by a link", LINKED, "/home/ada/bin:/usr/bin", "/usr/bin"],
  ["relative", UNTRUSTED, ".:bin:./bin:../bin:/usr/bin", "/usr/bin"],
  ["empty, which is a directory too", UNTRUSTED, ":/usr/bin::/bin:", "/usr/bin:/bin"],
  ["nothing is left", UNTRUSTED, "/code/shop/bin", ""],
  ["Windows", ELSEWHERE, "c:\\Code\\shop\\venv\\Scripts;C:\\Windows;.;;bin", "C:\\Windows"],
];

for (const [title, around, PATH, wanted] of SEARCHED) {
  for (const name of around.platform === "win32" ? ["Path", "PATH"] : ["PATH"]) {
    test(`${name}: ${title}`, () => {
      const env = { [name]: PATH, OTHER: PATH };
      assert.deepEqual(cleanEnvironment({ ...around, env }), {
        [name]: wanted,
        OTHER: PATH,
        PYTHONUTF8: "1",
      });
    });
  }
}
