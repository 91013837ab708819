import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attempts,
  choose,
  fromExtension,
  fromPath,
  fromSetting,
  SETTING,
  type Answer,
  type Offer,
  type Source,
  type Strategy,
} from "../../src/interpreter";
import { AROUND, UNTRUSTED } from "./around";

const GOOD: Answer = { ok: true, version: "0.1.0", python: "3.12.1" };

/** Sources by a word each; `!` in front means an offer that must not be tried. */
function sources(...words: string[][]): Source[] {
  return words.map(
    (group) => () =>
      Promise.resolve(
        group.map((word): Offer =>
          word.startsWith("!")
            ? { origin: "test", refusal: word.slice(1) }
            : { origin: "test", command: [word] },
        ),
      ),
  );
}

interface Row {
  readonly title: string;
  readonly sources: string[][];
  /** `bundled` or `environment` of a program; all others fail. */
  readonly works: string[];
  readonly strategy?: Strategy;
  readonly bundle?: string | null;
  readonly chosen: string | undefined;
  readonly asked: string[];
}

const CHOICES: Row[] = [
  {
    title: "nothing is offered",
    sources: [[], []],
    works: [],
    chosen: undefined,
    asked: [],
  },
  {
    title: "nothing works",
    sources: [["a"], ["b"]],
    works: [],
    chosen: undefined,
    asked: ["bundled a", "bundled b"],
  },
  {
    title: "the first that works, and nobody after it is asked",
    sources: [["a"], ["b", "c"], ["d"]],
    works: ["bundled b", "bundled c", "bundled d"],
    chosen: "bundled b",
    asked: ["bundled a", "bundled b"],
  },
  {
    title: "what must not be tried is not",
    sources: [["!a"], ["b"]],
    works: ["bundled !a", "bundled a", "bundled b"],
    chosen: "bundled b",
    asked: ["bundled b"],
  },
  {
    title: "what failed once is not tried again",
    sources: [["a"], ["a", "b"]],
    works: ["bundled b"],
    chosen: "bundled b",
    asked: ["bundled a", "bundled b"],
  },
  {
    title: "the bundled server does not look at environments",
    sources: [["a"]],
    works: ["environment a"],
    chosen: undefined,
    asked: ["bundled a"],
  },
  {
    title: "an environment without the server runs the bundled one",
    sources: [["a"], ["b"]],
    works: ["bundled a", "environment b"],
    strategy: "fromEnvironment",
    chosen: "bundled a",
    asked: ["environment a", "bundled a"],
  },
  {
    title: "an environment with the server runs that",
    sources: [["a"]],
    works: ["environment a", "bundled a"],
    strategy: "fromEnvironment",
    chosen: "environment a",
    asked: ["environment a"],
  },
  {
    title: "without a bundle, environments are all there is",
    sources: [["a"], ["b"]],
    works: ["environment b"],
    bundle: null,
    chosen: "environment b",
    asked: ["environment a", "environment b"],
  },
];

for (const row of CHOICES) {
  test(`choice: ${row.title}`, async () => {
    const asked: string[] = [];
    const choice = await choose(
      sources(...row.sources),
      row.strategy ?? "useBundled",
      row.bundle === null ? undefined : "/ext/bundled",
      ([program = "", second = ""]) => {
        const name = `${second === "-c" ? "environment" : "bundled"} ${program}`;
        asked.push(name);
        const answer: Answer = row.works.includes(name) ? GOOD : { ok: false, reason: "no" };
        return Promise.resolve(answer);
      },
    );
    assert.deepEqual(asked, row.asked);
    const found = "command" in choice ? choice : undefined;
    const name =
      found && `${found.bundled ? "bundled" : "environment"} ${found.interpreter[0] ?? ""}`;
    assert.equal(name, row.chosen);
    assert.equal(found?.version, found && "0.1.0");
  });
}

test("why others were passed over is kept", async () => {
  const choice = await choose(
    sources(["!relative", "old"], ["new"]),
    "useBundled",
    "/b",
    (command) => Promise.resolve(command[0] === "new" ? GOOD : { ok: false, reason: "too old" }),
  );
  assert.deepEqual(choice.refused, [
    { origin: "test", reason: "relative" },
    { origin: "test", reason: "old: too old" },
  ]);
});

test("the commands", () => {
  const interpreter = ["/v/bin/python", "-X", "dev"];
  const [bundled] = attempts(interpreter, "useBundled", "/ext/bundled");
  assert.deepEqual(bundled?.probe, [...interpreter, "-S", "/ext/bundled/run.py", "--probe"]);
  assert.deepEqual(bundled.serve, [...interpreter, "-S", "/ext/bundled/run.py", "server"]);
  const [environment] = attempts(interpreter, "fromEnvironment", "/ext/bundled");
  assert.deepEqual(environment?.probe.slice(0, -1), [...interpreter, "-c"]);
  assert.deepEqual(environment.serve, [...interpreter, "-m", "sentry_migrate", "server"]);
});

test("a setting that is empty offers nothing", () => {
  assert.deepEqual(fromSetting([], AROUND), []);
});

test("a setting is offered as it is written, links and all", () => {
  assert.deepEqual(fromSetting(["${workspaceFolder}/.venv/bin/python"], AROUND), [
    { origin: SETTING, command: ["/code/shop/.venv/bin/python"] },
  ]);
});

const WRONG: [string[], RegExp][] = [
  [["bin/python", "-X", "dev"], /^bin\/python -X dev: "bin\/python" is a relative path/],
  [["${env:EMPTY}/bin/python"], /^\$\{env:EMPTY\}\/bin\/python: \$\{env:EMPTY\} is not set$/],
  [["${workspace}/python"], /^\$\{workspace\}\/python: \$\{workspace\} is unknown/],
  [["", "-v"], /^ -v: the program name is empty$/],
];

for (const [setting, wanted] of WRONG) {
  test(`a wrong setting names the value, and why: ${setting.join(" ")}`, () => {
    const [offer] = fromSetting(setting, AROUND);
    assert(offer && "refusal" in offer);
    assert.match(offer.refusal, wanted);
  });
}

const EXTENSIONS: [string, string[], typeof AROUND, "offered" | "refused" | "nothing"][] = [
  ["no interpreter is active", [], AROUND, "nothing"],
  ["a workspace's own", ["/code/shop/.venv/bin/python"], AROUND, "offered"],
  ["a workspace's own, not trusted", ["/code/shop/.venv/bin/python"], UNTRUSTED, "refused"],
  ["elsewhere, not trusted", ["/usr/bin/python3"], UNTRUSTED, "offered"],
];

for (const [title, command, around, wanted] of EXTENSIONS) {
  test(`another extension: ${title}`, () => {
    const [offer] = fromExtension("it", command, around);
    const got = offer === undefined ? "nothing" : "refusal" in offer ? "refused" : "offered";
    assert.equal(got, wanted);
  });
}

const PATHS: [NodeJS.Platform, string[]][] = [
  ["linux", ["python3", "python", "python3.14"]],
  ["darwin", ["python3", "python", "python3.14"]],
  ["win32", ["py -3", "python", "python3"]],
];

for (const [platform, first] of PATHS) {
  test(`PATH on ${platform}`, () => {
    const commands = fromPath(platform).map((offer) =>
      "command" in offer ? offer.command.join(" ") : "",
    );
    assert.deepEqual(commands.slice(0, 3), first);
  });
}
