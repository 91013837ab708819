/**
 * Where things are written for a person to read.
 *
 * Owns the log, and a second channel for traces of the protocol, which exists only once somebody
 * asks for one.
 */

import * as vscode from "vscode";
import { SECTION, traces } from "./settings";

/** The log. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel("Sentry Migrate", { log: true });
}

/**
 * The log as the server's client writes to it.
 *
 * The setting `logLevel` decides what the server sends. The channel has a level of its own, and
 * would drop the debug messages that were asked for.
 */
export function serverLog(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  return new Proxy(log, {
    get(target, name) {
      if (name === "debug" && target.logLevel > vscode.LogLevel.Debug) {
        return target.info.bind(target);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/**
 * The channel for traces. The language client traces if this channel's level is "trace", and then
 * as much as the setting says; so the level is the setting's here.
 */
export class Trace implements vscode.LogOutputChannel {
  readonly name = "Sentry Migrate Trace";
  private readonly level = new vscode.EventEmitter<vscode.LogLevel>();
  readonly onDidChangeLogLevel = this.level.event;
  private readonly watching = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.trace`)) {
      this.level.fire(this.logLevel);
    }
  });
  private made: vscode.LogOutputChannel | undefined;

  get logLevel(): vscode.LogLevel {
    return traces() ? vscode.LogLevel.Trace : vscode.LogLevel.Off;
  }

  private get channel(): vscode.LogOutputChannel {
    this.made ??= vscode.window.createOutputChannel(this.name, { log: true });
    return this.made;
  }

  /** Written as information, which every channel shows: that it was asked for is clear. */
  trace(message: string, ...args: unknown[]): void {
    this.channel.info(message, ...args);
  }

  debug(message: string, ...args: unknown[]): void {
    this.channel.debug(message, ...args);
  }

  info(message: string, ...args: unknown[]): void {
    this.channel.info(message, ...args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.channel.warn(message, ...args);
  }

  error(error: string | Error, ...args: unknown[]): void {
    this.channel.error(error, ...args);
  }

  append(value: string): void {
    this.channel.append(value);
  }

  appendLine(value: string): void {
    this.channel.appendLine(value);
  }

  replace(value: string): void {
    this.channel.replace(value);
  }

  clear(): void {
    this.made?.clear();
  }

  show(): void {
    this.channel.show();
  }

  hide(): void {
    this.made?.hide();
  }

  dispose(): void {
    this.watching.dispose();
    this.level.dispose();
    this.made?.dispose();
  }
}
