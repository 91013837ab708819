"""A client of the tests' own: sends and receives plain JSON, and keeps every message.

It mirrors documents as LSP says a client does, by its own arithmetic and not by the server's.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lsp.preloaded import LIMIT, Forked, Kind, fork
from sentry_migrate.text.source import Source

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "fake": (sys.executable, str(Path(__file__).with_name("fake_server.py"))),
    "real": (sys.executable, "-m", "sentry_migrate.lsp"),
}
PATIENCE = 30.0

Json = dict[str, Any]


class ServerError(Exception):
    """The server answered a request with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")


class Client:
    """One session. `trace` holds every message as (who, message)."""

    def __init__(self, encoding: str = "utf-16") -> None:
        self.encoding = encoding
        self.trace: list[tuple[str, Any]] = []
        self.configuration: Any = {}
        self.by_scope: dict[str | None, Any] = {}
        self.displayed: dict[str, Json] = {}
        self.documents: dict[str, tuple[int, str]] = {}
        self.refuse_edits = False
        self.mute: set[str] = set()
        self.ticks: Callable[[Json], bool] = lambda edit: True
        self.orderly = True
        self.answer: dict[str, Callable[[Any], Any]] = {}
        self.change_cell: Callable[[str, int, str], None] | None = None
        self._next = 0
        self._waiting: dict[Any, asyncio.Future[Any]] = {}
        self._ended: Exception | None = None
        """Why nothing is read any more."""
        self._news = asyncio.Condition()
        self.process: asyncio.subprocess.Process | Forked | None = None
        self.capabilities: Json = {}

    async def start(self, command: Sequence[str] | Kind = "fake") -> None:
        """Start what a command says, or a server that works like the command but starts faster."""
        if isinstance(command, str) and sys.platform == "linux":
            self.process = await fork(command)
        else:
            command = COMMANDS[command] if isinstance(command, str) else command
            env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
            self.process = await asyncio.create_subprocess_exec(
                *command, stdin=-1, stdout=-1, stderr=None, env=env, limit=LIMIT
            )
        assert self.process.stdin
        assert self.process.stdout
        self.attach(self.process.stdout, self.process.stdin)

    def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            await self._read_all(reader)
            self._ended = ConnectionError("the server ended")
        except Exception as error:  # of an answer to the server: without it, all would wait
            self._ended = error
        for waiter in self._waiting.values():
            if not waiter.done():
                waiter.set_exception(self._ended)
        async with self._news:
            self._news.notify_all()

    async def _read_all(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"Content-Length: (\d+)", head)[1])  # type: ignore[index]
                message = json.loads(await reader.readexactly(length))
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            self.trace.append(("server", message))
            if "method" in message and "id" in message:
                await self._serve(message)
            elif "method" not in message:
                waiter = self._waiting.pop(message["id"], None)
                if waiter and not waiter.done():
                    waiter.set_result(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                self.displayed[message["params"]["uri"]] = message["params"]
            async with self._news:
                self._news.notify_all()

    async def _serve(self, message: Json) -> None:
        method, params = message["method"], message.get("params")
        result: Any = None
        if method in self.mute:
            return
        if method in self.answer:
            result = self.answer[method](params)
            if inspect.isawaitable(result):
                result = await result
        elif method == "workspace/configuration":
            result = [
                self.by_scope.get(item.get("scopeUri"), self.configuration)
                for item in params["items"]
            ]
        elif method == "workspace/applyEdit":
            result = {"applied": not self.refuse_edits and self.make(params["edit"])}
        elif method == "window/showDocument":
            result = {"success": True}
        self.send({"id": message["id"], "result": result})

    def send(self, message: Json) -> None:
        message = {"jsonrpc": "2.0", **message}
        self.trace.append(("client", message))
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        self._writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def make(self, edit: Json) -> bool:
        """Make the changes of an edit that are ticked, if it is of what there is, like VS Code.

        Documents change in the editor, files that are not open on disk.
        """
        parts = [
            ({"uri": uri, "version": None}, edits)
            for uri, edits in (edit.get("changes") or {}).items()
        ]
        parts += [(one["textDocument"], one["edits"]) for one in edit.get("documentChanges") or ()]
        for document, _ in parts:
            version, _ = self.documents.get(document["uri"], (None, ""))
            if version is not None and document["version"] not in (None, version):
                return False
            if version is None and _is_gone(document["uri"]):
                return False
        made = False
        for document, edits in parts:
            ticked = [one for one in edits if self.ticks(one)]
            if ticked:
                self._make(document["uri"], ticked)
                made = True
        return made

    def _make(self, uri: str, edits: list[Json]) -> None:
        if uri in self.documents:
            version, text = self.documents[uri]
            cell = uri.startswith("vscode-notebook-cell:") and self.change_cell
            change = cell or self.replace
            change(uri, version + 1, apply_edits(text, edits, self.encoding))
        elif uri.startswith("file:"):
            path = _path(uri)
            source = Source.from_bytes(path.read_bytes())
            after = apply_edits(source.text, edits, self.encoding)
            path.write_bytes(source.to_bytes(after))

    def _mirror(self, method: str, params: Json) -> None:
        if method == "textDocument/didOpen":
            item = params["textDocument"]
            self.documents[item["uri"]] = item["version"], item["text"]
        elif method == "textDocument/didClose":
            self.documents.pop(params["textDocument"]["uri"], None)
        elif method == "textDocument/didChange" and params["textDocument"]["uri"] in self.documents:
            _, text = self.documents[params["textDocument"]["uri"]]
            for change in params["contentChanges"]:
                edit = {"range": change.get("range"), "newText": change["text"]}
                whole = edit["range"] is None
                text = change["text"] if whole else apply_edits(text, [edit], self.encoding)
            self.documents[params["textDocument"]["uri"]] = params["textDocument"]["version"], text

    def notify(self, method: str, params: Any = None) -> None:
        self._mirror(method, params)
        self.send({"method": method, **({} if params is None else {"params": params})})

    def post(self, method: str, params: Any = None) -> tuple[int, asyncio.Future[Any]]:
        """Send a request; its id and a future of the whole response."""
        self._next += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._next] = future
        body = {} if params is None else {"params": params}
        self.send({"id": self._next, "method": method, **body})
        return self._next, future

    async def request(self, method: str, params: Any = None, patience: float = PATIENCE) -> Any:
        _, future = self.post(method, params)
        if self._ended:
            raise self._ended
        response = await asyncio.wait_for(future, patience)
        if "error" in response:
            raise ServerError(response["error"])
        return response["result"]

    async def until(self, ready: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait for a condition that messages bring about."""

        async def wait() -> Any:
            async with self._news:
                while not (value := ready()):
                    await self._news.wait()
                return value

        return await asyncio.wait_for(wait(), patience)

    async def initialize(
        self, capabilities: Mapping[str, Any] | None = None, **params: Any
    ) -> Json:
        given = dict(capabilities or {})
        if self.encoding != "utf-16":
            given["general"] = {**given.get("general", {}), "positionEncodings": [self.encoding]}
        params = {"processId": os.getpid(), "rootUri": None, "capabilities": given, **params}
        result: Json = await self.request("initialize", params)
        self.capabilities = result["capabilities"]
        self.encoding = self.capabilities.get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return result

    async def stop(self) -> int | None:
        """Shut down in order; the exit code."""
        if self.process is None or self.process.returncode is None:
            await self.request("shutdown")
            self.notify("exit")
        return await asyncio.wait_for(self.process.wait(), 40) if self.process else None

    def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()

    # -- Documents

    def open(self, uri: str, text: str, version: int = 1, language: str = "python") -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def replace(self, uri: str, version: int, text: str) -> None:
        self.change(uri, version, [{"text": text}])

    def change(self, uri: str, version: int, changes: list[Json]) -> None:
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    async def diagnostics(self, uri: str, version: int | None = 1) -> list[Json]:
        """What is shown for a document at a version, once it is."""

        def shown() -> bool:
            return uri in self.displayed and self.displayed[uri].get("version") == version

        await self.until(shown)
        result: list[Json] = self.displayed[uri]["diagnostics"]
        return result

    async def actions(
        self, uri: str, range_: Json, only: list[str] | None = None, context: Any = ()
    ) -> list[Json]:
        about: Json = {"diagnostics": list(context)}
        if only is not None:
            about["only"] = only
        params = {"textDocument": {"uri": uri}, "range": range_, "context": about}
        return await self.request("textDocument/codeAction", params) or []

    async def edit_of(self, action: Json) -> Json:
        """The action's edit, resolved if need be."""
        if "edit" not in action:
            action = await self.request("codeAction/resolve", action)
        return action.get("edit") or {}

    def applied(self, edit: Json, uri: str, text: str) -> str:
        """The text of one document after a workspace edit."""
        edits = list((edit.get("changes") or {}).get(uri, ()))
        for change in edit.get("documentChanges") or ():
            if change["textDocument"]["uri"] == uri:
                edits += change["edits"]
        return apply_edits(text, edits, self.encoding)


def width(char: str, encoding: str) -> int:
    """Units of one character."""
    code = ord(char)
    if encoding == "utf-32":
        return 1
    if encoding == "utf-16":
        return 2 if code > 0xFFFF else 1
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def offset(text: str, position: Json, encoding: str) -> int:
    """The offset of a position, one character at a time."""
    line, at = 0, 0
    while line < position["line"]:
        ends = [found for found in (text.find("\n", at), text.find("\r", at)) if found >= 0]
        if not ends:
            return len(text)
        at = min(ends)
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
    units = 0
    while at < len(text) and text[at] not in "\r\n":
        units += width(text[at], encoding)
        if units > position["character"]:
            break
        at += 1
    return at


def position(text: str, at: int, encoding: str) -> Json:
    """The position of an offset that is not inside a `\\r\\n`."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n")
    start = before.rfind("\n") + 1
    return {"line": line, "character": sum(width(char, encoding) for char in before[start:])}


def span(text: str, start: int, end: int, encoding: str) -> Json:
    return {"start": position(text, start, encoding), "end": position(text, end, encoding)}


def covered(text: str, range_: Json, encoding: str) -> str:
    """The text a range covers."""
    return text[offset(text, range_["start"], encoding) : offset(text, range_["end"], encoding)]


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


def _is_gone(uri: str) -> bool:
    return uri.startswith("file:") and not _path(uri).exists()


def apply_edits(text: str, edits: list[Json], encoding: str) -> str:
    """The text after LSP edits, all of which refer to the text before."""
    spans = [
        (
            offset(text, edit["range"]["start"], encoding),
            offset(text, edit["range"]["end"], encoding),
            edit["newText"],
        )
        for edit in edits
    ]
    last = None
    for start, end, new in sorted(spans, key=lambda item: (item[0], item[1]), reverse=True):
        assert last is None or end <= last, "edits overlap"
        text, last = text[:start] + new + text[end:], start
    return text
