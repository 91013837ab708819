/**
 * The commands that switch fixing on saving on and off.
 *
 * Owns what a person is asked and told, and where the settings are kept. Which those are is
 * `saving.ts`'s business.
 */

import * as vscode from "vscode";
import { ADDITIONS, inherited, withKind, withoutKind, type OnSave } from "./saving";

/** Asks, and then has the workspace's settings fix on saving. */
export async function fixOnSave(): Promise<void> {
  if (!vscode.workspace.workspaceFolders?.length) {
    void vscode.window.showInformationMessage(
      "Open a folder first: fixing on save is a setting of the workspace.",
    );
    return;
  }
  const write = "Turn On";
  const answer = await vscode.window.showInformationMessage(
    "Apply safe fixes whenever you save a Python file of this workspace?",
    {
      modal: true,
      detail:
        `${ADDITIONS.map(written).join("\n")}\n\n` +
        "This adds the following lines to the workspace settings. " +
        "Turn Off Fix on Save removes them.",
    },
    write,
  );
  if (answer !== write) {
    return;
  }
  await change((own, effective, kind) => withKind(own ?? inherited(effective), kind));
}

/** Changes the workspace's own settings only; those of the person stay theirs. */
export async function fixOnSaveOff(): Promise<void> {
  const changed: string[] = [];
  await change((own, _, kind) => {
    if (own === undefined) return undefined;
    const value = withoutKind(own, kind);
    if (JSON.stringify(value) !== JSON.stringify(own)) changed.push(kind);
    return Object.keys(value).length === 0 ? undefined : value;
  });
  void vscode.window.showInformationMessage(
    changed.length > 0
      ? "Saving no longer applies fixes of Sentry Migrate in this workspace."
      : "Fix on save is not turned on for this workspace.",
  );
}

/** Sets each setting of the workspace to what is made of its own value and the one that holds. */
async function change(
  make: (
    own: OnSave | undefined,
    effective: OnSave | undefined,
    kind: string,
  ) => OnSave | undefined,
): Promise<void> {
  for (const { section, key, kind, languageId } of ADDITIONS) {
    const scope = languageId === undefined ? undefined : { languageId };
    const settings = vscode.workspace.getConfiguration(section, scope);
    const present = settings.inspect<OnSave>(key);
    const own =
      languageId === undefined ? present?.workspaceValue : present?.workspaceLanguageValue;
    const value = make(own, settings.get<OnSave>(key), kind);
    if (own === undefined && value === undefined) continue;
    const target = vscode.ConfigurationTarget.Workspace;
    await settings.update(key, value, target, languageId !== undefined);
  }
}

function written({ section, key, kind, languageId }: (typeof ADDITIONS)[number]): string {
  const place = languageId === undefined ? "" : `[${languageId}] `;
  return `${place}${section}.${key}: "${kind}": "explicit"`;
}
