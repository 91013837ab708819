// Bundles the extension into dist/extension.js; with --tests, the unit tests into dist/test/.
// Type errors are not its business: `npm run check` finds them.
import { readdirSync, rmSync } from "node:fs";
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
await build({
  entryPoints,
  outdir,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: "warning",
});
