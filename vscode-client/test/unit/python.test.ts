import assert from "node:assert/strict";
import { test } from "node:test";
import type { Offer } from "../../src/interpreter";
import { PythonExtensions, type Editor } from "../../src/python";
import { AROUND, UNTRUSTED } from "./around";

/** An editor with some extensions; what it is told is written down. */
class FakeEditor implements Editor {
  readonly patience = 50;
  readonly warnings: string[] = [];
  around = AROUND;
  changes = 0;

  constructor(private readonly exports: Record<string, () => Promise<unknown>>) {}

  extension(id: string): { activate(): Promise<unknown> } | undefined {
    const activate = this.exports[id];
    return activate && { activate };
  }

  folder(): undefined {
    return undefined;
  }

  surroundings(): typeof AROUND {
    return this.around;
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  changed(): void {
    this.changes += 1;
  }
}

/** An event with listeners that can be counted. */
function event(): { on: (listener: () => void) => { dispose: () => void }; fire: () => void } {
  const listeners = new Set<() => void>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire: () => {
      listeners.forEach((listener) => {
        listener();
      });
    },
  };
}

const PYTHON = "ms-python.python";
const ENVIRONMENTS = "ms-python.vscode-python-envs";

/** What the Python extension exports when an interpreter is active, or none is. */
function python(fsPath: string | undefined, changes = event()): unknown {
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ path: "an identifier" }),
      resolveEnvironment: ({ path }: { path: string }) => {
        assert.equal(path, "an identifier");
        return Promise.resolve({ executable: { uri: fsPath && { fsPath } } });
      },
      onDidChangeActiveEnvironmentPath: changes.on,
    },
  };
}

function environments(run: unknown): unknown {
  return {
    getEnvironment: () => Promise.resolve(run && { execInfo: { run } }),
    onDidChangeEnvironment: event().on,
  };
}

const given = (value: unknown) => (): Promise<unknown> => Promise.resolve(value);
const never = (): Promise<unknown> => new Promise(() => undefined);
const broken = (): Promise<unknown> => Promise.reject(new Error("cannot be activated"));

type Extensions = Record<string, () => Promise<unknown>>;

const OFFERS: [string, Extensions, string[][], RegExp?][] = [
  ["no extension", {}, []],
  ["extensions that export nothing", { [PYTHON]: given(undefined) }, []],
  ["no interpreter is active", { [PYTHON]: given(python(undefined)) }, []],
  ["no environment", { [ENVIRONMENTS]: given(environments(undefined)) }, []],
  [
    "one that hangs",
    { [PYTHON]: never },
    [],
    /^ms-python\.python .* no answer within 0\.05 seconds$/,
  ],
  ["one that fails", { [PYTHON]: broken }, [], /^ms-python\.python .* cannot be activated$/],
  ["one whose interface is another", { [PYTHON]: given({}) }, [], /^ms-python\.python .*TypeError/],
  ["an active interpreter", { [PYTHON]: given(python("/v/python")) }, [["/v/python"]]],
  [
    "an environment with arguments, before the other",
    {
      [PYTHON]: given(python("/v/python")),
      [ENVIRONMENTS]: given(environments({ executable: "/conda", args: ["run", "python"] })),
    },
    [["/conda", "run", "python"], ["/v/python"]],
  ],
  [
    "an environment without arguments",
    { [ENVIRONMENTS]: given(environments({ executable: "/e/python" })) },
    [["/e/python"]],
  ],
];

async function all(extensions: PythonExtensions): Promise<readonly Offer[]> {
  return [...(await extensions.environments()), ...(await extensions.python())];
}

for (const [title, extensions, wanted, warning] of OFFERS) {
  test(title, async () => {
    const editor = new FakeEditor(extensions);
    const offers = await all(new PythonExtensions(editor));
    assert.deepEqual(
      offers.map((offer) => "command" in offer && offer.command),
      wanted,
    );
    assert.equal(editor.warnings.length, warning ? 1 : 0);
    assert.match(editor.warnings[0] ?? "", warning ?? /^$/);
    assert.equal(editor.changes, 0);
  });
}

test("an interpreter in a workspace that is not trusted is refused", async () => {
  const editor = new FakeEditor({ [PYTHON]: given(python("/code/shop/.venv/bin/python")) });
  editor.around = UNTRUSTED;
  const [offer] = await new PythonExtensions(editor).python();
  assert(offer && "refusal" in offer);
});

test("news are handed on, once each, until the end", async () => {
  const changes = event();
  const editor = new FakeEditor({ [PYTHON]: given(python("/v/python", changes)) });
  const extensions = new PythonExtensions(editor);
  await extensions.python();
  await extensions.python();
  changes.fire();
  assert.equal(editor.changes, 1);
  extensions.dispose();
  changes.fire();
  assert.equal(editor.changes, 1);
});

test("one that was too slow is asked again when it is ready, but only once", async () => {
  const waiting: ((value: unknown) => void)[] = [];
  const slow = (): Promise<unknown> => new Promise((resolve) => waiting.push(resolve));
  const editor = new FakeEditor({ [PYTHON]: slow });
  const extensions = new PythonExtensions(editor);
  for (const round of ["first", "second"]) {
    assert.deepEqual(await extensions.python(), [], round);
    waiting.pop()?.(python("/v/python"));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(editor.changes, 1);
  }
});
