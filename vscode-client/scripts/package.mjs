// Makes the .vsix: node scripts/package.mjs [--target linux-x64] [options of `vsce package`].
// The bundled server is made for the same target; without one, for this machine's platform, and
// the package is then named like a universal one although it is not.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: { target: { type: "string", short: "t" } },
  strict: false,
});
const target = values.target === undefined ? [] : ["--target", String(values.target)];

run(process.env.PYTHON ?? "python3", join(root, "scripts/bundle.py"), ...target);
for (const name of ["LICENSE", "CHANGELOG.md"]) {
  copyFileSync(join(root, "..", name), join(root, name));
}
run(
  process.execPath,
  createRequire(import.meta.url).resolve("@vscode/vsce/vsce"),
  "package",
  "--no-dependencies", // esbuild has put them into one file
  "--allow-missing-repository",
  ...process.argv.slice(2),
);

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(error ?? `${program} ${args[0]}: exit code ${status}`);
    process.exit(1);
  }
}
