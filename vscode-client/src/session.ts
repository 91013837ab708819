/**
 * One server at a time, started, stopped and started again.
 *
 * Owns the order of these steps: never two at once, and however often a new start is asked for
 * while one is under way, one follows. Refuses to know editors and processes; both are its host's.
 */

import { BackOff } from "./backoff";
import { same, type Failure, type Launch } from "./launch";

/** What a person may see of it. */
export type State =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly launch: Launch }
  | { readonly kind: "failed"; readonly reason: string };

/** A server's process and the connection to it. */
export interface Connection {
  /** Settles when the server answered; fails if it ends before it does, or answers nonsense. */
  start(): Promise<void>;
  /** Settles when the process is gone. Does not fail. */
  stop(): Promise<void>;
}

/** What a session needs of its surroundings. */
export interface Host<C extends Connection> {
  /** The command line that the settings mean now. */
  resolve(): Promise<Launch | Failure>;
  /** A connection, not started. `ended` is called if its process ends by itself. */
  connect(launch: Launch, ended: (how: string) => void): C;
  /** There is a new state to show. */
  changed(state: State): void;
  /** Tell the person; for what makes the extension useless until they do something. */
  complain(reason: string): void;
  log(message: string): void;
  now(): number;
  /** Call back after some milliseconds, unless the returned function is called before. */
  later(delay: number, action: () => void): () => void;
}

/** The life of the server in one window. */
export class Session<C extends Connection> {
  private readonly backOff = new BackOff();
  private current: { readonly connection: C; readonly launch: Launch } | undefined;
  private shown: State = { kind: "stopped" };
  private wanted: { readonly force: boolean } | undefined;
  private work: Promise<void> | undefined;
  private disposed = false;
  private said: string | undefined;
  private cancel: () => void = nothing;

  constructor(private readonly host: Host<C>) {}

  get state(): State {
    return this.shown;
  }

  /** The connection to the running server, if it runs. */
  get connection(): C | undefined {
    return this.current?.connection;
  }

  /** See to it that the server runs as the settings say. One that does already goes on. */
  refresh(): Promise<void> {
    return this.request(false);
  }

  /** A new server, whatever the state is. What failed before is forgotten. */
  restart(): Promise<void> {
    this.backOff.reset();
    this.said = undefined;
    return this.request(true);
  }

  /** The end. Nothing is started any more. */
  async stop(): Promise<void> {
    this.disposed = true;
    this.cancel();
    await this.work;
    await this.end();
    this.show({ kind: "stopped" });
  }

  private request(force: boolean): Promise<void> {
    if (this.disposed) {
      return Promise.resolve();
    }
    this.wanted = { force: force || this.wanted?.force === true };
    this.work ??= this.drain();
    return this.work;
  }

  private async drain(): Promise<void> {
    try {
      for (let next = this.wanted; next && !this.disposed; next = this.wanted) {
        this.wanted = undefined;
        await this.renew(next.force);
      }
    } finally {
      this.work = undefined;
    }
  }

  private async renew(force: boolean): Promise<void> {
    this.cancel();
    if (this.current === undefined) {
      this.show({ kind: "starting" });
    }
    const launch = await this.host.resolve().catch((error: unknown): Failure => ({
      failure: `it cannot be told how to start: ${String(error)}`,
    }));
    if (this.disposed) {
      return;
    }
    if ("failure" in launch) {
      await this.end();
      this.fail(launch.failure);
    } else if (force || this.current === undefined || !same(this.current.launch, launch)) {
      await this.end();
      this.show({ kind: "starting" });
      await this.begin(launch);
    } else {
      this.host.log("the server runs as the settings say already");
    }
  }

  private async begin(launch: Launch): Promise<void> {
    let gone: string | undefined;
    const connection = this.host.connect(launch, (how) => {
      gone = how;
      this.ended(connection, how);
    });
    try {
      await connection.start();
    } catch (error) {
      await connection.stop();
      this.fail(
        `the server did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
      return;
    }
    this.current = { connection, launch };
    this.said = undefined;
    this.show({ kind: "running", launch });
    if (gone !== undefined) {
      this.ended(connection, gone);
    }
  }

  /** The server's process ended by itself. One that is still starting tells so by failing. */
  private ended(connection: C, how: string): void {
    if (connection !== this.current?.connection || this.disposed) {
      return;
    }
    this.current = undefined;
    const delay = this.backOff.crashed(this.host.now());
    if (delay === undefined) {
      this.fail(`the server ended again and again; it is not started any more. ${how}`);
      return;
    }
    this.host.log(`the server ended: ${how}; a new one starts in ${delay.toString()} ms`);
    this.show({ kind: "starting" });
    this.cancel = this.host.later(delay, () => void this.request(true));
  }

  private async end(): Promise<void> {
    const connection = this.current?.connection;
    this.current = undefined;
    await connection?.stop();
  }

  private fail(reason: string): void {
    this.show({ kind: "failed", reason });
    if (reason !== this.said) {
      this.said = reason;
      this.host.complain(reason);
    }
  }

  private show(state: State): void {
    this.shown = state;
    this.host.changed(state);
  }
}

function nothing(): void {
  // no new start is planned
}
