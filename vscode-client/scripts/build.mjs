// Bundles the extension into dist/extension.js; with --tests, the unit tests into dist/test/.
// With --production it is made small, and the licences of what is in it are put beside it.
// Type errors are not its business: `npm run check` finds them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = process.argv.includes("--tests");
const production = process.argv.includes("--production");

const entryPoints = tests
  ? readdirSync(join(root, "test/unit"))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join(root, "test/unit", name))
  : [join(root, "src/extension.ts")];

const outdir = join(root, tests ? "dist/test" : "dist");
rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  outdir,
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: "warning",
  metafile: true,
});
if (production) {
  writeFileSync(join(outdir, "THIRD-PARTY-NOTICES.txt"), notices(Object.keys(metafile.inputs)));
}

// The licences of the packages that these files are from, in the order of their names.
function notices(files) {
  const packages = files.flatMap((file) => {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    return match ? [match[1]] : [];
  });
  const texts = [...new Set(packages)].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, "package.json")));
    const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) {
      throw new Error(`${name} has no licence file`);
    }
    const text = readFileSync(join(root, path, file), "utf8")
      .replace(/\r\n/g, "\n")
      .trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
