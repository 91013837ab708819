"""Judges what a server said in one session: every message's shape, and the rules between them.

A trace is a list of (who, message), who being `client` or `server`. The judge keeps the client's
documents by its own arithmetic and believes nothing the server says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lsp.wire import apply_edits, offset, position

Json = dict[str, Any]
Trace = list[tuple[str, Json]]
Shapes = Callable[[list[Json]], list[list[str]]]

EARLY = ("window/logMessage", "window/showMessage", "telemetry/event")
# Errors that are an answer; any other code is a fault of the server.
ANSWERS = {-32600, -32601, -32602, -32002, -32800, -32801, -32802}


def check(trace: Trace, shapes: Shapes) -> list[str]:
    """Everything wrong with the server's part of a trace."""
    judge = Judge()
    problems = [f"{number}: {text}" for number, text in judge.run(trace)]
    named = list(judge.shaped)
    for (number, _), wrong in zip(named, shapes([one for _, one in named]), strict=True):
        problems += [f"{number}: {text}" for text in wrong]
    return problems


@dataclass
class Document:
    text: str
    version: int


@dataclass
class Judge:
    documents: dict[str, Document] = field(default_factory=dict)
    pending: dict[Any, Json] = field(default_factory=dict)
    answered: set[Any] = field(default_factory=set)
    asked: set[Any] = field(default_factory=set)
    shaped: list[tuple[int, Json]] = field(default_factory=list)
    tokens: dict[Any, str] = field(default_factory=dict)
    capabilities: Json = field(default_factory=dict)
    announced: Json = field(default_factory=dict)
    initialized: bool = False

    @property
    def encoding(self) -> str:
        return str(self.announced.get("positionEncoding", "utf-16"))

    def run(self, trace: Trace) -> Iterator[tuple[int, str]]:
        for number, (who, message) in enumerate(trace):
            if who == "client":
                self.client(message)
                continue
            for problem in self.server(number, message):
                yield number, problem
        for number, message in self.pending.items():
            yield len(trace), f"request {number} ({message['method']}) was never answered"
        for token, state in self.tokens.items():
            if state == "begin":
                yield len(trace), f"progress {token} never ended"

    def can(self, path: str) -> Any:
        value: Any = self.capabilities
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    # -- The client's side: believed.

    def client(self, message: Json) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method is None:
            self.asked.discard(message.get("id"))
            return
        if "id" in message:
            self.pending[message["id"]] = message
        if method == "initialize":
            self.capabilities = params["capabilities"]
        elif method == "textDocument/didOpen":
            self.opened(params["textDocument"])
        elif method == "textDocument/didClose":
            self.documents.pop(params["textDocument"]["uri"], None)
        elif method == "textDocument/didChange":
            self.changed(params["textDocument"], params["contentChanges"])
        elif method == "notebookDocument/didOpen":
            for item in params["cellTextDocuments"]:
                self.opened(item)
        elif method == "notebookDocument/didChange":
            self.notebook(params["change"].get("cells") or {})
        elif method == "notebookDocument/didClose":
            for item in params["cellTextDocuments"]:
                self.documents.pop(item["uri"], None)

    def opened(self, item: Json) -> None:
        self.documents[item["uri"]] = Document(item["text"], item["version"])

    def changed(self, identifier: Json, changes: list[Json]) -> None:
        document = self.documents.get(identifier["uri"])
        if document is None or identifier["version"] <= document.version:
            return
        for change in changes:
            if "range" in change:
                edit = {"range": change["range"], "newText": change["text"]}
                document.text = apply_edits(document.text, [edit], self.encoding)
            else:
                document.text = change["text"]
        document.version = identifier["version"]

    def notebook(self, cells: Json) -> None:
        structure = cells.get("structure") or {}
        for item in structure.get("didClose") or ():
            self.documents.pop(item["uri"], None)
        for item in structure.get("didOpen") or ():
            self.opened(item)
        for content in cells.get("textContent") or ():
            self.changed(content["document"], content["changes"])

    # -- The server's side: judged.

    def server(self, number: int, message: Json) -> Iterator[str]:
        if message.get("jsonrpc") != "2.0":
            yield "not JSON-RPC 2.0"
        if "method" in message:
            yield from self.said(number, message)
        else:
            yield from self.answer(number, message)

    def said(self, number: int, message: Json) -> Iterator[str]:
        method, params = message["method"], message.get("params")
        self.shape(number, f"params {method}", params)
        if not self.initialized and method not in EARLY:
            yield f"{method} before the answer to initialize"
        if "id" in message:
            if message["id"] in self.asked:
                yield f"two requests have the id {message['id']}"
            self.asked.add(message["id"])
        needs = {
            "workspace/applyEdit": "workspace.applyEdit",
            "workspace/configuration": "workspace.configuration",
            "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
            "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport",
            "window/workDoneProgress/create": "window.workDoneProgress",
            "window/showDocument": "window.showDocument.support",
        }
        if method in needs and not self.can(needs[method]):
            yield f"{method} to a client that does not support it"
        if method == "textDocument/publishDiagnostics":
            yield from self.published(params)
        elif method == "workspace/applyEdit":
            yield from self.workspace_edit(params["edit"])
            if "metadata" in params and not self.can("workspace.workspaceEdit.metadataSupport"):
                yield "metadata of an edit to a client that does not support it"
        elif method == "$/progress":
            yield from self.progress(params)

    def answer(self, number: int, message: Json) -> Iterator[str]:
        name = message.get("id")
        request = self.pending.pop(name, None)
        if request is None:
            again = "a second time" if name in self.answered else "which nobody asked"
            yield f"answers {name} {again}"
            return
        self.answered.add(name)
        if ("result" in message) == ("error" in message):
            yield "needs a result or an error, and not both"
            return
        method = request["method"]
        if "error" in message:
            self.shape(number, "error", message["error"])
            if message["error"].get("code") not in ANSWERS:
                yield f"{method} failed: {message['error']}"
            return
        result, params = message["result"], request.get("params") or {}
        self.shape(number, f"result {method}", result)
        if method == "initialize":
            self.initialized = True
            self.announced = result["capabilities"]
            offered = (self.can("general.positionEncodings") or []) + ["utf-16"]
            if self.encoding not in offered:
                yield f"the encoding {self.encoding} was not offered"
        elif method == "textDocument/codeAction":
            yield from self.actions(result or [], params)
        elif method == "codeAction/resolve" and "edit" in result:
            yield from self.workspace_edit(result["edit"])
        elif method == "textDocument/hover" and result and "range" in result:
            yield from self.range_(params["textDocument"]["uri"], result["range"])
        elif method == "textDocument/diagnostic":
            for one in result.get("items", ()):
                yield from self.range_(params["textDocument"]["uri"], one["range"])

    def shape(self, number: int, name: str, value: Any) -> None:
        if name.startswith("params ") and value is None:
            return
        self.shaped.append((number, {"name": name, "value": value}))

    def published(self, params: Json) -> Iterator[str]:
        uri, version = params["uri"], params.get("version")
        document = self.documents.get(uri)
        if self.can("textDocument.diagnostic") is not None and "cell" not in uri:
            yield f"pushes to {uri} of a client that pulls"
        if document is None:
            if params["diagnostics"] and version is not None:  # a file that is not open has none
                yield f"diagnostics for {uri}, which is closed"
            return
        if version is not None and version > document.version:
            yield f"version {version} of {uri} does not exist yet"
        if version == document.version:
            for one in params["diagnostics"]:
                yield from self.range_(uri, one["range"])

    def range_(self, uri: str, range_: Json) -> Iterator[str]:
        document = self.documents.get(uri)
        if document is None:
            return
        places = [range_["start"], range_["end"]]
        keys = [(place["line"], place["character"]) for place in places]
        if keys[0] > keys[1]:
            yield f"a range ends before it starts: {keys}"
        for place in places:
            at = offset(document.text, place, self.encoding)
            if position(document.text, at, self.encoding) != place:
                yield f"{place} is no place in {uri}, or inside a character"

    def workspace_edit(self, edit: Json) -> Iterator[str]:
        groups = [(uri, None, edits) for uri, edits in (edit.get("changes") or {}).items()]
        if "documentChanges" in edit and not self.can("workspace.workspaceEdit.documentChanges"):
            yield "documentChanges to a client that does not support them"
        for change in edit.get("documentChanges") or ():
            identifier = change["textDocument"]
            groups.append((identifier["uri"], identifier["version"], change["edits"]))
        marks = edit.get("changeAnnotations") or {}
        if marks and not self.can("workspace.workspaceEdit.changeAnnotationSupport"):
            yield "annotations to a client that does not support them"
        for uri, version, edits in groups:
            document = self.documents.get(uri)
            if document is not None and version not in (None, document.version):
                yield f"an edit for version {version} of {uri}, which is at {document.version}"
                continue
            if document is not None and "documentChanges" in edit and version is None:
                yield f"an edit for {uri} without its version"
            for one in edits:
                yield from self.range_(uri, one["range"])
                if "annotationId" in one and one["annotationId"] not in marks:
                    yield f"no annotation {one['annotationId']}"
            yield from overlaps(edits)

    def actions(self, actions: list[Json], params: Json) -> Iterator[str]:
        only = params["context"].get("only")
        kinds = (self.announced.get("codeActionProvider") or {}).get("codeActionKinds", [])
        support = self.can("textDocument.codeAction") or {}
        for action in actions:
            kind = action.get("kind", "")
            if only is not None and not any(within(kind, prefix) for prefix in only):
                yield f"{kind} was not asked for: {only}"
            if not any(within(kind, announced) for announced in kinds):
                yield f"{kind} was never announced"
            if "disabled" in action and not support.get("disabledSupport"):
                yield "a disabled action to a client that does not support it"
            if "isPreferred" in action and not support.get("isPreferredSupport"):
                yield "a preferred action to a client that does not support it"
            if "data" in action and not support.get("dataSupport"):
                yield "data to a client that does not keep it"
            if "edit" in action:
                yield from self.workspace_edit(action["edit"])
            for one in action.get("diagnostics", ()):
                yield from self.range_(params["textDocument"]["uri"], one["range"])

    def progress(self, params: Json) -> Iterator[str]:
        token, kind = params["token"], params["value"].get("kind")
        if kind is None:
            return
        before = self.tokens.get(token)
        if (kind == "begin") != (before is None):
            yield f"progress {token}: {kind} after {before}"
        if before == "end":
            yield f"progress {token} goes on after its end"
        self.tokens[token] = "end" if kind == "end" else "begin"


def within(kind: str, prefix: str) -> bool:
    """Whether a kind is of a kind."""
    return prefix in ("", kind) or kind.startswith(prefix + ".")


def overlaps(edits: list[Json]) -> Iterator[str]:
    """Edits of one document that want the same characters."""
    spans = sorted(
        tuple((edit["range"][end]["line"], edit["range"][end]["character"]) for end in ENDS)
        for edit in edits
    )
    for left, right in pairwise(spans):
        if right[0] < left[1] or (left == right and left[0] == left[1]):
            yield f"edits overlap: {left} and {right}"


ENDS = ("start", "end")
