import assert from "node:assert/strict";
import { test } from "node:test";
import {
  told,
  toldApplied,
  toldSkipped,
  toldUndone,
  type Outcome,
  type Undone,
} from "../../src/outcome";

const ROWS: readonly [Outcome, boolean, number | undefined, string][] = [
  [{ fixed: 31, found: 31, files: 7 }, false, 12, "31 of 31 fixed in 7 files; 12 left."],
  [{ fixed: 1, found: 2, files: 1 }, false, 0, "1 of 2 fixed in 1 file; 0 left."],
  [{ fixed: 1, found: 2, files: 1 }, false, undefined, "1 of 2 fixed in 1 file."],
  [
    { fixed: 50, found: 90, files: 50, cancelled: true },
    false,
    40,
    "50 of 90 fixed in 50 files; 40 left. You stopped it; Continue makes the rest.",
  ],
  [{ fixed: 0, found: 3, files: 0 }, true, 3, "Nothing was changed. The 3 fixes were not applied."],
  [{ fixed: 0, found: 1 }, false, 1, "Nothing was changed. The fix was not applied."],
  [{ fixed: 0, cancelled: true }, false, 9, "Cancelled. Nothing was changed."],
  [{ fixed: 0, found: 0 }, false, 9, "No finding has a safe fix. The report lists what is left."],
  [{ fixed: 0, found: 0 }, true, 9, "No finding has a fix. The report lists what is left."],
  [
    { fixed: 0, found: 0, unread: 1 },
    false,
    0,
    "No finding has a safe fix. The report lists what is left. 1 file could not be read.",
  ],
  [
    { fixed: 2, found: 2, files: 1, unread: 2 },
    false,
    0,
    "2 of 2 fixed in 1 file; 0 left. 2 files could not be read.",
  ],
  [
    { fixed: 2, found: 2, files: 1, off: 1 },
    false,
    0,
    "2 of 2 fixed in 1 file; 0 left. For 1 file, the setting sentry-migrate.enable is off.",
  ],
];

for (const [outcome, unsafe, left, words] of ROWS) {
  test(`a migration: ${words}`, () => {
    assert.equal(told(outcome, unsafe, left), words);
  });
}

const BACK: readonly [Undone, string][] = [
  [{ undone: 7, left: [] }, "Undone in 7 files."],
  [{ undone: 1, left: ["a.py"] }, "Undone in 1 file. Changed since, so not undone: a.py."],
  [
    { undone: 0, left: ["a.py", "b.py", "c.py", "d.py"] },
    "Nothing was undone. Changed since, so not undone: a.py, b.py, c.py and 1 more.",
  ],
];

for (const [undone, words] of BACK) {
  test(`an undo: ${words}`, () => {
    assert.equal(toldUndone(undone), words);
  });
}

test("single fixes", () => {
  assert.equal(toldApplied(1, 1), "Applied 1 of 1 fix.");
  assert.equal(toldApplied(0, 3), "Applied 0 of 3 fixes.");
  assert.equal(toldSkipped(1, 1), "Skipped 1 of 1 use.");
  assert.equal(toldSkipped(1, 2), "Skipped 1 of 2 uses.");
});
