import assert from "node:assert/strict";
import { test } from "node:test";
import type { Overview } from "../../src/rows";
import { Welcome, type Editor } from "../../src/welcome";

type Found = Awaited<ReturnType<Editor["find"]>>;

const PINNED = { specifier: "1.45.1", exact: true };
const RANGE = { specifier: ">=1.40,<2", exact: false };

function found(requires: Overview["requires"], counts: readonly number[], files: number): Overview {
  const groups = counts.map((count) => ({ id: "", label: "", question: false, count, files: [] }));
  const [proved = [], toDecide = [], byHand = []] = groups.map((group) => [group]);
  return { proved, toDecide, byHand, files, requires };
}

/** What was asked of an editor, one word for each. */
class FakeEditor implements Editor {
  setting = true;
  result: Found | Error = found(PINNED, [30, 10, 2], 9);
  answer: string | undefined;
  remembered = false;
  searches = 0;
  readonly messages: string[] = [];
  readonly logged: string[] = [];
  opened = 0;

  readonly shown = {
    get: () => this.remembered,
    set: (shown: boolean) => {
      this.remembered = shown;
      return Promise.resolve();
    },
  };

  wanted(): boolean {
    return this.setting;
  }

  find(): Promise<Found> {
    this.searches += 1;
    return this.result instanceof Error
      ? Promise.reject(this.result)
      : Promise.resolve(this.result);
  }

  ask(message: string, ...choices: string[]): Promise<string | undefined> {
    assert(this.remembered, "a window that is closed now has shown it");
    assert.deepEqual(choices, ["Open Migration", "Not Now", "Never Here"]);
    this.messages.push(message);
    return Promise.resolve(this.answer);
  }

  open(): Promise<void> {
    this.opened += 1;
    return Promise.resolve();
  }

  log(message: string): void {
    this.logged.push(message);
  }
}

const SAID: [string, Found, string][] = [
  ["a pin", found(PINNED, [30, 10, 2], 9), "1.45.1 is pinned here: 42 uses of 1.x in 9 files."],
  ["a range", found(RANGE, [0, 0, 2], 2), ">=1.40,<2 is required here: 2 uses of 1.x in 2 files."],
  ["one use", found(PINNED, [1], 1), "1.45.1 is pinned here: 1 use of 1.x in 1 file."],
];

for (const [title, result, message] of SAID) {
  test(`welcome: ${title}`, async () => {
    const editor = new FakeEditor();
    editor.result = result;
    await new Welcome(editor).ready();
    assert.deepEqual(editor.messages, [`sentry-sdk ${message}`]);
    assert.deepEqual(editor.logged, []);
  });
}

const QUIET: [string, Partial<FakeEditor>, { searches: number; logged?: number }][] = [
  ["the setting is off", { setting: false }, { searches: 0 }],
  ["it was shown in another session", { remembered: true }, { searches: 0 }],
  ["2.x is required", { result: found(null, [30], 9) }, { searches: 1 }],
  ["an older server", { result: found(undefined, [30], 9) }, { searches: 1 }],
  ["nothing is found", { result: found(PINNED, [], 0) }, { searches: 1 }],
  ["the person cancelled the search", { result: { cancelled: true } }, { searches: 1 }],
  ["there is no server after all", { result: undefined }, { searches: 1 }],
  ["the search failed", { result: new Error("cannot analyse") }, { searches: 1, logged: 1 }],
];

for (const [title, change, { searches, logged = 0 }] of QUIET) {
  test(`no welcome: ${title}`, async () => {
    const editor = Object.assign(new FakeEditor(), change);
    const { remembered } = editor;
    await new Welcome(editor).ready();
    assert.deepEqual(editor.messages, []);
    assert.equal(editor.searches, searches);
    assert.equal(editor.logged.length, logged);
    assert.equal(editor.remembered, remembered, "it may be shown later");
  });
}

const ANSWERS: [string | undefined, { opened: number; again: boolean }][] = [
  ["Open Migration", { opened: 1, again: false }],
  ["Not Now", { opened: 0, again: true }],
  ["Never Here", { opened: 0, again: false }],
  [undefined, { opened: 0, again: false }],
];

for (const [answer, { opened, again }] of ANSWERS) {
  test(`welcome, answered with ${answer ?? "nothing"}`, async () => {
    const editor = new FakeEditor();
    editor.answer = answer;
    const welcome = new Welcome(editor);
    await welcome.ready();
    await welcome.ready();
    assert.equal(editor.opened, opened);
    assert.equal(editor.messages.length, 1, "never twice in a session");
    await new Welcome(editor).ready();
    assert.equal(editor.messages.length, again ? 2 : 1, "the next session");
  });
}

test("a setting that is turned on later counts from then on", async () => {
  const editor = new FakeEditor();
  editor.setting = false;
  const welcome = new Welcome(editor);
  await welcome.ready();
  editor.setting = true;
  await Promise.all([welcome.ready(), welcome.ready()]);
  assert.equal(editor.messages.length, 1);
});
