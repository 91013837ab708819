import assert from "node:assert/strict";
import { test } from "node:test";
import { minimatch } from "minimatch";
import { DEPENDENCY_FILES, isHistory, SELECTOR } from "../../src/selector";

const FILES: [string, boolean][] = [
  ["/p/pyproject.toml", true],
  ["/p/setup.cfg", true],
  ["/p/Pipfile", true],
  ["/p/requirements.txt", true],
  ["/p/dev-requirements.in", true],
  ["/p/requirements/base.txt", true],
  ["/p/requirements/base.in", true],
  ["/p/constraints.txt", true],
  ["/p/tox.ini", true],
  ["/p/tox.toml", true],
  ["/p/environment-dev.yml", true],
  ["/p/docker-compose.yaml", true],
  ["/p/pixi.toml", true],
  ["/p/Makefile", true],
  ["/p/conda/meta.yaml", true],
  ["/p/.pre-commit-config.yaml", true],
  ["/p/pixi.lock", false],
  ["/p/conda-lock.yml", false],
  ["/p/mkdocs.yml", false],
  ["/p/Pipfile.lock", false],
  ["/p/poetry.lock", false],
  ["/p/notes.txt", false],
  ["/p/requirements/notes.md", false],
  ["/p/requirements/deep/base.txt", true],
  ["/p/requirements/deep/er/base.txt", false],
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

test("Python is sent whatever its scheme", () => {
  assert.deepEqual(SELECTOR[0], { language: "python" });
});

const SCHEMES: [string, boolean][] = [
  ["sentry-migrate-after", true],
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
