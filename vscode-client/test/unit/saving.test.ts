import assert from "node:assert/strict";
import { test } from "node:test";
import { inherited, withKind, withoutKind, type OnSave } from "../../src/saving";

const OURS = "source.fixAll.sentry-migrate";

const ROWS: [string, OnSave | undefined, OnSave][] = [
  ["nothing is there", undefined, { [OURS]: "explicit" }],
  ["an empty table", {}, { [OURS]: "explicit" }],
  [
    "others stay",
    { "source.fixAll.ruff": "always", other: true },
    { "source.fixAll.ruff": "always", other: true, [OURS]: "explicit" },
  ],
  ["switched off before", { [OURS]: "never" }, { [OURS]: "explicit" }],
  ["the older form", ["source.organizeImports"], ["source.organizeImports", OURS]],
  ["already in the older form", [OURS], [OURS]],
];

for (const [title, present, wanted] of ROWS) {
  test(title, () => {
    const before = structuredClone(present);
    assert.deepEqual(withKind(present, OURS), wanted);
    assert.deepEqual(present, before);
  });
}

const OFF: [string, OnSave, OnSave][] = [
  ["alone", { [OURS]: "explicit" }, {}],
  ["beside others", { [OURS]: "explicit", other: true }, { other: true }],
  ["in the older form", ["other", OURS], ["other"]],
  ["not there", { other: true }, { other: true }],
  ["not in the older form", ["other"], ["other"]],
];

for (const [title, present, wanted] of OFF) {
  test(`taken out: ${title}`, () => {
    assert.deepEqual(withoutKind(present, OURS), wanted);
  });
}

const EFFECTIVE: [string, OnSave | undefined, OnSave | undefined][] = [
  ["nothing", undefined, undefined],
  ["a table, which is merged", { "source.fixAll.ruff": "always" }, undefined],
  ["an empty list", [], []],
  ["a list, which would be lost", ["source.organizeImports"], ["source.organizeImports"]],
];

for (const [title, effective, wanted] of EFFECTIVE) {
  test(`repeated from another level: ${title}`, () => {
    assert.deepEqual(inherited(effective), wanted);
  });
}
