/**
 * A real VS Code: code-server with a profile of its own, and the browser that shows it.
 *
 * Owns starting, settings and ending them. Refuses to know what is tested.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Browser } from "playwright-core";
import { mark } from "./processes.mjs";

/** What `run.mjs` prepared. */
export interface Setup {
  readonly node: string;
  readonly codeServer: string;
  readonly browser: string;
  /** Whether VS Code can write its logs here. */
  readonly logs: boolean;
  readonly run: string;
  readonly vsix: string;
  readonly shots: string;
  readonly project: string;
}

if (process.env["WORKBENCH"] === undefined) throw new Error("run by `npm run test:workbench`");
export const setup = JSON.parse(process.env["WORKBENCH"]) as Setup;

/** Quiet, and the same for everybody: nothing of this is about the extension. */
const USER_SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.lightbulb.enabled": "on",
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "sentry-migrate.welcome": false, // except where it is what is tested
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "compact",
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export interface Options {
  /** Instead of the PATH of this process. */
  readonly path?: string;
  /** Whether folders are trusted without asking. */
  readonly trusting?: boolean;
  readonly theme?: string;
}

/** A VS Code server with the extension installed. */
export class Host {
  readonly url: string;
  private readonly home: string;
  private readonly server: ChildProcess;

  private constructor(url: string, home: string, server: ChildProcess) {
    this.url = url;
    this.home = home;
    this.server = server;
  }

  static async start(name: string, options: Options = {}): Promise<Host> {
    const { path, trusting = true, theme = process.env["THEME"] } = options;
    const home = join(setup.run, name);
    const user = join(home, "user");
    const env = {
      ...process.env,
      ...mark(setup.run),
      ...(path !== undefined && { PATH: path }),
      HOME: home,
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_DATA_HOME: join(home, "data"),
      XDG_RUNTIME_DIR: home,
      // As if started in a terminal: the PATH is this one, not the one of a login shell.
      VSCODE_CLI: "1",
      // Neither the server nor the browser is to ask a gallery for anything.
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    };
    // Installed once for all hosts of a run.
    const extensions = join(setup.run, "extensions");
    const profile = ["--user-data-dir", user, "--extensions-dir", extensions];
    const settings = theme ? { ...USER_SETTINGS, "workbench.colorTheme": theme } : USER_SETTINGS;
    write(join(user, "User", "settings.json"), settings);
    write(join(user, "Machine", "settings.json"), {});
    if (!existsSync(extensions)) {
      const install = [setup.codeServer, ...profile, "--install-extension", setup.vsix];
      execFileSync(setup.node, install, { env, stdio: ["ignore", "pipe", "pipe"] });
    }
    const server = spawn(
      setup.node,
      [
        setup.codeServer, ...profile, "--auth", "none", "--bind-addr", "127.0.0.1:0",
        "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override",
        // A window that is closed does not come back.
        "--reconnection-grace-time", "10",
        ...(trusting ? ["--disable-workspace-trust"] : []),
      ],
      { env, stdio: ["ignore", "pipe", openSync(join(home, "code-server.log"), "w")] },
    );
    return new Host(await listening(server), home, server);
  }

  /** Settings of the machine, which live: VS Code reads them when the file changes. */
  configure(settings: object): void {
    write(join(this.home, "user", "Machine", "settings.json"), settings);
  }

  /** What the extension wrote to its log, in the newest window that has one. */
  log(): string {
    const logs = join(this.home, "user", "logs");
    const files = readdirSync(logs, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("Sentry Migrate.log"))
      .sort();
    return files.map((file) => readFileSync(join(logs, file), "utf8")).at(-1) ?? "";
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.once("exit", () => {
        resolve();
      });
      this.server.kill("SIGTERM");
    });
  }
}

/** The address that a server says it listens at. */
async function listening(server: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (server.stdout === null) throw new Error("no output to read");
  const lines = createInterface(server.stdout);
  const url = await new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      const address = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    server.once("exit", (code) => {
      reject(new Error(`code-server ended with ${String(code)}:\n${said.join("\n")}`));
    });
  });
  return url;
}

/** A browser that finds this machine alone. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: setup.browser,
    env: { ...process.env, ...mark(setup.run) },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

function write(path: string, settings: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(settings));
}
