import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ENVIRONMENT_PROBE, type Answer } from "../../src/interpreter";
import { cleanEnvironment } from "../../src/launch";
import { lastLine, prober, understand } from "../../src/probe";
import { AROUND } from "./around";

const ANSWERS: [string, Answer | undefined][] = [
  ["", undefined],
  ["hello\n", undefined],
  ["null", undefined],
  ['"ok"', undefined],
  ["[]", undefined],
  ['{"version": "1"}', undefined],
  ['{"ok": true}', { ok: false, reason: "it gave no reason" }],
  ['{"ok": true, "version": 1, "python": "3"}', { ok: false, reason: "it gave no reason" }],
  ['{"ok": false, "reason": "old"}\n', { ok: false, reason: "old" }],
  ['{"ok": true, "version": "1", "python": "3"}', { ok: true, version: "1", python: "3" }],
  // A `sitecustomize` may print what it likes before.
  [
    'hi\r\n{"ok": true, "version": "1", "python": "3"}\r\n',
    { ok: true, version: "1", python: "3" },
  ],
];

for (const [stdout, wanted] of ANSWERS) {
  test(`understood: ${JSON.stringify(stdout)}`, () => {
    assert.deepEqual(understand(stdout), wanted);
  });
}

const LINES: [string, string | undefined][] = [
  ["", undefined],
  ["\n \n", undefined],
  ["one", "one"],
  ["Traceback:\n  in x\nImportError: no\n\n", "ImportError: no"],
  ["a\r\n b \r\n", "b"],
];

for (const [text, wanted] of LINES) {
  test(`last line: ${JSON.stringify(text)}`, () => {
    assert.equal(lastLine(text), wanted);
  });
}

const env = cleanEnvironment({ ...AROUND, env: process.env });
const never = new AbortController().signal;
const say = (answer: unknown): string => `console.log(${JSON.stringify(JSON.stringify(answer))})`;

// Programs are Node here: that runs the tests, and is there.
const PROGRAMS: [string, string, Answer | RegExp][] = [
  [
    "one that answers",
    say({ ok: true, version: "1", python: "3" }),
    { ok: true, version: "1", python: "3" },
  ],
  [
    "one that answers no, and fails",
    `${say({ ok: false, reason: "too old" })}; process.exitCode = 1`,
    { ok: false, reason: "too old" },
  ],
  ["one that fails", "console.error('a'); console.error('b'); process.exit(3)", /^b$/],
  ["one that fails silently", "process.exit(3)", /^Command failed/],
  ["one that ends itself", "process.kill(process.pid, 'SIGKILL')", /^Command failed/],
  ["one that says something else", "console.log('Python 2.7')", /^it printed nothing$/],
];

for (const [title, code, wanted] of PROGRAMS) {
  test(`asked: ${title}`, async () => {
    const answer = await prober(process.cwd(), env, never)([process.execPath, "-e", code]);
    if (wanted instanceof RegExp) {
      assert(!answer.ok);
      assert.match(answer.reason, wanted);
    } else {
      assert.deepEqual(answer, wanted);
    }
  });
}

test("asked: one that does not exist", async () => {
  const answer = await prober(process.cwd(), env, never)(["/nowhere/python"]);
  assert.deepEqual(answer, { ok: false, reason: "not found" });
});

const IMPOSSIBLE: [string, string[]][] = [
  ["one in a directory that is a file", [join(__filename, "python")]],
  ["one whose name nothing can have", ["python\0"]],
  ["one with an argument that nothing can have", [process.execPath, "\0"]],
  ["no name", []],
];

for (const [title, command] of IMPOSSIBLE) {
  test(`asked: ${title}`, async () => {
    const answer = await prober(process.cwd(), env, never)(command);
    assert(!answer.ok);
    assert.notEqual(answer.reason, "");
  });
}

const HANGING: [string, string][] = [
  ["one that hangs", ""],
  ["one that hangs and will not be ended", "process.on('SIGTERM', () => {});"],
];

for (const [title, code] of HANGING) {
  test(`asked: ${title}`, async () => {
    const hang = `${code} setInterval(() => {}, 1000)`;
    const answer = await prober(process.cwd(), env, never, 1000)([process.execPath, "-e", hang]);
    assert.deepEqual(answer, { ok: false, reason: "no answer within 1 seconds" });
  });
}

test("asked: nobody, if it is aborted before", async () => {
  const probe = prober(process.cwd(), env, AbortSignal.abort());
  await assert.rejects(probe(["/nowhere/python"]), { name: "AbortError" });
});

test("asked: one that hangs, and is aborted", async () => {
  const abort = new AbortController();
  const hang = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  const answer = prober(process.cwd(), env, abort.signal)([process.execPath, "-e", hang]);
  abort.abort();
  await assert.rejects(answer, { name: "AbortError" });
});

// In an environment of its own, so that it does not find the server of whoever runs the tests.
test("asked: a Python without the server", async (context) => {
  const python = process.env["PYTHON"] ?? "python3";
  const answer = await prober("/", env, never)([python, "-I", "-S", "-c", ENVIRONMENT_PROBE]);
  if (!answer.ok && answer.reason === "not found") {
    context.skip("there is no Python here");
    return;
  }
  assert(!answer.ok);
  assert.match(answer.reason, /^No module named|^CPython 3\.10 or newer is required/);
});
