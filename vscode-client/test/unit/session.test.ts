import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure, Launch } from "../../src/launch";
import { Session, type Connection, type Host } from "../../src/session";

/** Starts, does not, or waits: until it is told to go on, or stopped; the last starts even then. */
type Behaviour = "good" | "bad" | "slow" | "slow to stop";

/** A server that starts when it is told to. */
class FakeConnection implements Connection {
  private settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  stopped = false;

  constructor(
    readonly launch: Launch,
    readonly end: (how: string) => void,
    private readonly behaviour: Behaviour,
  ) {}

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      if (this.behaviour === "good") {
        resolve();
      } else if (this.behaviour === "bad") {
        reject(new Error("No module named 'libcst'"));
      }
    });
  }

  goOn(): void {
    this.settle?.resolve();
  }

  stop(): Promise<void> {
    this.stopped = true;
    if (this.behaviour !== "slow to stop") {
      this.settle?.reject(new Error("stopped"));
    }
    return Promise.resolve();
  }
}

/** What a session sees, with everything it did written down. */
class FakeHost implements Host<FakeConnection> {
  settings: string | Failure | Error = "a";
  /** What of a command line is not its command. */
  more: Partial<Launch> = {};
  behaviour: Behaviour = "good";
  /** What finding a command line waits for. */
  gate = Promise.resolve();
  readonly signals: AbortSignal[] = [];
  readonly connections: FakeConnection[] = [];
  readonly states: string[] = [];
  readonly complaints: string[] = [];
  readonly warnings: string[] = [];
  readonly delays: number[] = [];
  pending: (() => void) | undefined;
  time = 0;

  async resolve(signal: AbortSignal): Promise<Launch | Failure> {
    this.signals.push(signal);
    await this.gate;
    const { settings } = this;
    if (settings instanceof Error) {
      throw settings;
    }
    return typeof settings === "string"
      ? { command: [settings], cwd: "/", origin: "test", versions: "1", ...this.more }
      : settings;
  }

  connect(launch: Launch, ended: (how: string) => void): FakeConnection {
    const connection = new FakeConnection(launch, ended, this.behaviour);
    this.connections.push(connection);
    return connection;
  }

  changed(state: { readonly kind: string }): void {
    if (this.states.at(-1) !== state.kind) {
      this.states.push(state.kind);
    }
  }

  complain(reason: string, setting?: string): void {
    this.complaints.push(setting === undefined ? reason : `[${setting}] ${reason}`);
  }

  warn(note: string): void {
    this.warnings.push(note);
  }

  log(): void {
    // nobody reads it
  }

  now(): number {
    return this.time;
  }

  later(delay: number, action: () => void): () => void {
    this.delays.push(delay);
    this.pending = action;
    return () => {
      this.pending = undefined;
    };
  }

  /** The command of each server that was started, and whether it was stopped. */
  get history(): string[] {
    return this.connections.map(
      ({ launch, stopped }) => `${launch.command.join(" ")}${stopped ? " stopped" : ""}`,
    );
  }

  get last(): FakeConnection {
    const last = this.connections.at(-1);
    assert(last);
    return last;
  }

  /** Let the planned start happen, as the clock would. */
  wait(session: Session<FakeConnection>): Promise<void> {
    const action = this.pending;
    assert(action, "a start is planned");
    this.pending = undefined;
    action();
    return session.refresh();
  }
}

function setUp(): { host: FakeHost; session: Session<FakeConnection> } {
  const host = new FakeHost();
  return { host, session: new Session(host) };
}

void test("what cannot be resolved at all is a failure, and may be tried again", async () => {
  const { host, session } = setUp();
  host.settings = new TypeError("settings.path is null");
  await session.refresh();
  assert.deepEqual(host.states, ["starting", "failed"]);
  assert.match(host.complaints.join(), /settings\.path is null/);
  host.settings = "a";
  await session.refresh();
  assert.equal(session.state.kind, "running");
});

/** Let everything that can go on go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Step = (host: FakeHost, session: Session<FakeConnection>) => Promise<void> | void;

const refresh: Step = (_, session) => session.refresh();
const restart: Step = (_, session) => session.restart();
const need: Step = async (_, session) => {
  assert.equal(await session.ready(), session.connection);
};
const stop: Step = (_, session) => session.stop();
const crash: Step = (host) => {
  host.last.end("exit code 1");
};
const wait: Step = (host, session) => host.wait(session);
const set =
  (settings: string | Failure): Step =>
  (host) => {
    host.settings = settings;
  };
const become =
  (behaviour: Behaviour): Step =>
  (host) => {
    host.behaviour = behaviour;
  };
const hang = (host: FakeHost): void => {
  host.gate = new Promise(() => undefined);
};
const goOn = (host: FakeHost): void => {
  host.gate = Promise.resolve();
};
const goOnStarting: Step = (host) => {
  host.last.goOn();
};
/** Ask for a server, and do not wait for what comes of it. */
const ask: Step = (_, session) => {
  void session.refresh();
  return settled();
};
const lost = { failure: "no Python" };

const ROWS: [string, Step[], { history: string[]; states: string[]; complaints?: number }][] = [
  ["a start", [refresh], { history: ["a"], states: ["starting", "running"] }],
  [
    "news that change nothing",
    [refresh, refresh, refresh],
    { history: ["a"], states: ["starting", "running"] },
  ],
  [
    "another command line",
    [refresh, set("b"), refresh],
    { history: ["a stopped", "b"], states: ["starting", "running", "starting", "running"] },
  ],
  [
    "a person's restart",
    [refresh, restart],
    { history: ["a stopped", "a"], states: ["starting", "running", "starting", "running"] },
  ],
  [
    "nothing to start",
    [set(lost), refresh],
    { history: [], states: ["starting", "failed"], complaints: 1 },
  ],
  [
    "the same complaint is made once",
    [set(lost), refresh, refresh, refresh],
    {
      history: [],
      states: ["starting", "failed", "starting", "failed", "starting", "failed"],
      complaints: 1,
    },
  ],
  [
    "a person who asks again is told again",
    [set(lost), refresh, restart],
    { history: [], states: ["starting", "failed", "starting", "failed"], complaints: 2 },
  ],
  [
    "the settings no longer name anything",
    [refresh, set(lost), refresh],
    { history: ["a stopped"], states: ["starting", "running", "failed"], complaints: 1 },
  ],
  [
    "a failure is left by a change of settings",
    [set(lost), refresh, set("a"), refresh],
    { history: ["a"], states: ["starting", "failed", "starting", "running"], complaints: 1 },
  ],
  [
    "a server that does not start",
    [become("bad"), refresh],
    { history: ["a stopped"], states: ["starting", "failed"], complaints: 1 },
  ],
  [
    "a failure is left by a restart",
    [become("bad"), refresh, become("good"), restart],
    {
      history: ["a stopped", "a"],
      states: ["starting", "failed", "starting", "running"],
      complaints: 1,
    },
  ],
  [
    "a crash is followed by a new server, and nobody is told",
    [refresh, crash, wait],
    { history: ["a", "a"], states: ["starting", "running", "starting", "running"], complaints: 0 },
  ],
  [
    "a server stopped by us did not crash",
    [
      refresh,
      restart,
      (host) => {
        host.connections[0]?.end("exit code 0");
      },
    ],
    { history: ["a stopped", "a"], states: ["starting", "running", "starting", "running"] },
  ],
  [
    "the end",
    [refresh, stop],
    { history: ["a stopped"], states: ["starting", "running", "stopped"] },
  ],
  [
    "a restart does not wait for a server that hangs",
    [become("slow"), ask, set("b"), become("good"), restart],
    { history: ["a stopped", "b"], states: ["starting", "running"], complaints: 0 },
  ],
  [
    "nor for one that starts after all",
    [
      become("slow to stop"),
      ask,
      become("good"),
      (host, session) => {
        const restarted = session.restart();
        host.last.goOn();
        return restarted;
      },
    ],
    { history: ["a stopped", "a"], states: ["starting", "running"], complaints: 0 },
  ],
  [
    "nor for an interpreter that hangs",
    [hang, ask, goOn, restart],
    { history: ["a"], states: ["starting", "running"], complaints: 0 },
  ],
  [
    "nor for one that hangs while a server runs",
    [refresh, hang, ask, goOn, restart],
    { history: ["a stopped", "a"], states: ["starting", "running", "starting", "running"] },
  ],
  [
    "a restart that fails says so, whatever it took the place of",
    [become("slow"), ask, become("bad"), restart],
    { history: ["a stopped", "a stopped"], states: ["starting", "failed"], complaints: 1 },
  ],
  [
    "news wait for what is under way",
    [become("slow"), ask, ask, goOnStarting, settled],
    { history: ["a"], states: ["starting", "running"] },
  ],
  [
    "whoever needs the server gets the one that runs",
    [refresh, need],
    { history: ["a"], states: ["starting", "running"] },
  ],
  [
    "or need not wait for a planned start",
    [refresh, crash, need],
    { history: ["a", "a"], states: ["starting", "running", "starting", "running"] },
  ],
  [
    "or a new one, if what was wrong no longer is",
    [set(lost), refresh, set("a"), need],
    { history: ["a"], states: ["starting", "failed", "starting", "running"], complaints: 1 },
  ],
  [
    "or the reason, which is said once if it is new",
    [
      set(lost),
      (_, session) => {
        void session.refresh();
        return need(_, session);
      },
    ],
    { history: [], states: ["starting", "failed", "starting", "failed"], complaints: 1 },
  ],
  [
    "and once more each time",
    [set(lost), refresh, need, need],
    {
      history: [],
      states: ["starting", "failed", "starting", "failed", "starting", "failed"],
      complaints: 3,
    },
  ],
  [
    "and nothing after the end",
    [refresh, stop, need],
    { history: ["a stopped"], states: ["starting", "running", "stopped"] },
  ],
  [
    "the end does not wait for a server that hangs",
    [become("slow"), ask, stop],
    { history: ["a stopped"], states: ["starting", "stopped"], complaints: 0 },
  ],
  [
    "nor for an interpreter that hangs, and starts nothing",
    [hang, ask, stop, goOn, settled],
    { history: [], states: ["starting", "stopped"], complaints: 0 },
  ],
  [
    "nothing is started after the end",
    [refresh, stop, refresh, restart],
    { history: ["a stopped"], states: ["starting", "running", "stopped"] },
  ],
];

for (const [title, steps, { history, states, complaints = 0 }] of ROWS) {
  test(title, async () => {
    const { host, session } = setUp();
    for (const step of steps) {
      await step(host, session);
    }
    assert.deepEqual(host.history, history);
    assert.deepEqual(host.states, states);
    assert.equal(host.complaints.length, complaints);
    assert.equal(session.connection !== undefined, states.at(-1) === "running");
  });
}

test("a complaint says what the process said", async () => {
  const { host, session } = setUp();
  host.behaviour = "bad";
  await session.refresh();
  assert.deepEqual(host.complaints, ["start failed: No module named 'libcst'"]);
});

const note =
  (text?: string): Step =>
  (host) => {
    host.more = text === undefined ? {} : { note: text };
  };

const WARNINGS: [string, Step[], string[]][] = [
  ["none", [refresh, refresh, restart], []],
  ["a setting that is not used", [note("x"), refresh], ["x"]],
  ["is told once", [note("x"), refresh, refresh, crash, wait, need], ["x"]],
  ["also if the server runs already, as it goes on", [refresh, note("x"), refresh], ["x"]],
  ["another value that is wrong", [note("x"), refresh, note("y"), refresh], ["x", "y"]],
  ["wrong once more", [note("x"), refresh, note(), refresh, note("x"), refresh], ["x", "x"]],
  ["a person asks again", [note("x"), refresh, restart], ["x", "x"]],
  ["not before a server runs", [note("x"), become("bad"), refresh], []],
];

for (const [title, steps, wanted] of WARNINGS) {
  test(`warning: ${title}`, async () => {
    const { host, session } = setUp();
    for (const step of steps) {
      await step(host, session);
    }
    assert.deepEqual(host.warnings, wanted);
  });
}

test("what the status shows is the newest way to a command", async () => {
  const { host, session } = setUp();
  for (const step of [refresh, note("x"), refresh]) {
    await step(host, session);
  }
  assert.equal(session.state.kind === "running" && session.state.launch.note, "x");
  assert.deepEqual(host.history, ["a"], "the server goes on");
});

const NAMED: [string, Step[], string][] = [
  [
    "a command line that cannot be",
    [set({ failure: "the setting x", setting: "path" }), refresh],
    "[path] the setting x",
  ],
  [
    "a command that starts nothing",
    [become("bad"), refresh],
    "[path] the setting path does not start: a: No module named 'libcst'",
  ],
  [
    "a command that ends again and again",
    [refresh, ...[1, 2, 3, 4, 5].flatMap(() => [crash, wait]), crash],
    "[path] the server exited repeatedly and is not restarted again. exit code 1",
  ],
];

for (const [title, steps, wanted] of NAMED) {
  test(`the setting at fault is named: ${title}`, async () => {
    const { host, session } = setUp();
    host.more = { setting: "path", origin: "the setting path" };
    for (const step of steps) {
      await step(host, session);
    }
    assert.deepEqual(host.complaints, [wanted]);
  });
}

test("crashes are answered more and more slowly, then given up with one complaint", async () => {
  const { host, session } = setUp();
  await session.refresh();
  for (let round = 0; round < 5; round += 1) {
    host.last.end("signal SIGSEGV");
    await host.wait(session);
  }
  host.last.end("signal SIGSEGV");
  assert.deepEqual(host.delays, [500, 1_000, 2_000, 4_000, 8_000]);
  assert.equal(session.state.kind, "failed");
  assert.equal(host.pending, undefined);
  assert.deepEqual(host.complaints, [
    "the server exited repeatedly and is not restarted again. signal SIGSEGV",
  ]);
  await session.restart();
  assert.equal(session.state.kind, "running");
  host.last.end("signal SIGSEGV");
  assert.equal(host.delays.at(-1), 500);
});

const MEANWHILE: [string, Step][] = [
  ["a restart", restart],
  ["the end", stop],
];

for (const [title, step] of MEANWHILE) {
  test(`${title} takes the place of a planned start`, async () => {
    const { host, session } = setUp();
    await session.refresh();
    host.last.end("exit code 1");
    await step(host, session);
    assert.equal(host.pending, undefined);
  });
}

test("only a person's restart and the end abort a search for interpreters", async () => {
  const { host, session } = setUp();
  hang(host);
  void session.refresh();
  void session.refresh();
  await settled();
  assert.deepEqual(aborted(host), [false]);
  void session.restart();
  await settled();
  assert.deepEqual(aborted(host), [true, false]);
  await session.stop();
  assert.deepEqual(aborted(host), [true, true]);
});

function aborted({ signals }: FakeHost): boolean[] {
  return signals.map((signal) => signal.aborted);
}

test("a server that ends while a command line is looked for is started again once", async () => {
  const { host, session } = setUp();
  await session.refresh();
  let found: () => void = () => undefined;
  host.gate = new Promise((resolve) => {
    found = resolve;
  });
  const refreshed = session.refresh();
  host.last.end("exit code 1");
  assert(host.pending, "a start is planned");
  found();
  await refreshed;
  assert.equal(host.pending, undefined);
  assert.deepEqual(host.history, ["a", "a"]);
  assert.equal(session.state.kind, "running");
});

test("however much is asked for while a server starts, one more follows", async () => {
  const { host, session } = setUp();
  host.behaviour = "slow";
  const first = session.refresh();
  await settled();
  assert.deepEqual(host.history, ["a"]);
  const others = [session.refresh(), session.restart(), session.restart(), session.refresh()];
  await settled();
  assert.deepEqual(host.history, ["a stopped", "a"], "never two at once");
  host.last.goOn();
  await Promise.all([first, ...others]);
  assert.deepEqual(host.history, ["a stopped", "a"]);
});

test("news that come while a server starts do not start another one like it", async () => {
  const { host, session } = setUp();
  host.behaviour = "slow";
  const first = session.refresh();
  await settled();
  const second = session.refresh();
  host.last.goOn();
  await Promise.all([first, second]);
  assert.deepEqual(host.history, ["a"]);
});

test("a server that ends while it becomes ready is started again", async () => {
  const { host, session } = setUp();
  host.behaviour = "slow";
  const started = session.refresh();
  await settled();
  host.last.end("exit code 1");
  host.last.goOn();
  await started;
  assert.equal(session.state.kind, "starting");
  assert.deepEqual(host.delays, [500]);
});

test("the end waits for what is under way and leaves nothing behind", async () => {
  const { host, session } = setUp();
  host.behaviour = "slow";
  const started = session.refresh();
  await settled();
  const stopped = session.stop();
  host.last.goOn();
  await Promise.all([started, stopped]);
  assert.deepEqual(host.history, ["a stopped"]);
  assert.equal(session.state.kind, "stopped");
});

test("the end before there is a command line starts nothing", async () => {
  const { host, session } = setUp();
  const started = session.refresh();
  await Promise.all([session.stop(), started]);
  assert.deepEqual(host.history, []);
});
