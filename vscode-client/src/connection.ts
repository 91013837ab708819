/**
 * The server's process and the language client that talks to it.
 *
 * Owns starting the process, knowing how it ended, and what the client may say to a person: nothing
 * of its own, because the session says it once.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient/node";
import { Collections } from "./collections";
import { cleanEnvironment, type Launch } from "./launch";
import { lastLine } from "./probe";
import { isHistory, SELECTOR } from "./selector";
import type { Connection } from "./session";
import { SECTION, surroundings } from "./settings";

/** The scheme of documents that the server has the content of. */
const PAGES = "sentry-migrate";

/** How much of what a process complained about is kept, in characters. */
const TAIL = 2_000;

/** How long a server may take to answer for the first time, in milliseconds. */
const GREETING = 60_000;

/** How long a server may take to leave, in milliseconds, before it is ended. */
const FAREWELL = 2_000;

/** Messages that the library insists on showing are shown by the session, in its own words. */
class Client extends LanguageClient {
  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, show === "force" ? false : show);
  }
}

/** A connection that has not been started. */
export class ServerConnection implements Connection {
  private readonly client: LanguageClient;
  private process: ChildProcess | undefined;
  private complaint = "";
  private readonly end: Promise<string>;
  private tellEnd: (how: string) => void = ignore;
  private stopping = false;

  constructor(
    private readonly launch: Launch,
    log: vscode.LogOutputChannel,
    trace: vscode.LogOutputChannel,
    ended: (how: string) => void,
    progressed: (message: string, percentage: number) => void,
  ) {
    this.end = new Promise((resolve) => {
      this.tellEnd = resolve;
    });
    void this.end.then((how) => {
      if (!this.stopping) {
        ended(how);
      }
    });
    this.client = new Client(SECTION, "Sentry Migrate", () => this.spawn(), {
      ...options(log, trace),
      middleware: middleware(progressed),
    });
  }

  async start(): Promise<void> {
    const early = this.end.then((how) => {
      throw new Error(how);
    });
    const started = this.client.start().catch((error: unknown) => this.why(error));
    const patience = new AbortController();
    const late = pause(GREETING, undefined, { signal: patience.signal }).then(() => {
      throw new Error(`it did not answer within ${(GREETING / 1_000).toString()} seconds`);
    });
    try {
      await Promise.race([started, early, late]);
    } finally {
      patience.abort();
      late.catch(ignore);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    // A client that never got as far as running cannot be stopped; its process can.
    await this.client.stop(FAREWELL).catch(ignore);
    const { process } = this;
    if (process?.exitCode === null && process.signalCode === null) {
      process.stdin?.end();
      const patience = setTimeout(() => process.kill("SIGKILL"), FAREWELL);
      await this.end;
      clearTimeout(patience);
    }
  }

  /** The result of one of the server's commands. */
  execute<Result>(command: string, ...args: unknown[]): Promise<Result> {
    const params = { command, arguments: args };
    return this.client.sendRequest(ExecuteCommandRequest.type, params) as Promise<Result>;
  }

  private async spawn(): Promise<ChildProcess> {
    if (this.stopping) {
      throw new Error("it was stopped before it started");
    }
    const [program = "", ...args] = this.launch.command;
    const child = spawn(program, args, {
      cwd: this.launch.cwd,
      env: cleanEnvironment(surroundings()),
      stdio: "pipe",
      windowsHide: true,
    });
    this.process = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.complaint = (this.complaint + text).slice(-TAIL);
    });
    child.once("exit", (code, signal) => {
      const end = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
      const tell = (): void => {
        this.tellEnd([lastLine(this.complaint), `(${end})`].filter(Boolean).join(" "));
      };
      // By `close`, all of standard error was read; but a worker that holds it may delay that.
      child.once("close", tell);
      setTimeout(tell, 500).unref();
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      this.tellEnd(error.code === "ENOENT" ? `${program} was not found` : error.message);
    });
    await once(child, "spawn");
    return child;
  }

  /** The end of the process explains more than what became of the request it did not answer. */
  private async why(error: unknown): Promise<never> {
    const how = await Promise.race([this.end, pause(1_000, undefined)]);
    throw how === undefined ? error : new Error(how);
  }
}

function options(
  outputChannel: vscode.LogOutputChannel,
  traceOutputChannel: vscode.LogOutputChannel,
): LanguageClientOptions {
  return {
    diagnosticCollectionProvider: new Collections(),
    documentSelector: [...SELECTOR],
    outputChannel,
    traceOutputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
    },
  };
}

function middleware(progressed: (message: string, percentage: number) => void): Middleware {
  return {
    provideDiagnostics: (document, previousResultId, token, next) => {
      const { scheme } = "uri" in document ? document.uri : document;
      return isHistory(scheme) ? undefined : next(document, previousResultId, token);
    },
    handleWorkDoneProgress: (token, params, next) => {
      if (params.kind === "report") progressed(params.message ?? "", params.percentage ?? 0);
      next(token, params);
    },
    window: {
      // The pages of rules are Markdown, and to be read.
      showDocument: async (params, token, next) => {
        const uri = vscode.Uri.parse(params.uri, true);
        if (params.external === true || uri.scheme !== PAGES) {
          return next(params, token);
        }
        await vscode.commands.executeCommand("markdown.showPreview", uri);
        return { success: true };
      },
    },
  };
}

function ignore(): void {
  // what is ignored is said where this is used
}
