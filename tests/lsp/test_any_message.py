"""Messages with something wrong in one place: each request has one answer, and nothing else is seen.

Every place of a good message of every method is given every value of a list, or taken out.
"""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import VSCODE
from lsp.conftest import Start
from lsp.test_workspace import USE, folder
from lsp.wire import Client

URI, CELLS = "file:///w/a.py", "vscode-notebook-cell:/w/n.ipynb#c"
DOCUMENT = {"uri": URI}
RANGE = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 30}}
DIAGNOSTIC = {
    "range": RANGE, "message": "m", "code": "T001", "source": "sentry-migrate", "severity": 1,
    "tags": [1], "codeDescription": {"href": "x"}, "data": {"a": 1},
    "relatedInformation": [{"location": {"uri": URI, "range": RANGE}, "message": "x"}],
}  # fmt: skip
NOTEBOOK = {
    "notebookDocument": {
        "uri": "file:///w/n.ipynb", "notebookType": "jupyter-notebook", "version": 1,
        "metadata": {}, "cells": [{"kind": 2, "document": CELLS + "0"}],
    },
    "cellTextDocuments": [
        {"uri": CELLS + "0", "languageId": "python", "version": 1, "text": USE}
    ],
}  # fmt: skip
CELL_CHANGE = {
    "structure": {
        "array": {"start": 0, "deleteCount": 1, "cells": [{"kind": 2, "document": CELLS + "1"}]},
        "didOpen": [{"uri": CELLS + "1", "languageId": "python", "version": 1, "text": USE}],
        "didClose": [{"uri": CELLS + "0"}],
    },
    "textContent": [
        {"document": {"uri": CELLS + "1", "version": 2}, "changes": [{"range": RANGE, "text": "y"}]}
    ],
}


def told(name: str, *arguments: Any) -> tuple[str, Any]:
    return "workspace/executeCommand", {
        "command": f"sentry-migrate.{name}",
        "arguments": list(arguments),
    }


REQUESTS: tuple[tuple[str, Any], ...] = (
    ("textDocument/hover", {"textDocument": DOCUMENT, "position": RANGE["start"], "workDoneToken": 1}),
    ("textDocument/codeAction", {"textDocument": DOCUMENT, "range": RANGE, "context": {"diagnostics": [DIAGNOSTIC], "only": ["quickfix"], "triggerKind": 1}}),
    ("textDocument/diagnostic", {"textDocument": DOCUMENT, "identifier": "x", "previousResultId": "r"}),
    ("textDocument/codeLens", {"textDocument": DOCUMENT}),
    ("workspace/diagnostic", {"identifier": "x", "previousResultIds": [], "partialResultToken": "p", "workDoneToken": "w"}),
    told("fixFile", URI, {"unsafe": True, "rules": ["T001"]}),
    told("fixWorkspace", {"unsafe": True, "rules": ["T001"], "within": "file:///w"}),
    told("report", {"format": "html", "links": "{uri}"}),
    told("question", "before-init", {"links": "{uri}", "answer": "x"}),
    told("previewFix", URI, "SEN901", RANGE["start"], 3),
    told("debugInformation"),
    told("restartAnalysis"),
)  # fmt: skip
NOTIFICATIONS: tuple[tuple[str, Any], ...] = (
    ("textDocument/didOpen", {"textDocument": {**DOCUMENT, "languageId": "python", "version": 1, "text": USE}}),
    ("textDocument/didChange", {"textDocument": {**DOCUMENT, "version": 9}, "contentChanges": [{"range": RANGE, "rangeLength": 3, "text": "x"}, {"text": USE}]}),
    ("textDocument/didSave", {"textDocument": DOCUMENT, "text": USE}),
    ("textDocument/didClose", {"textDocument": DOCUMENT}),
    ("notebookDocument/didOpen", NOTEBOOK),
    ("notebookDocument/didChange", {"notebookDocument": {"uri": "file:///w/n.ipynb", "version": 2}, "change": {"cells": CELL_CHANGE}}),
    ("notebookDocument/didSave", {"notebookDocument": {"uri": "file:///w/n.ipynb"}}),
    ("notebookDocument/didClose", {"notebookDocument": {"uri": "file:///w/n.ipynb"}, "cellTextDocuments": [{"uri": CELLS + "0"}]}),
    ("workspace/didChangeConfiguration", {"settings": {"sentry-migrate": {"enable": True}}}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": URI, "type": 1}]}),
    ("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": "file:///x", "name": "x"}], "removed": [{"uri": "file:///x", "name": "x"}]}}),
    ("$/setTrace", {"value": "off"}),
    ("$/cancelRequest", {"id": 1}),
    ("$/progress", {"token": 1, "value": {}}),
    ("window/workDoneProgress/cancel", {"token": 1}),
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *(None, 5, -1, 2**31, 2**53, 1.5, True, False, [], [None], [[[]]], {}, {"a": 1}),
    *("", "x", "\ud800", "\0", "a" * 300, "C:\\x.py", "file:///", "file://host", "untitled:"),
    *("file:///w/caf%E9.py", "file:///w/\ud800/x.py", "file:///%zz%00/\u00e9.py", "http://[::1"),
)
ABSENT = object()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    names = (
        value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    )
    for name in names:
        yield from places(value[name], (*path, name))


def put(message: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(message)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    if value is ABSENT:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def wrong(good: tuple[tuple[str, Any], ...]) -> list[tuple[str, Any]]:
    return [
        (method, put(params, path, value))
        for method, params in good
        for path in places(params)
        for value in (*VALUES, *([ABSENT] if path else []))
    ]


async def settled(client: Client, number: int) -> None:
    """Everything that was sent before was handled."""
    position = {"line": 0, "character": 0}
    client.send({"id": f"s{number}", "method": "textDocument/hover", "params": {"textDocument": DOCUMENT, "position": position}})  # fmt: skip
    await client.until(lambda: answers(client, f"s{number}"), 60)


def answers(client: Client, number: Any) -> list[Any]:
    return [
        message
        for who, message in client.trace
        if who == "server" and "method" not in message and message["id"] == number
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(3))
async def test_one_answer_and_no_fault(start: Start, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    (tmp_path / "m.py").write_text(USE, newline="")
    client = await start(VSCODE, **folder(tmp_path))
    client.open(URI, USE)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    offered = [one for one in await client.actions(URI, whole) if "data" in one][:2]
    given = {"title": "x", "data": {"another": "server's"}}
    resolved = tuple(("codeAction/resolve", one) for one in (*offered, given))
    requests = chance.sample(wrong((*REQUESTS, *resolved)), 500)
    notes = chance.sample(wrong(NOTIFICATIONS), 300)
    asked: dict[int, tuple[str, Any]] = {}
    for number, (method, params) in enumerate(requests, 1_000):
        client.send({"id": number, "method": method, "params": params})
        asked[number] = method, params
        if number % 2 and notes:
            method, params = notes.pop()
            client.send({"method": method, "params": params})
            client.notify("textDocument/didClose", {"textDocument": DOCUMENT})
            client.open(URI, USE)
        if number % 20 == 0:
            await settled(client, number)
    left = set(asked)

    def answered() -> bool:
        left.difference_update([number for number in left if answers(client, number)])
        return all(asked[number][0] == "workspace/diagnostic" for number in left)

    await client.until(answered, 120)
    for number in tuple(left):  # held until something changes
        client.notify("$/cancelRequest", {"id": number})
    await client.until(lambda: answered() and not left, 60)
    await asyncio.sleep(0.3)
    for number, request in asked.items():
        (answer,) = answers(client, number)
        assert answer.get("error", {}).get("code") != -32603, (request, answer)
    logged = [m["params"] for _, m in client.trace if m.get("method") == "window/logMessage"]
    assert [one["message"] for one in logged if one["type"] == 1] == []
