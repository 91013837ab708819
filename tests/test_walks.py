"""The two walks of server/docs/architecture.md are those that a text really takes.

A module is on a walk if a call that hands the text on, or what was found in it, goes through it: it
is on the stack when the text reaches one of the stations. What is only asked is not on the walk.
"""

from __future__ import annotations

import asyncio
import io
import queue
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import libcst as cst
import pytest
from lsprotocol import types

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.documents import Documents
from sentry_migrate.lsp.features import text_sync
from sentry_migrate.lsp.server import build
from sentry_migrate.lsp.session import diagnostics
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.project.config import Settings
from sentry_migrate.rules.scopes import push_scope_with
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.source import Source
from sentry_migrate.worker import answers, frames, lane, process

PAGE = (Path(__file__).parents[1] / "server/docs/architecture.md").read_text(encoding="utf-8")
PACKAGE = "sentry_migrate."
MOST = 10


def written(title: str) -> list[str]:
    """The modules of a walk, as the page lists them."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [
        name.replace("/", ".")
        for line in re.findall(r"^\d+\. (.*(?:\n   .*)*)", section, re.MULTILINE)
        for name in re.findall(r"^`([\w/]+)\.py`", line)
    ]


def modules(frame: FrameType | None, first: CodeType) -> list[str]:
    """The package's modules on a stack, from the call of `first` on, or from its beginning."""
    found: list[str] = []
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(PACKAGE):
            found.append(name.removeprefix(PACKAGE))
        if frame.f_code is first:
            break
        frame = frame.f_back
    return found[::-1]


@contextmanager
def traced(on_call: Callable[[FrameType], None]) -> Iterator[None]:
    """Call back for every call of a Python function, in threads that begin now, too."""

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_globals.get("__name__", "").startswith(PACKAGE):
            on_call(frame)

    before = sys.getprofile()
    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


# -- from didChange to publishDiagnostics --------------------------------------------------------

TEXT = """\
import sentry_sdk

with sentry_sdk.push_scope() as scope:
    scope.set_tag("a", "b")
"""

# Where the text, or what was found in it, is taken in, passed between processes and sent away.
STATIONS = {
    function.__code__
    for function in (
        *(Documents.change, lane.Lane.ask, frames.pack, frames.unpack, analyze),
        *(convert.diagnostic, diagnostics._send),
    )
}


class Worker:
    """The child process's own loop, in a thread of this process."""

    def __init__(self) -> None:
        self.questions: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        arguments = (answers.load, self.questions, self)
        threading.Thread(target=process._work, args=arguments, daemon=True).start()
        self.answers.get(timeout=60)  # that it is ready

    def write(self, data: bytes) -> None:
        self.answers.put(data)

    def flush(self) -> None:
        pass

    async def round_trip(self, _: object, data: bytes) -> frames.Message:
        self.questions.put(frames.unpack(data[frames.HEADER.size :]))
        answer = await asyncio.to_thread(self.answers.get, timeout=60)
        return frames.unpack(answer[frames.HEADER.size :])[0]


def session(sent: list[Any]) -> Session:
    """A session without streams, whose client can do nothing but be pushed to."""
    built = build()
    built.server.text_document_publish_diagnostics = sent.append  # type: ignore[method-assign]
    hello = {"processId": None, "rootUri": None, "capabilities": {}}
    message = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}
    protocol = built.server.protocol
    protocol.set_writer(io.BytesIO())
    protocol.handle_message(protocol.structure_message(message))
    built.greeted.set()
    return built


async def change(sent: list[Any], begin: Callable[[list[Any]], None]) -> None:
    """Open an empty document, and change it once that is done."""
    one = session(sent)
    uri = "untitled:walk"
    opened = types.TextDocumentItem(uri, "python", 1, "")
    text_sync.did_open(one, types.DidOpenTextDocumentParams(opened))
    await one.analyses.get(uri)
    named = types.VersionedTextDocumentIdentifier(2, uri)
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    changes = [types.TextDocumentContentChangePartial(nowhere, TEXT)]
    begin(changes)
    text_sync.did_change(one, types.DidChangeTextDocumentParams(named, changes))
    for _ in range(600):
        if any(published.diagnostics for published in sent):
            return
        await asyncio.sleep(0.05)


@pytest.mark.slow
def test_from_did_change_to_publish_diagnostics(monkeypatch: pytest.MonkeyPatch) -> None:
    walk: dict[str, None] = {}
    first = text_sync.did_change.__code__
    typed: list[Any] = []

    def begin(changes: list[Any]) -> None:
        walk.clear()
        typed.append(changes)

    def is_given_what_was_typed(frame: FrameType) -> bool:
        """Whether it is a function that the client's changes are passed to."""
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount]
        return any(frame.f_locals.get(name) is one for name in names for one in typed)

    def on_call(frame: FrameType) -> None:
        if frame.f_code in STATIONS or is_given_what_was_typed(frame):
            stack = modules(frame, first)
            if "lsp.session.reexport_index" not in stack:  # asks about other files
                walk.update(dict.fromkeys(stack))

    async def running(_: lane.Lane) -> Any:
        return None

    sent: list[Any] = []
    with traced(on_call):
        worker = Worker()
        monkeypatch.setattr(lane.Lane, "_running", running)
        monkeypatch.setattr(lane, "_round_trip", worker.round_trip)
        monkeypatch.setattr(lane.Lane, "start", lambda _: None)
        asyncio.run(change(sent, begin))
    assert len(sent[-1].diagnostics) == 1
    assert sorted(walk) == sorted(written("The walk of a text"))
    assert len(walk) <= MOST


# -- the judgement of one block ------------------------------------------------------------------

HEAD = "import sentry_sdk\n\n\n"
BLOCKS = {
    "setters": "with sentry_sdk.push_scope() as scope:\n    scope.set_tag('a', 'b')\n",
    "a capture": "with sentry_sdk.push_scope() as scope:\n    sentry_sdk.capture_message('m')\n",
    "values": (
        "def f(order):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        "        scope.set_extra('order', f'{order.number} of {order}')\n"
        "        sentry_sdk.capture_exception()\n"
    ),
    "a call": (
        "def note(order):\n    print(order)\n\n\n"
        "def f(order):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        "        note(order)\n"
        "        scope.set_tag('a', 'b')\n"
    ),
    "a loop": (
        "def f(orders):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        "        for order in orders:\n"
        "            scope.set_tag('a', 'b')\n"
    ),
    "a block in it": (
        "with sentry_sdk.push_scope() as outer:\n"
        "    with sentry_sdk.push_scope() as inner:\n"
        "        inner.set_tag('a', 'b')\n"
        "    outer.set_tag('a', 'b')\n"
    ),
    "await and yield": (
        "async def f(work):\n"
        "    with sentry_sdk.push_scope() as scope:\n"
        "        yield await work(scope)\n"
    ),
}
# Rooms that every rule asks about code, whatever it judges.
ASKED = (
    *("kit.", "python.", "sdk.", "text.", "project."),
    *("proof.call_graph", "proof.entered_generators", "proof.hub_activation"),
    *("proof.kept_functions", "proof.put_members"),
)


def is_block(value: object, text: str) -> bool:
    """Whether an argument is the use of `push_scope`, its call or its block."""
    if isinstance(value, list | tuple):
        return any(is_block(one, text) for one in value[:3])
    if isinstance(value, Use):
        return getattr(value, "trigger", "") == "sentry_sdk.push_scope"
    if isinstance(value, cst.Call):
        return isinstance(value.func, cst.Attribute) and value.func.attr.value == "push_scope"
    return isinstance(value, cst.With | cst.IndentedBlock | cst.SimpleStatementLine)


def judged(text: str) -> dict[str, None]:
    """The modules that the judgement of the block in a text passes."""
    walk: dict[str, None] = {}
    check = push_scope_with.check.__code__

    def on_call(frame: FrameType) -> None:
        code = frame.f_code
        stack = modules(frame, analyze.__code__)
        if push_scope_with.__name__.removeprefix(PACKAGE) not in stack:
            return
        names = code.co_varnames[: code.co_argcount]
        if code is check or any(is_block(frame.f_locals.get(name), text) for name in names):
            walk.update(dict.fromkeys(one for one in stack if not one.startswith(ASKED)))

    with traced(on_call):
        analyze(Source(text), Settings(select=("push-scope-with",)))
    return walk


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_the_judgement_of_a_block_stays_on_the_walk(block: str) -> None:
    walk = judged(HEAD + block)
    assert {"engine.analyze", "rewrite.push_scope"} <= walk.keys()
    assert walk.keys() - set(written("The judgement of a block")) == set()


def test_the_judgement_of_blocks_needs_the_whole_walk() -> None:
    needed = {name for block in BLOCKS.values() for name in judged(HEAD + block)}
    assert needed == set(written("The judgement of a block"))
    assert len(needed) <= MOST
