import assert from "node:assert/strict";
import { test } from "node:test";
import { asCommand, expand, expandCommand, isInside, type Surroundings } from "../../src/variables";
import { AROUND, NO_FOLDER, UNTRUSTED, WINDOWS } from "./around";

const REFUSED: [string, Surroundings, RegExp][] = [
  ["${workspaceFolder}/x", NO_FOLDER, /^\$\{workspaceFolder\} needs an open folder$/],
  ["${workspaceFolder:gone}/x", AROUND, /^\$\{workspaceFolder:gone\} is not a folder/],
  ["${env:NOT_SET}/x", AROUND, /^\$\{env:NOT_SET\} is not set$/],
  ["${env:EMPTY}/x", AROUND, /^\$\{env:EMPTY\} is not set$/],
  ["${command:pick}", AROUND, /^\$\{command:pick\} is unknown; expected /],
  ["${}", AROUND, /^\$\{\} is unknown/],
  ["${one}/${two}", AROUND, /^\$\{one\} is unknown/],
];

for (const [text, around, reason] of REFUSED) {
  test(`refused: ${text}`, () => {
    const expanded = expand(text, around);
    assert(!expanded.ok);
    assert.match(expanded.reason, reason);
  });
}

const EXPANDED: [string, string, Surroundings?][] = [
  ["", ""],
  ["python3", "python3"],
  ["~", "/home/ada"],
  ["~/bin/python", "/home/ada/bin/python"],
  ["~\\bin\\python", "C:\\Users\\ada\\bin\\python", WINDOWS],
  ["~grace/bin/python", "~grace/bin/python"],
  ["/opt/~/python", "/opt/~/python"],
  ["${workspaceFolder}/.venv/bin/python", "/code/shop/.venv/bin/python"],
  ["${workspaceFolder:tools}/x", "/code/tools/x"],
  ["${userHome}/x", "/home/ada/x"],
  ["${env:VENV}/bin/python", "/envs/one/bin/python"],
  ["${env:VENV}${env:VENV}", "/envs/one/envs/one"],
  ["$HOME/${", "$HOME/${"],
  // What replaces a variable is no pattern and is not looked at again.
  ["${env:ODD}", "$& ${userHome}", { ...AROUND, env: { ODD: "$& ${userHome}" } }],
];

for (const [text, wanted, around = AROUND] of EXPANDED) {
  test(`expanded: ${text}`, () => {
    assert.deepEqual(expand(text, around), { ok: true, text: wanted });
  });
}

const SETTINGS: [unknown, string[]][] = [
  [undefined, []],
  [null, []],
  [[], []],
  [
    ["python3", "-X", "dev"],
    ["python3", "-X", "dev"],
  ],
  ["/opt/my python/bin/python", ["/opt/my python/bin/python"]],
  ["", []],
  [7, []],
  [true, []],
  [{ 0: "python3" }, []],
  [["python3", null], []],
  [[["python3"]], []],
];

for (const [value, wanted] of SETTINGS) {
  test(`written as a command: ${JSON.stringify(value)}`, () => {
    assert.deepEqual(asCommand(value), wanted);
  });
}

const REFUSED_COMMANDS: [string[], Surroundings, RegExp][] = [
  [[], AROUND, /name is empty/],
  [[""], AROUND, /name is empty/],
  [["python3", "${nope}"], AROUND, /\$\{nope\} is unknown/],
  [
    [".venv/bin/python"],
    AROUND,
    /^"\.venv\/bin\/python" is a relative path; did you mean "\$\{workspaceFolder\}\/\.venv\/bin\/python"\?$/,
  ],
  [["./python"], AROUND, /did you mean "\$\{workspaceFolder\}\/python"/],
  [["../python"], AROUND, /is a relative path/],
  [["venv\\python.exe"], WINDOWS, /did you mean "\$\{workspaceFolder\}\\venv\\python\.exe"/],
  [["C:python.exe"], WINDOWS, /is a relative path/],
  [["${workspaceFolder}/.venv/bin/python"], UNTRUSTED, /an untrusted workspace/],
  [["/code/tools/python"], UNTRUSTED, /an untrusted workspace/],
  [["python3", "/code/shop/evil.py"], UNTRUSTED, /an untrusted workspace/],
];

for (const [command, around, reason] of REFUSED_COMMANDS) {
  test(`refused command: ${command.join(" ")}`, () => {
    const expanded = expandCommand(command, around);
    assert(!expanded.ok);
    assert.match(expanded.reason, reason);
  });
}

const COMMANDS: [string[], string[], Surroundings?][] = [
  [["python3"], ["python3"]],
  [
    ["py", "-3"],
    ["py", "-3"],
  ],
  [["/usr/bin/python3"], ["/usr/bin/python3"]],
  [["${workspaceFolder}/.venv/bin/python"], ["/code/shop/.venv/bin/python"]],
  [
    ["~/py thon/python", "-X", "dev"],
    ["/home/ada/py thon/python", "-X", "dev"],
  ],
  // A name with a backslash is only a name where backslashes separate nothing.
  [["odd\\name"], ["odd\\name"]],
  [["D:\\Python\\python.exe"], ["D:\\Python\\python.exe"], WINDOWS],
  [["/usr/bin/python3"], ["/usr/bin/python3"], UNTRUSTED],
  [["/code/shop-elsewhere/python"], ["/code/shop-elsewhere/python"], UNTRUSTED],
];

for (const [command, wanted, around = AROUND] of COMMANDS) {
  test(`command: ${command.join(" ")}`, () => {
    assert.deepEqual(expandCommand(command, around), { ok: true, command: wanted });
  });
}

/** A folder that was opened by a link, as `/tmp` is on a Mac, and links elsewhere into it. */
const LINKED: Surroundings = {
  ...AROUND,
  folders: [{ name: "shop", path: "/tmp/shop" }],
  followLinks: (path) =>
    path.replace(/^\/tmp(?=\/|$)/, "/private/tmp").replace("/links/shop", "/private/tmp/shop"),
};

const PLACES: [string, boolean, Surroundings?][] = [
  ["/code/shop", true],
  ["/code/shop/a/b", true],
  ["/code/tools/a", true],
  ["/code/shop/../shop/a", true],
  ["/code/shop/..a", true],
  ["/code/shop/../else", false],
  ["/code/shopping", false],
  ["/code", false],
  ["python3", false],
  ["c:\\CODE\\shop\\python.exe", true, WINDOWS],
  ["D:\\code\\shop\\python.exe", false, WINDOWS],
  // Of links, only where the whole way leads counts, and where the folder itself does.
  ["/private/tmp/shop/.venv/bin/python", true, LINKED],
  ["/tmp/shop/.venv/bin/python", true, LINKED],
  ["/links/shop/python", true, LINKED],
  ["/links/else/python", false, LINKED],
  ["/private/tmp/shopping/python", false, LINKED],
  ["/tmp", false, LINKED],
  // Some systems do not tell cases apart.
  ["/Code/SHOP/python", true, { ...AROUND, platform: "darwin" }],
  ["/Code/SHOPPING/python", false, { ...AROUND, platform: "darwin" }],
  ["/Code/SHOP/python", false],
];

for (const [path, inside, around = AROUND] of PLACES) {
  test(`${path} is ${inside ? "" : "not "}in the workspace`, () => {
    assert.equal(isInside(path, around), inside);
  });
}
