/**
 * Variables in settings that are paths.
 *
 * Owns what `~`, `${workspaceFolder}`, `${userHome}` and `${env:NAME}` mean. What cannot be
 * expanded is refused with a reason, never passed on as text: it would be run as a program's name.
 */

import { posix, win32 } from "node:path";

/** Where settings are read. */
export interface Surroundings {
  readonly folders: readonly Folder[];
  readonly trusted: boolean;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where a path leads, links to files left alone. */
  readonly followLinks: (path: string) => string;
}

/** A workspace folder that is a directory of this machine. */
export interface Folder {
  readonly name: string;
  readonly path: string;
}

/** A text, or why there is none. */
export type Expanded =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** A setting with its variables replaced. */
export function expand(text: string, around: Surroundings): Expanded {
  let reason: string | undefined;
  const rooted = text.replace(/^~(?=$|[/\\])/, () => around.home);
  const expanded = rooted.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    const value = lookUp(name, around);
    if (value.ok) {
      return value.text;
    }
    reason ??= `${whole} ${value.reason}`;
    return whole;
  });
  return reason === undefined ? { ok: true, text: expanded } : { ok: false, reason };
}

function lookUp(name: string, around: Surroundings): Expanded {
  if (name === "userHome") {
    return { ok: true, text: around.home };
  }
  if (name.startsWith("env:")) {
    const value = around.env[name.slice("env:".length)];
    return value ? { ok: true, text: value } : { ok: false, reason: "is not set" };
  }
  if (name === "workspaceFolder") {
    const [first] = around.folders;
    return first ? { ok: true, text: first.path } : { ok: false, reason: "needs an open folder" };
  }
  if (name.startsWith("workspaceFolder:")) {
    const wanted = name.slice("workspaceFolder:".length);
    const folder = around.folders.find((candidate) => candidate.name === wanted);
    return folder
      ? { ok: true, text: folder.path }
      : { ok: false, reason: "is not a folder of this workspace" };
  }
  return {
    ok: false,
    reason:
      "is unknown; expected ${workspaceFolder}, ${workspaceFolder:NAME}, ${userHome}, ${env:NAME}",
  };
}

/** A command from the settings, whatever was written there. What is no command is not set. */
export function asCommand(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return value === "" ? [] : [value];
  }
  return Array.isArray(value) && value.every((part) => typeof part === "string") ? value : [];
}

/**
 * A command from the settings, ready to run; or why it must not be.
 *
 * A program is an absolute path or a bare name, which is searched on PATH. A relative path would
 * mean another file for each directory the editor happens to run in.
 */
export function expandCommand(
  command: readonly string[],
  around: Surroundings,
):
  { readonly ok: true; readonly command: readonly string[] } | (Expanded & { readonly ok: false }) {
  const parts: string[] = [];
  for (const part of command) {
    const expanded = expand(part, around);
    if (!expanded.ok) {
      return expanded;
    }
    parts.push(expanded.text);
  }
  const [program = ""] = parts;
  if (program === "") {
    return { ok: false, reason: "the program name is empty" };
  }
  const path = around.platform === "win32" ? win32 : posix;
  const bare = !program.includes("/") && !(around.platform === "win32" && /[\\:]/.test(program));
  if (!bare && !path.isAbsolute(program)) {
    const meant = path.join("${workspaceFolder}", program);
    return { ok: false, reason: `"${program}" is a relative path; did you mean "${meant}"?` };
  }
  if (!around.trusted && parts.some((part) => isInside(part, around))) {
    return { ok: false, reason: `"${program}" is in an untrusted workspace` };
  }
  return { ok: true, command: parts };
}

/** Whether a path lies in one of the workspace folders, as it is written or where links lead. */
export function isInside(file: string, around: Surroundings): boolean {
  const path = around.platform === "win32" ? win32 : posix;
  if (!path.isAbsolute(file)) {
    return false;
  }
  // `win32.relative` ignores case by itself.
  const fold = (text: string): string => (around.platform === "darwin" ? text.toLowerCase() : text);
  const contains = (folder: string, inner: string): boolean => {
    const way = path.relative(fold(folder), fold(inner));
    return !path.isAbsolute(way) && way.split(path.sep)[0] !== "..";
  };
  return around.folders.some(
    (folder) =>
      contains(folder.path, file) ||
      contains(around.followLinks(folder.path), around.followLinks(file)),
  );
}

/** A PATH without what a workspace that is not trusted could put programs into. */
export function safePath(value: string, around: Surroundings): string {
  const path = around.platform === "win32" ? win32 : posix;
  return value
    .split(path.delimiter)
    .filter((entry) => path.isAbsolute(entry) && !isInside(entry, around))
    .join(path.delimiter);
}
