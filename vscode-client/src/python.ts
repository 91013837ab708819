/**
 * What other extensions know about interpreters.
 *
 * Owns asking Python Environments and the Python extension. Both may be missing, slow or wrong;
 * then there is nothing to offer, and that is no error. Only what is needed of their interfaces is
 * written down here.
 */

import type { Event, Uri } from "vscode";
import { fromExtension, type Offer } from "./interpreter";
import type { Surroundings } from "./variables";

interface PythonEnvironments {
  getEnvironment(
    scope: Uri | undefined,
  ): Promise<{ execInfo: { run: { executable: string; args?: string[] } } } | undefined>;
  readonly onDidChangeEnvironment: Event<unknown>;
}

interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

/** What an extension exports, by its identifier. */
interface Interfaces {
  readonly "ms-python.vscode-python-envs": PythonEnvironments;
  readonly "ms-python.python": PythonExtension;
}

/** The editor, as far as it is needed to ask. */
export interface Editor {
  extension(id: string): { activate(): PromiseLike<unknown> } | undefined;
  folder(): Uri | undefined;
  surroundings(): Surroundings;
  warn(message: string): void;
  /** An extension would offer something else now. */
  changed(): void;
  /** Milliseconds to wait: activating an extension can take long, and whoever asks waits. */
  readonly patience: number;
}

/** Offers of other extensions. */
export class PythonExtensions {
  private readonly late = new Set<string>();
  private readonly subscriptions = new Map<string, { dispose(): unknown }>();

  constructor(private readonly editor: Editor) {}

  /** The active interpreter by Python Environments, which knows better where both are there. */
  async environments(): Promise<readonly Offer[]> {
    return this.ask("ms-python.vscode-python-envs", async (api) => {
      this.subscribe("environments", api.onDidChangeEnvironment);
      const run = (await api.getEnvironment(this.editor.folder()))?.execInfo.run;
      return run && [run.executable, ...(run.args ?? [])];
    });
  }

  /** The active interpreter by the Python extension. */
  async python(): Promise<readonly Offer[]> {
    return this.ask("ms-python.python", async ({ environments }) => {
      this.subscribe("python", environments.onDidChangeActiveEnvironmentPath);
      const active = environments.getActiveEnvironmentPath(this.editor.folder());
      const resolved = await environments.resolveEnvironment(active);
      const program = resolved?.executable.uri?.fsPath;
      return program === undefined ? undefined : [program];
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions.values()) {
      subscription.dispose();
    }
  }

  private async ask<Id extends keyof Interfaces>(
    id: Id,
    question: (api: Interfaces[Id]) => Promise<readonly string[] | undefined>,
  ): Promise<readonly Offer[]> {
    const extension = this.editor.extension(id);
    if (extension === undefined) {
      return [];
    }
    const answer = (async () => {
      const api = (await extension.activate()) as Interfaces[Id] | undefined;
      return api && (await question(api));
    })();
    try {
      const command = await Promise.race([answer, this.tooLate()]);
      return fromExtension(`the extension ${id}`, command ?? [], this.editor.surroundings());
    } catch (error) {
      this.editor.warn(`${id} did not return an interpreter: ${String(error)}`);
      this.askAgain(id, answer);
      return [];
    }
  }

  private tooLate(): Promise<never> {
    const { patience } = this.editor;
    return new Promise((_, reject) => {
      setTimeout(() => {
        reject(new Error(`no answer within ${(patience / 1000).toString()} seconds`));
      }, patience);
    });
  }

  /** Whoever was too slow is asked once more when there is an answer; a failure is final. */
  private askAgain(id: string, answer: Promise<unknown>): void {
    if (!this.late.has(id)) {
      this.late.add(id);
      answer.then(
        () => {
          this.editor.changed();
        },
        () => undefined,
      );
    }
  }

  private subscribe(name: string, event: Event<unknown>): void {
    if (!this.subscriptions.has(name)) {
      this.subscriptions.set(
        name,
        event(() => {
          this.editor.changed();
        }),
      );
    }
  }
}
