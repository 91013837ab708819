"""One session that touches everything the server can say, adapted to the client's abilities."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from lsp.wire import Client, ServerError, span

URI = "file:///w/a.py"
TEXT = "import sentry_sdk\r\n'😀é'; old_name\x0c; risky; lost\u2028; choice; old_name"
NOWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


async def play(client: Client, tree: Path) -> None:
    """Everything once. Errors are answers too; the judge tells good ones from bad ones."""
    encoding = client.encoding
    pulls = "diagnosticProvider" in client.capabilities
    document = {"textDocument": {"uri": URI}}
    client.open(URI, TEXT)
    if pulls:
        found = (await client.request("textDocument/diagnostic", document))["items"]
    else:
        found = await client.diagnostics(URI)
    whole = span(TEXT, 0, len(TEXT), encoding)
    for only in (None, ["quickfix"], ["source"], ["source.fixAll"], ["refactor"], [""]):
        for about in ((), found[:1]):
            for action in await client.actions(URI, whole, only, about):
                if "command" not in action and "disabled" not in action:
                    await client.edit_of(action)
    for one in found:
        params = {**document, "position": one["range"]["start"]}
        await client.request("textDocument/hover", params)
    await client.request("textDocument/codeLens", document)
    await _attempt(client, "textDocument/hover", {})
    await _attempt(client, "no/such/method", {"x": 1})
    await _attempt(client, "codeAction/resolve", {"title": "t", "data": {"uri": URI}})
    at = TEXT.index("risky")
    edit = {"range": span(TEXT, at, at + 5, encoding), "text": "def def 😀"}
    client.change(URI, 2, [edit])
    if pulls:
        await client.request("textDocument/diagnostic", document)
        await _backlog(client)
    else:
        await client.diagnostics(URI, 2)
    await _notebook(client)
    for command in ("fixFile", "fixWorkspace", "report", "debugInformation", "explain", "nothing"):
        arguments = {"fixFile": [URI], "explain": ["SEN901"]}.get(command, [])
        params = {"command": f"sentry-migrate.{command}", "arguments": arguments}
        await _attempt(client, "workspace/executeCommand", params)
    client.replace(URI, 3, TEXT)
    params = {"command": "sentry-migrate.fixFile", "arguments": [URI, {"unsafe": True}]}
    await client.request("workspace/executeCommand", params)
    client.configuration = {"codeLens": True, "maxFindings": 1, "colour": "red"}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await asyncio.sleep(0.4)
    await client.request("textDocument/codeLens", document)
    number, future = client.post("textDocument/codeLens", document)
    client.notify("$/cancelRequest", {"id": number})
    await future
    client.notify("textDocument/didClose", document)
    await client.request("textDocument/codeLens", document)
    await client.request("shutdown")
    with contextlib.suppress(ServerError):
        await client.request("textDocument/codeLens", document)


async def _attempt(client: Client, method: str, params: Any) -> None:
    with contextlib.suppress(ServerError):
        await client.request(method, params)


async def _backlog(client: Client) -> None:
    params = {"previousResultIds": [], "partialResultToken": "p", "workDoneToken": "w"}
    await client.request("workspace/diagnostic", params)


async def _notebook(client: Client) -> None:
    cells = [f"vscode-notebook-cell:/w/a.ipynb#{number}" for number in (1, 2)]
    texts = ["%pip x\nimport sentry_sdk", "'😀'; old_name"]
    items = [
        {"uri": uri, "languageId": "python", "version": 1, "text": text}
        for uri, text in zip(cells, texts, strict=True)
    ]
    book = {
        "uri": "file:///w/a.ipynb",
        "notebookType": "jupyter-notebook",
        "version": 1,
        "cells": [{"kind": 2, "document": uri} for uri in cells],
    }
    params = {"notebookDocument": book, "cellTextDocuments": items}
    client.notify("notebookDocument/didOpen", params)
    (found,) = await client.diagnostics(cells[1])
    for only in (None, ["notebook.source.fixAll"], ["source.fixAll"]):
        for action in await client.actions(cells[1], found["range"], only):
            if "command" not in action:
                await client.edit_of(action)
    closed = {
        "notebookDocument": {"uri": book["uri"]},
        "cellTextDocuments": [{"uri": uri} for uri in cells],
    }
    client.notify("notebookDocument/didClose", closed)
