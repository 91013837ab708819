import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { minimatch } from "minimatch";
import { DEPENDENCY_FILES, isHistory, SELECTOR } from "../../src/selector";

const SERVER = join(__dirname, "../../../server/sentry_migrate/engine/dependencies.py");

const FILES: [string, boolean][] = [
  ["/p/pyproject.toml", true],
  ["/p/setup.cfg", true],
  ["/p/Pipfile", true],
  ["/p/requirements.txt", true],
  ["/p/dev-requirements.in", true],
  ["/p/requirements/base.txt", true],
  ["/p/requirements/base.in", true],
  ["/p/Pipfile.lock", false],
  ["/p/poetry.lock", false],
  ["/p/notes.txt", false],
  ["/p/requirements/notes.md", false],
  ["/p/requirements/deep/base.txt", false],
  ["/p/setup.py", false],
];

for (const [path, wanted] of FILES) {
  test(`${path} is ${wanted ? "" : "not "}sent as a dependency file`, () => {
    assert.equal(
      DEPENDENCY_FILES.some((pattern) => minimatch(path, pattern)),
      wanted,
    );
  });
}

test("whatever the server reads is sent", () => {
  const names = /^NAMES = \((.*)\)$/m.exec(readFileSync(SERVER, "utf8"))?.[1];
  const patterns = [...(names ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  assert(patterns.length >= 5);
  for (const pattern of patterns) {
    const file = `/p/${pattern.replaceAll("*", "x")}`;
    assert(
      DEPENDENCY_FILES.some((known) => minimatch(file, known)),
      pattern,
    );
  }
});

test("Python is sent whatever its scheme", () => {
  assert.deepEqual(SELECTOR[0], { language: "python" });
});

const SCHEMES: [string, boolean][] = [
  ["git", true],
  ["pr", true],
  ["svn", true],
  ["hg", true],
  ["vscode-local-history", true],
  ["github", false],
  ["file", false],
  ["untitled", false],
  ["vscode-notebook-cell", false],
  ["vscode-vfs", false],
];

for (const [scheme, wanted] of SCHEMES) {
  test(`${scheme}: is ${wanted ? "" : "not "}history`, () => {
    assert.equal(isHistory(scheme), wanted);
  });
}
