/** What VS Code and npm read: package.json and its lock file, against the code and the server. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { minimatch } from "minimatch";
import { DEPENDENCY_FILES } from "../../src/selector";

const ROOT = join(__dirname, "../..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");

interface Manifest {
  readonly activationEvents: string[];
  readonly icon: string;
  readonly main: string;
  readonly devDependencies: Record<string, string>;
  readonly dependencies?: unknown;
  readonly scripts: Record<string, string>;
  readonly contributes: {
    readonly commands: { readonly command: string; readonly category: string }[];
    readonly menus: {
      readonly commandPalette: { readonly command: string; readonly when: string }[];
    };
    readonly configuration: { readonly properties: Record<string, { scope: string }> };
    readonly walkthroughs: {
      readonly steps: {
        readonly media: { readonly image: string; readonly altText: string };
        readonly completionEvents: string[];
        readonly description: string;
      }[];
    }[];
  };
}

const manifest = JSON.parse(read("package.json")) as Manifest;
const commands = manifest.contributes.commands.map(({ command }) => command);

/** Files of Python projects; YAML, JSON, container and make files, scripts of a shell and the like are
 * in projects of any kind. */
const OF_PYTHON = DEPENDENCY_FILES.filter(
  (pattern) =>
    !/(ya?ml|json5?|renovaterc|justfile|\.(ba)?sh|\.(mk|bat|ps1)|(Docker|Container|Jenkins|Make|Proc)file(\.\*)?)$/.test(
      pattern,
    ),
);

test("it is active where there is Python or a list of what it needs, and nowhere else", () => {
  assert.deepEqual(manifest.activationEvents, [
    "onLanguage:python",
    "onNotebook:jupyter-notebook",
    "onLanguage:pip-requirements",
    "onLanguage:toml",
    ...OF_PYTHON.map((pattern) => `workspaceContains:${pattern}`),
  ]);
});

/** The files in whose editor a command that migrates is offered, beside Python and notebooks. */
const OFFERED = new RegExp(
  `(^|[\\/\\\\])(${DEPENDENCY_FILES.map((pattern) =>
    pattern
      .replace(/^\*\*\//, "")
      .replaceAll(".", "\\.")
      .replaceAll("/", "[\\/\\\\]")
      .replaceAll("*", "[^\\/\\\\]*"),
  ).join("|")})$`,
);

test("a file is migrated from the palette wherever the server sees it", () => {
  const menu = manifest.contributes.menus.commandPalette.filter(({ when }) => when !== "false");
  assert.deepEqual(
    menu.map(({ command }) => command),
    ["sentry-migrate.migrateFile", "sentry-migrate.migrateFileUnsafe"],
  );
  for (const { when } of menu) {
    assert.equal(
      when,
      "editorLangId == python || notebookType == jupyter-notebook || " +
        `resourcePath =~ /${OFFERED.source}/`,
    );
  }
});

const FILES: [string, boolean][] = [
  ["/p/pyproject.toml", true],
  ["/p/setup.cfg", true],
  ["/p/Pipfile", true],
  ["/p/requirements.txt", true],
  ["/p/dev-requirements-old.in", true],
  ["/p/requirements/base.txt", true],
  ["/p/requirements/base.in", true],
  ["/p/constraints.txt", true],
  ["/p/tox.ini", true],
  ["/p/tox.toml", true],
  ["/p/environment-dev.yml", true],
  ["/p/docker-compose.yaml", true],
  ["/p/pixi.toml", true],
  ["/p/Makefile", true],
  ["/p/bin/install.sh", true],
  ["/p/Procfile", true],
  ["/p/conda/meta.yaml", true],
  ["/p/.pre-commit-config.yaml", true],
  ["/p/pixi.lock", false],
  ["/p/conda-lock.yml", false],
  ["/p/Dockerfile", true],
  ["/p/web.Dockerfile", true],
  ["/p/Containerfile.dev", true],
  ["/p/workflows/test.yml", true],
  ["/p/uv.toml", true],
  ["/p/requirements/local/dev.txt", true],
  ["/p/requirements/local/old/dev.txt", false],
  ["/p/.circleci/config.yml", true],
  ["/p/config.yml", false],
  ["/p/justfile", true],
  ["/p/renovate.json", true],
  ["/p/package.json", false],
  ["/p/.gitlab-ci.yml", true],
  ["/p/ci/test.gitlab-ci.yml", true],
  ["/p/Jenkinsfile", true],
  ["/p/.devcontainer/devcontainer.json", true],
  ["/p/install.bat", true],
  ["/p/install.cmd", false],
  ["/p/Dockerfiles", false],
  ["/p/mkdocs.yml", false],
  ["requirements.txt", true],
  ["/p/my-pyproject.toml", false],
  ["/p/pyprojectxtoml", false],
  ["/p/pyproject.toml.orig", false],
  ["/p/pyproject.toml/notes", false],
  ["/p/Pipfile.lock", false],
  ["/p/requirements.md", false],
  ["/p/requirements.txt/notes", false],
  ["/p/requirements/deep/base.txt", true],
  ["/p/requirements/deep/er/base.txt", false],
  ["/p/old-requirements/base.txt", false],
  ["/p/notes.txt", false],
];

for (const [path, offered] of FILES) {
  test(`to migrate ${path} is ${offered ? "" : "not "}offered`, () => {
    const when = manifest.contributes.menus.commandPalette[0]?.when ?? "";
    const clause = new RegExp(/=~ \/(.*)\/$/.exec(when)?.[1] ?? "");
    assert.equal(clause.test(path), offered);
    assert.equal(clause.test(path.replaceAll("/", "\\")), offered, "on Windows");
    assert.equal(
      DEPENDENCY_FILES.some((pattern) => minimatch(path, pattern, { dot: true })),
      offered,
      "it is not sent",
    );
  });
}

test("every command in the palette exists", () => {
  const source = read("src/commands.ts") + read("src/migration.ts");
  for (const { command, category } of manifest.contributes.commands) {
    assert(source.includes(`\${SECTION}.${command.replace("sentry-migrate.", "")}\``), command);
    assert.equal(category, "Sentry Migrate");
  }
});

test("no command has the name of one of the server's, which the language client registers", () => {
  const server = read("../server/sentry_migrate/lsp/features/execute_command.py");
  const own = [...server.matchAll(/^[A-Z_]+ = "(sentry-migrate\.\w+)"$/gm)].map(
    (match) => match[1],
  );
  assert(own.length >= 7);
  assert.deepEqual(
    commands.filter((command) => own.includes(command)),
    [],
  );
});

test("the walkthrough's links and pictures exist", () => {
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  assert.equal(steps.length, 5);
  for (const { media, completionEvents, description } of steps) {
    assert(existsSync(join(ROOT, media.image)), media.image);
    assert(media.altText.length > 10);
    const links = [...description.matchAll(/\(command:([\w.-]+)\)/g)].map(
      (match) => match[1] ?? "",
    );
    const events = completionEvents
      .filter((event) => event.startsWith("onCommand:sentry-migrate."))
      .map((event) => event.slice("onCommand:".length));
    for (const command of [...links, ...events]) {
      assert(commands.includes(command), command);
    }
  }
  assert(existsSync(join(ROOT, manifest.icon)));
});

test("the README names every setting and every command", () => {
  const readme = read("README.md");
  const settings = Object.keys(manifest.contributes.configuration.properties);
  for (const setting of settings) {
    assert(readme.includes(`\`${setting.replace("sentry-migrate.", "")}\``), setting);
  }
  const titles = (
    JSON.parse(read("package.json")) as {
      contributes: { commands: { title: string }[] };
    }
  ).contributes.commands.map(({ title }) => title.replace(/…$/, ""));
  for (const title of titles) {
    assert(readme.includes(title), title);
  }
});

test("versions are exact, and what is bundled is no dependency", () => {
  for (const [name, version] of Object.entries(manifest.devDependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
  assert.equal(manifest.dependencies, undefined);
});

test("the lock file has a hash of everything, and no address", () => {
  const text = read("package-lock.json");
  const lock = JSON.parse(text) as {
    packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
  };
  const entries = Object.entries(lock.packages).filter(([path]) => path !== "");
  assert(entries.length > 50);
  for (const [path, { resolved, integrity }] of entries) {
    assert.equal(resolved, undefined, path);
    assert.match(integrity ?? "", /^sha512-/, path);
  }
  assert.match(read(".npmrc"), /^omit-lockfile-registry-resolved=true$/m);
});

for (const option of [
  ["--target", "beos-x64"],
  ["--target=beos-x64"],
  ["-t", "beos-x64"],
  ["-tbeos-x64"],
]) {
  test(`the server is bundled for the package's target: ${option.join(" ")}`, () => {
    const script = join(ROOT, "scripts/package.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, ...option], {
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stderr, /^bundle\.py: error: argument --target: invalid choice: '?beos-x64/m);
  });
}

test("only the named files get into the package", () => {
  const [first, ...rest] = read(".vscodeignore")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  assert.equal(first, "**");
  assert(rest.length > 0);
});

const MAX_LINES = 250;

test("modules are small and say what they are", () => {
  for (const name of readdirSync(join(ROOT, "src"))) {
    const lines = read("src", name).split("\n");
    assert(lines.length <= MAX_LINES, name);
    assert.equal(lines[0], "/**", name);
    assert(
      lines.every((line) => line.length <= 100),
      name,
    );
  }
});

/** Modules that decide; they take what they need, so that they run without an editor. */
const PURE = [
  "backoff",
  "interpreter",
  "launch",
  "links",
  "probe",
  "python",
  "saving",
  "selector",
  "session",
  "uses",
  "variables",
  "welcome",
];

for (const name of PURE) {
  test(`${name} knows no editor`, () => {
    assert.doesNotMatch(read("src", `${name}.ts`), /^(import (?!type)|\}).* from "vscode/m);
  });
}
