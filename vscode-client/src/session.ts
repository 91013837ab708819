/**
 * One server at a time, started, stopped and started again.
 *
 * Owns the order of these steps: never two at once, and however often a new start is asked for
 * while one is under way, one follows. A person's restart and the end do not wait for what is under
 * way, but abort it. Refuses to know editors and processes; both are its host's.
 */

import { once } from "node:events";
import { BackOff } from "./backoff";
import { same, type Choosing, type Failure, type Launch } from "./launch";

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
  /** Settles when the process is gone. Does not fail; a start that is under way does. */
  stop(): Promise<void>;
}

/** What a session needs of its surroundings. */
export interface Host<C extends Connection> {
  /** The command line that the settings mean now. Once aborted, nobody reads what it finds. */
  resolve(signal: AbortSignal): Promise<Launch | Failure>;
  /** A connection, not started. `ended` is called if its process ends by itself. */
  connect(launch: Launch, ended: (how: string) => void): C;
  /** There is a new state to show. */
  changed(state: State): void;
  /**
   * Tell the person; for what makes the extension useless until they do something, in a setting if
   * one is named.
   */
  complain(reason: string, setting?: Choosing): void;
  /** Tell the person that their setting does nothing, although the server runs. */
  warn(note: string): void;
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
  private step = new AbortController();
  private disposed = false;
  private said: string | undefined;
  private noted: string | undefined;
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
    this.noted = undefined;
    this.step.abort();
    return this.request(true);
  }

  /** The connection, for a person who needs it now. Where there is none, a failure is said. */
  async ready(): Promise<C | undefined> {
    if (this.current === undefined) {
      await (this.shown.kind === "failed" ? this.restart() : this.refresh());
    }
    return this.connection;
  }

  /** The end. Nothing is started any more. */
  async stop(): Promise<void> {
    this.disposed = true;
    this.cancel();
    this.step.abort();
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
        this.step = new AbortController();
        await this.renew(next.force, this.step.signal);
      }
    } finally {
      this.work = undefined;
    }
  }

  /** One step. An aborted one shows nothing more and leaves no server; another step follows. */
  private async renew(force: boolean, signal: AbortSignal): Promise<void> {
    this.cancel();
    if (this.current === undefined) {
      this.show({ kind: "starting" });
    }
    const launch = await this.resolve(signal);
    if (launch === undefined) {
      return;
    }
    this.cancel(); // the server may have ended meanwhile; what comes now takes the plan's place
    if (!force && this.current && "command" in launch && same(this.current.launch, launch)) {
      this.host.log("the server already runs with these settings");
      this.run(this.current.connection, launch); // the way to the same command may be another
      return;
    }
    await this.end();
    if (signal.aborted) {
      return;
    }
    if ("failure" in launch) {
      this.fail(launch.failure, launch.setting);
    } else {
      this.show({ kind: "starting" });
      await this.begin(launch, signal);
    }
  }

  /** The command line, or why there is none; nothing as soon as the step is aborted. */
  private resolve(signal: AbortSignal): Promise<Launch | Failure | undefined> {
    const launch = this.host.resolve(signal).catch((error: unknown): Failure => ({
      failure: `cannot determine how to start it: ${String(error)}`,
    }));
    return Promise.race([launch, once(signal, "abort").then(() => undefined)]);
  }

  private async begin(launch: Launch, signal: AbortSignal): Promise<void> {
    let gone: string | undefined;
    const connection = this.host.connect(launch, (how) => {
      gone = how;
      this.ended(connection, how);
    });
    const abort = (): void => void connection.stop();
    signal.addEventListener("abort", abort);
    try {
      await connection.start();
      signal.throwIfAborted();
    } catch (error) {
      await connection.stop();
      if (!signal.aborted) {
        const why = error instanceof Error ? error.message : String(error);
        this.fail(`${began(launch)}: ${why}`, launch.setting);
      }
      return;
    } finally {
      signal.removeEventListener("abort", abort);
    }
    this.run(connection, launch);
    if (gone !== undefined) {
      this.ended(connection, gone);
    }
  }

  private run(connection: C, launch: Launch): void {
    this.current = { connection, launch };
    this.said = undefined;
    this.show({ kind: "running", launch });
    if (launch.note !== undefined && launch.note !== this.noted) {
      this.host.warn(launch.note);
    }
    this.noted = launch.note;
  }

  /** The server's process ended by itself. One that is still starting tells so by failing. */
  private ended(connection: C, how: string): void {
    if (connection !== this.current?.connection || this.disposed) {
      return;
    }
    const { setting } = this.current.launch;
    this.current = undefined;
    const delay = this.backOff.crashed(this.host.now());
    if (delay === undefined) {
      this.fail(`the server exited repeatedly and is not restarted again. ${how}`, setting);
      return;
    }
    this.host.log(`the server exited: ${how}; restarting it in ${delay.toString()} ms`);
    this.show({ kind: "starting" });
    this.cancel = this.host.later(delay, () => void this.request(true));
  }

  private async end(): Promise<void> {
    const connection = this.current?.connection;
    this.current = undefined;
    await connection?.stop();
  }

  private fail(reason: string, setting?: Choosing): void {
    this.show({ kind: "failed", reason });
    if (reason !== this.said) {
      this.said = reason;
      this.host.complain(reason, setting);
    }
  }

  private show(state: State): void {
    this.shown = state;
    this.host.changed(state);
  }
}

/** How to say that a start failed: of a command from the settings, with its words. */
function began({ setting, command, origin }: Launch): string {
  return setting === undefined ? "start failed" : `${origin} does not start: ${command.join(" ")}`;
}

function nothing(): void {
  // no new start is planned
}
