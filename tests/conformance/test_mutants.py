"""The judge can say no: every one of these broken traces is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from conformance.checker import Shapes, Trace, check
from conformance.scenario import play
from lsp.capabilities import PUSHED
from lsp.wire import Client

_good: list[Trace] = []


@pytest_asyncio.fixture
async def good(tmp_path: Path) -> Trace:
    if not _good:
        client = Client()
        try:
            await client.start()
            await client.initialize(PUSHED, trace="verbose")
            await play(client, tmp_path)
        finally:
            client.kill()
        _good.append(client.trace)
    return copy.deepcopy(_good[0])


def said(trace: Trace, method: str, where: Callable[[Any], Any] = bool) -> Any:
    """The params of the first such message of the server's."""
    return next(
        message["params"]
        for who, message in trace
        if who == "server" and message.get("method") == method and where(message["params"])
    )


def index_of(trace: Trace, method: str, where: Callable[[Any], Any] = bool) -> int:
    """Where the first such request is answered."""
    names = {m["id"] for w, m in trace if w == "client" and m.get("method") == method}
    return next(
        number
        for number, (who, message) in enumerate(trace)
        if who == "server"
        and "method" not in message
        and message["id"] in names
        and where(message.get("result"))
    )


def result(trace: Trace, method: str, where: Callable[[Any], Any] = bool) -> Any:
    return trace[index_of(trace, method, where)][1]["result"]


def shown(trace: Trace) -> Any:
    return said(trace, "textDocument/publishDiagnostics", lambda p: p["diagnostics"])


def resolved(trace: Trace) -> Any:
    return result(trace, "codeAction/resolve", lambda r: r and "edit" in r)["edit"]


def edits(trace: Trace) -> Any:
    return resolved(trace)["documentChanges"][0]["edits"]


def risky(trace: Trace) -> Any:
    def marked(params: Any) -> bool:
        return bool(params["edit"].get("changeAnnotations"))

    return said(trace, "workspace/applyEdit", marked)["edit"]


def actions(trace: Trace) -> Any:
    return result(trace, "textDocument/codeAction")


def capabilities(trace: Trace) -> Any:
    return trace[0][1]["params"]["capabilities"]


MUTANTS: dict[str, Callable[[Trace], Any]] = {
    "an unknown field": lambda t: shown(t)["diagnostics"][0].update(codee=1),
    "an unknown capability": lambda t: result(t, "initialize")["capabilities"].update(x=1),
    "a severity of 9": lambda t: shown(t)["diagnostics"][0].update(severity=9),
    "no message": lambda t: shown(t)["diagnostics"][0].pop("message"),
    "a tag of 7": lambda t: shown(t)["diagnostics"][0].update(tags=[7]),
    "a range past the line": lambda t: shown(t)["diagnostics"][0]["range"]["end"].update(
        character=9999
    ),
    "a range past the text": lambda t: shown(t)["diagnostics"][0]["range"]["end"].update(line=99),
    "a range the wrong way": lambda t: shown(t)["diagnostics"][0]["range"].update(
        end={"line": 0, "character": 0}
    ),
    "half a character": lambda t: shown(t)["diagnostics"][0]["range"]["start"].update(character=2),
    "a version to come": lambda t: shown(t).update(version=99),
    "a closed document": lambda t: shown(t).update(uri="file:///closed.py"),
    "a push to who pulls": lambda t: capabilities(t)["textDocument"].update(diagnostic={}),
    "no answer": lambda t: t.pop(index_of(t, "textDocument/hover")),
    "two answers": lambda t: t.append(t[index_of(t, "textDocument/hover")]),
    "an answer to nobody": lambda t: t[index_of(t, "textDocument/hover")][1].update(id=999),
    "result and error": lambda t: t[index_of(t, "textDocument/hover")][1].update(
        error={"code": -32800, "message": "x"}
    ),
    "an internal error": lambda t: (
        t[index_of(t, "textDocument/hover")][1].update(error={"code": -32603, "message": "x"}),
        t[index_of(t, "textDocument/hover")][1].pop("result"),
    ),
    "an error without a message": lambda t: next(
        m for w, m in t if w == "server" and "error" in m
    )["error"].pop("message"),
    "not JSON-RPC": lambda t: t[index_of(t, "textDocument/hover")][1].pop("jsonrpc"),
    "diagnostics before initialize": lambda t: t.insert(0, ("server", {
        "jsonrpc": "2.0",
        "method": "textDocument/publishDiagnostics",
        "params": {"uri": "file:///x", "diagnostics": []},
    })),
    "an encoding nobody offered": lambda t: result(t, "initialize")["capabilities"].update(
        positionEncoding="utf-8"
    ),
    "a kind nobody asked for": lambda t: result(
        t, "textDocument/codeAction", lambda r: r and r[0]["kind"].startswith("source")
    )[0].update(kind="quickfix.x.y") or actions(t)[0].update(kind="refactor"),
    "an action without a title": lambda t: actions(t)[0].pop("title"),
    "a disabled action": lambda t: actions(t)[0].update(disabled={"reason": "x"})
    or capabilities(t)["textDocument"]["codeAction"].pop("disabledSupport"),
    "a preferred action": lambda t: capabilities(t)["textDocument"]["codeAction"].pop(
        "isPreferredSupport"
    ),
    "data nobody keeps": lambda t: capabilities(t)["textDocument"]["codeAction"].pop("dataSupport"),
    "edits that overlap": lambda t: edits(t).append(copy.deepcopy(edits(t)[0])),
    "an edit without text": lambda t: edits(t)[0].pop("newText"),
    "an edit outside": lambda t: edits(t)[0]["range"]["end"].update(character=9999),
    "an edit for another version": lambda t: resolved(t)["documentChanges"][0][
        "textDocument"
    ].update(version=77),
    "an edit without a version": lambda t: resolved(t)["documentChanges"][0][
        "textDocument"
    ].update(version=None),
    "changes by document nobody knows": lambda t: capabilities(t)["workspace"][
        "workspaceEdit"
    ].pop("documentChanges"),
    "annotations nobody knows": lambda t: capabilities(t)["workspace"]["workspaceEdit"].pop(
        "changeAnnotationSupport"
    ),
    "an annotation that is missing": lambda t: risky(t)["changeAnnotations"].clear(),
    "applyEdit to who cannot": lambda t: capabilities(t)["workspace"].pop("applyEdit"),
    "configuration from who has none": lambda t: capabilities(t)["workspace"].pop(
        "configuration"
    ),
    "progress to who shows none": lambda t: capabilities(t)["window"].pop("workDoneProgress"),
    "progress without an end": lambda t: t.remove(
        next(
            pair
            for pair in t
            if pair[1].get("method") == "$/progress" and pair[1]["params"]["value"]["kind"] == "end"
        )
    ),
    "progress of another kind": lambda t: said(t, "$/progress")["value"].update(kind="middle"),
    "a log level of 12": lambda t: said(t, "window/logMessage").update(type=12),
    "a hover outside": lambda t: result(t, "textDocument/hover")["range"]["end"].update(line=99),
    "a method of our own": lambda t: t.append(
        ("server", {"jsonrpc": "2.0", "method": "our/own", "params": {}})
    ),
}  # fmt: skip


@pytest.mark.timeout(120)
async def test_the_good_trace(good: Trace, shapes: Shapes) -> None:
    assert check(good, shapes) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", MUTANTS)
async def test_a_mutant_is_refused(good: Trace, shapes: Shapes, name: str) -> None:
    MUTANTS[name](good)
    assert check(good, shapes) != []
