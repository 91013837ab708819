import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { followLinks } from "../../src/links";

const root = realpathSync.native(mkdtempSync(join(tmpdir(), "links-")));
after(() => {
  rmSync(root, { recursive: true });
});

mkdirSync(join(root, "shop", "bin"), { recursive: true });
mkdirSync(join(root, "usr"));
writeFileSync(join(root, "usr", "python3"), "");
symlinkSync(join(root, "usr", "python3"), join(root, "shop", "bin", "python"));
symlinkSync(join(root, "shop"), join(root, "opened"));
symlinkSync(join(root, "opened", "bin"), join(root, "path"));
symlinkSync(join(root, "nowhere"), join(root, "dangling"));
symlinkSync(join(root, "circle"), join(root, "circle"));

const LINKS: [string, string][] = [
  ["shop", "shop"],
  ["opened", "shop"],
  ["path", "shop/bin"],
  // An environment's interpreter is where it is, not where it leads.
  ["shop/bin/python", "shop/bin/python"],
  ["opened/bin/python", "shop/bin/python"],
  ["path/python", "shop/bin/python"],
  ["path/../python", "shop/python"],
  ["opened/gone/python", "shop/gone/python"],
  ["usr/python3/python", "usr/python3/python"],
  ["dangling/python", "dangling/python"],
  ["circle/python", "circle/python"],
  ["gone", "gone"],
];

for (const [path, wanted] of LINKS) {
  test(`${path} leads to ${wanted}`, () => {
    assert.equal(followLinks(`${root}/${path}`), join(root, wanted));
  });
}

test("the root is where it ends", () => {
  assert.equal(followLinks("/"), "/");
});

test("a name that the system refuses leads nowhere else", () => {
  assert.equal(followLinks("/\0/x"), "/\0/x");
});
