/**
 * Fixing on saving: which settings that takes.
 *
 * Owns adding to what is there already. Refuses to know where settings are kept.
 */

/** What `editor.codeActionsOnSave` may hold: the list is its older form. */
export type OnSave = readonly string[] | Readonly<Record<string, unknown>>;

/** A setting to be written. */
export interface Addition {
  readonly section: string;
  readonly key: string;
  readonly kind: string;
  /** Only for this language, if it names one. */
  readonly languageId?: string;
}

/** "explicit": on saving by hand, not on every automatic saving in the middle of a word. */
export const ADDITIONS: readonly Addition[] = [
  {
    section: "editor",
    key: "codeActionsOnSave",
    kind: "source.fixAll.sentry-migrate",
    languageId: "python",
  },
  {
    section: "notebook",
    key: "codeActionsOnSave",
    kind: "notebook.source.fixAll.sentry-migrate",
  },
];

/**
 * What must be repeated of the value that holds so far. A table is laid over those of other levels,
 * but takes the place of a list.
 */
export function inherited(effective: OnSave | undefined): OnSave | undefined {
  return isList(effective) ? effective : undefined;
}

/** The setting with a kind added; what else is there stays. */
export function withKind(present: OnSave | undefined, kind: string): OnSave {
  if (isList(present)) {
    return present.includes(kind) ? present : [...present, kind];
  }
  return { ...present, [kind]: "explicit" };
}

/** The setting without a kind; what else is there stays. */
export function withoutKind(present: OnSave, kind: string): OnSave {
  if (isList(present)) {
    return present.filter((one) => one !== kind);
  }
  return Object.fromEntries(Object.entries(present).filter(([one]) => one !== kind));
}

function isList(present: OnSave | undefined): present is readonly string[] {
  return Array.isArray(present);
}
