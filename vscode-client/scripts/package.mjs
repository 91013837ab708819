// Makes the .vsix: node scripts/package.mjs [--target linux-x64] [options of `vsce package`].
// The bundled server is made for the same target; without one, for this machine's platform, and
// the package is then named like a universal one although it is not.
// Equal inputs give equal bytes: files have fixed times and modes, and are sorted alike everywhere.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync } from "node:fs";
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

// vsce sorts by the rules of a language and archives have local times; hence the other two.
Object.assign(process.env, { SOURCE_DATE_EPOCH: "315532800", TZ: "UTC", LC_ALL: "C" });
process.umask(0o022); // for what is made below

run(process.env.PYTHON ?? "python3", join(root, "scripts/bundle.py"), ...target);
for (const name of ["LICENSE", "CHANGELOG.md"]) {
  copyFileSync(join(root, "..", name), join(root, name));
}
// A checkout has whatever modes the umask of its time gave it.
const require = createRequire(import.meta.url);
const { listFiles, PackageManager } = require("@vscode/vsce");
for (const name of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
  chmodSync(join(root, name), 0o644);
}
run(
  process.execPath,
  require.resolve("@vscode/vsce/vsce"),
  "package",
  "--no-dependencies", // esbuild has put them into one file
  ...process.argv.slice(2),
);

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(error ?? `${program} ${args[0]}: exit code ${status}`);
    process.exit(1);
  }
}
