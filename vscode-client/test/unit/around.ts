/** Surroundings for tests: a trusted workspace of two folders, on Linux unless said otherwise. */

import type { Surroundings } from "../../src/variables";

export const AROUND: Surroundings = {
  folders: [
    { name: "shop", path: "/code/shop" },
    { name: "tools", path: "/code/tools" },
  ],
  trusted: true,
  home: "/home/ada",
  env: { VENV: "/envs/one", EMPTY: "" },
  platform: "linux",
  followLinks: (path) => path,
};

export const WINDOWS: Surroundings = {
  ...AROUND,
  folders: [{ name: "shop", path: "C:\\code\\shop" }],
  home: "C:\\Users\\ada",
  platform: "win32",
};

export const NO_FOLDER: Surroundings = { ...AROUND, folders: [] };

export const UNTRUSTED: Surroundings = { ...AROUND, trusted: false };
