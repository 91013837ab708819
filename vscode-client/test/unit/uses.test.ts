import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { countUses, type Said } from "../../src/uses";

const SERVER = join(__dirname, "../../../server/sentry_migrate/lsp/session/diagnostics.py");

const finding: Said = { code: "SEN102", message: "`push_scope()` is deprecated" };
const linked: Said = { code: { value: "SEN102" }, message: "7 more uses of the 1.x API" };
const more = (count: number): Said => ({
  message: `${count.toString()} more uses of the sentry-sdk 1.x API in this file`,
});
const failure: Said = { message: "sentry-migrate took too long to analyse this file: 30 s" };

const ROWS: [string, Said[], number][] = [
  ["nothing", [], 0],
  ["a finding", [finding], 1],
  ["a finding whose code is a link, whatever it says", [linked], 1],
  ["findings, and those that are not shown", [finding, finding, more(17)], 19],
  ["one that is not shown", [finding, more(1)], 2],
  ["cells of a notebook", [finding, more(3), finding, more(4)], 9],
  ["a failure", [failure], 0],
  ["a failure, and what was known before", [failure, finding], 1],
  ["another remark", [{ message: "see also: 3 more uses" }], 0],
];

for (const [title, diagnostics, wanted] of ROWS) {
  test(`uses: ${title}`, () => {
    assert.equal(countUses(diagnostics), wanted);
  });
}

test("the server says it in these words", () => {
  const [text] = /"\{more\} more [^"]*"/.exec(readFileSync(SERVER, "utf8")) ?? [];
  assert.equal(text?.replace("{more}", "17"), JSON.stringify(more(17).message));
});
