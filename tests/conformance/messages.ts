// Everything this server may send, by Microsoft's types. The part before the colon is how
// validate.mjs finds the type: "result METHOD" of a request, or "params METHOD" of a message.
import type * as lsp from "vscode-languageserver-protocol";

// Progress carries any value by its type; these are the values it may have here.
interface Progress {
  token: string | number;
  value:
    | lsp.WorkDoneProgressBegin
    | lsp.WorkDoneProgressReport
    | lsp.WorkDoneProgressEnd
    | lsp.WorkspaceDiagnosticReportPartialResult;
}

// Theirs is a class; on the wire it is this.
interface Failure {
  code: number;
  message: string;
  data?: unknown;
}

// Theirs is of 3.17; this is what 3.18 adds, for clients that say they know it.
interface ApplyEdit extends lsp.ApplyWorkspaceEditParams {
  metadata?: { isRefactoring?: boolean };
}

export interface Messages {
  "result initialize": lsp.InitializeResult<never>;
  "result shutdown": null;
  "result textDocument/codeAction": lsp.CodeAction[] | null;
  "result codeAction/resolve": lsp.CodeAction;
  "result textDocument/hover": lsp.Hover | null;
  "result textDocument/codeLens": lsp.CodeLens[] | null;
  "result textDocument/diagnostic": lsp.DocumentDiagnosticReport;
  "result workspace/diagnostic": lsp.WorkspaceDiagnosticReport;
  "result workspace/executeCommand": lsp.LSPAny;
  "params textDocument/publishDiagnostics": lsp.PublishDiagnosticsParams;
  "params window/showMessage": lsp.ShowMessageParams;
  "params window/logMessage": lsp.LogMessageParams;
  "params window/showDocument": lsp.ShowDocumentParams;
  "params window/workDoneProgress/create": lsp.WorkDoneProgressCreateParams;
  "params $/logTrace": lsp.LogTraceParams;
  "params $/progress": Progress;
  "params workspace/applyEdit": ApplyEdit;
  "params workspace/configuration": lsp.ConfigurationParams;
  "params workspace/diagnostic/refresh": undefined;
  "params workspace/codeLens/refresh": undefined;
  "params client/registerCapability": lsp.RegistrationParams;
  "params client/unregisterCapability": lsp.UnregistrationParams;
  error: Failure;
}
