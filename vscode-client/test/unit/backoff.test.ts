import assert from "node:assert/strict";
import { test } from "node:test";
import { BackOff } from "../../src/backoff";

const MINUTE = 60_000;

/** Times of crashes, and what each is answered. */
const TABLES: [string, [number, number | undefined][]][] = [
  ["one crash", [[0, 500]]],
  [
    "in quick succession, until it is given up",
    [
      [0, 500],
      [1_000, 1_000],
      [3_000, 2_000],
      [6_000, 4_000],
      [11_000, 8_000],
      [20_000, undefined],
      [21_000, undefined],
    ],
  ],
  [
    "a server that lived for a while is a new one",
    [
      [0, 500],
      [1_000, 1_000],
      [1_000 + 3 * MINUTE, 2_000],
      [1_001 + 6 * MINUTE, 500],
    ],
  ],
];

for (const [title, crashes] of TABLES) {
  test(title, () => {
    const backOff = new BackOff();
    for (const [now, delay] of crashes) {
      assert.equal(backOff.crashed(now), delay, `at ${now.toString()}`);
    }
  });
}

test("a person's restart begins a new count", () => {
  const backOff = new BackOff();
  while (backOff.crashed(0) !== undefined) {
    // until it gives up
  }
  backOff.reset();
  assert.equal(backOff.crashed(1), 500);
});
