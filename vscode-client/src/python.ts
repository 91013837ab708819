/**
 * What other extensions know about interpreters.
 *
 * Owns asking Python Environments and the Python extension. Both may be missing, slow or wrong;
 * then there is nothing to offer, and that is no error. Only what is needed of their interfaces is
 * written down here.
 */

import * as vscode from "vscode";
import { fromExtension, type Offer } from "./interpreter";
import { surroundings } from "./settings";

/** Activating the Python extension can take long, and whoever opened a file waits. */
const PATIENCE = 5_000;

interface PythonEnvironments {
  getEnvironment(
    scope: vscode.Uri | undefined,
  ): Promise<{ execInfo: { run: { executable: string; args?: string[] } } } | undefined>;
  readonly onDidChangeEnvironment: vscode.Event<unknown>;
}

interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** What an extension exports, by its identifier. */
interface Interfaces {
  readonly "ms-python.vscode-python-envs": PythonEnvironments;
  readonly "ms-python.python": PythonExtension;
}

/** Offers of other extensions, and the news that they would offer something else. */
export class PythonExtensions implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly late = new Set<string>();
  private readonly subscriptions = new Map<string, vscode.Disposable>();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** The active interpreter by Python Environments, which knows better where both are there. */
  async environments(): Promise<readonly Offer[]> {
    return this.ask("ms-python.vscode-python-envs", async (api) => {
      this.subscribe("environments", api.onDidChangeEnvironment);
      const run = (await api.getEnvironment(folder()))?.execInfo.run;
      return run && [run.executable, ...(run.args ?? [])];
    });
  }

  /** The active interpreter by the Python extension. */
  async python(): Promise<readonly Offer[]> {
    return this.ask("ms-python.python", async ({ environments }) => {
      this.subscribe("python", environments.onDidChangeActiveEnvironmentPath);
      const active = environments.getActiveEnvironmentPath(folder());
      const resolved = await environments.resolveEnvironment(active);
      const program = resolved?.executable.uri?.fsPath;
      return program === undefined ? undefined : [program];
    });
  }

  dispose(): void {
    this.changed.dispose();
    for (const subscription of this.subscriptions.values()) {
      subscription.dispose();
    }
  }

  private async ask<Id extends keyof Interfaces>(
    id: Id,
    question: (api: Interfaces[Id]) => Promise<readonly string[] | undefined>,
  ): Promise<readonly Offer[]> {
    const extension = vscode.extensions.getExtension<Interfaces[Id] | undefined>(id);
    if (extension === undefined) {
      return [];
    }
    const asked = async (): Promise<readonly string[] | undefined> => {
      const api = await extension.activate();
      return api && (await question(api));
    };
    const answer = asked();
    try {
      const command = await Promise.race([answer, tooLate()]);
      return fromExtension(`the extension ${id}`, command ?? [], surroundings());
    } catch (error) {
      this.askAgain(id, answer);
      this.log.warn(`${id} names no interpreter: ${String(error)}`);
      return [];
    }
  }

  /** Whoever was too slow is asked once more when there is an answer; a failure is final. */
  private askAgain(id: string, answer: Promise<unknown>): void {
    if (!this.late.has(id)) {
      this.late.add(id);
      answer.then(
        () => {
          this.changed.fire();
        },
        () => undefined,
      );
    }
  }

  private subscribe(name: string, event: vscode.Event<unknown>): void {
    if (!this.subscriptions.has(name)) {
      this.subscriptions.set(
        name,
        event(() => {
          this.changed.fire();
        }),
      );
    }
  }
}

function folder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error(`no answer in ${(PATIENCE / 1000).toString()} seconds`));
    }, PATIENCE).unref();
  });
}
