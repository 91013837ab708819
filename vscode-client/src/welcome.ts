/**
 * The message that a project still requires sentry-sdk 1.x.
 *
 * Owns when it is shown: once for a project, and again later only to whoever said "Not Now". What
 * a project requires, and what is found in it, is the server's business. Refuses to know the
 * editor, and stays quiet if it cannot find anything out: nobody asked for it.
 */

import { count } from "./count";
import type { Overview } from "./rows";

/** What it needs of the editor. */
export interface Editor {
  /** Whether there is a project, and its settings want the message. */
  wanted(): boolean;
  /** Whether it was shown in this project, as the editor keeps it from session to session. */
  readonly shown: { get(): boolean; set(shown: boolean): PromiseLike<void> };
  /** What is found in the project; undefined or cancelled if nobody knows. */
  find(): Promise<Overview | { readonly cancelled: true } | undefined>;
  /** Shows a message, and returns what the person chose of these, if anything. */
  ask(message: string, ...choices: readonly string[]): PromiseLike<string | undefined>;
  /** Shows the migration view. */
  open(): PromiseLike<unknown>;
  log(message: string): void;
}

const OPEN = "Open Migration";
const LATER = "Not Now";
const NEVER = "Never Here";

/** The message of one window. */
export class Welcome {
  private asked = false;

  constructor(private readonly editor: Editor) {}

  /** There is a server that can be asked. */
  async ready(): Promise<void> {
    const { editor } = this;
    if (this.asked || !editor.wanted() || editor.shown.get()) return;
    this.asked = true;
    try {
      const message = described(await editor.find());
      if (message === undefined) return;
      await editor.shown.set(true);
      const answer = await editor.ask(message, OPEN, LATER, NEVER);
      if (answer === OPEN) await editor.open();
      if (answer === LATER) await editor.shown.set(false);
    } catch (error) {
      editor.log(`cannot tell what this project requires: ${String(error)}`);
    }
  }
}

/** What there is to say; nothing of a project that does not require 1.x, or has no uses of it. */
function described(found: Awaited<ReturnType<Editor["find"]>>): string | undefined {
  if (found === undefined || "cancelled" in found || !found.requires) return undefined;
  const groups = [...found.proved, ...found.toDecide, ...found.byHand];
  const uses = groups.reduce((total, group) => total + group.count, 0);
  if (uses === 0) return undefined;
  const { specifier, exact } = found.requires;
  const required = `sentry-sdk ${specifier} is ${exact ? "pinned" : "required"} here`;
  return `${required}: ${count(uses, "use")} of 1.x in ${count(found.files, "file")}.`;
}
