/**
 * Pages of the server beside the code: the report of what is left, and questions.
 *
 * Owns the panels and going to a place that a page names. The pages themselves are the server's.
 */

import * as vscode from "vscode";
import { SECTION } from "./settings";

/** The command behind the links of the page: (URI, line, character), counted from 0 in UTF-16. */
export const OPEN_LOCATION = `${SECTION}.openLocation`;

/** Links to the code: the server puts a place, as a URI-encoded JSON array, for `{arguments}`. */
export const LINKS = `command:${OPEN_LOCATION}?{arguments}`;

/** What to ask the server for. */
export const REPORT_OPTIONS = { format: "html", links: LINKS } as const;

/** What the server answers. An older one knows no page. */
export interface Report {
  readonly html?: string;
  readonly markdown: string;
}

const MARKDOWN = "sentry-migrate-report";

/** A panel, made when it is first needed. */
export class Page implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  /** Its links may run `commands`, besides going to a place. */
  constructor(
    private readonly name: string,
    private readonly commands: readonly string[] = [],
  ) {}

  show(title: string, html: string): void {
    this.panel ??= this.create();
    this.panel.title = title;
    this.panel.webview.html = html;
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private create(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      `${SECTION}.${this.name}`,
      "",
      vscode.ViewColumn.Active,
      // The page needs neither scripts nor files, and may run no command but these.
      {
        enableScripts: false,
        enableFindWidget: true,
        enableCommandUris: [OPEN_LOCATION, ...this.commands],
        localResourceRoots: [],
      },
    );
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    return panel;
  }
}

/** The report. */
export class ReportView implements vscode.Disposable {
  private readonly page = new Page("report");
  private markdown = "";
  private readonly renewed = new vscode.EventEmitter<vscode.Uri>();
  private readonly provider = vscode.workspace.registerTextDocumentContentProvider(MARKDOWN, {
    onDidChange: this.renewed.event,
    provideTextDocumentContent: () => this.markdown,
  });

  async show(report: Report): Promise<void> {
    if (report.html === undefined) {
      await this.preview(report.markdown);
      return;
    }
    this.page.show("Sentry Migration Report", report.html);
  }

  dispose(): void {
    this.page.dispose();
    this.provider.dispose();
    this.renewed.dispose();
  }

  private async preview(markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: MARKDOWN, path: "/Sentry Migration Report.md" });
    this.markdown = markdown;
    this.renewed.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }
}

/** Go to a place. `vscode.open` also knows cells of notebooks. */
export async function openLocation(uri: unknown, line: unknown, character: unknown): Promise<void> {
  if (typeof uri !== "string") {
    return;
  }
  const place = new vscode.Position(natural(line), natural(character));
  const options: vscode.TextDocumentShowOptions = {
    selection: new vscode.Range(place, place),
    preview: true,
  };
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(uri), options);
}

function natural(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 0;
}

/** Tells what became of something. */
export function say(text: string): void {
  void vscode.window.showInformationMessage(text);
}
