"""Requests, changes and cancellations in any order: everything is answered, once and truly."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from conformance.checker import Shapes, check
from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.wire import Client, position, span

WORDS = ("old_name", "risky", "lost", "choice", "def def", "😀", "\n", "\r\n", "RAISE", "x = 1\n")
NAMES = ("a", "b", "c")


class Typist:
    """Does something, and does not wait."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client = client
        self.chance = random.Random(seed)
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.waiting: list[tuple[int, asyncio.Future[Any]]] = []
        self.resolvable: list[Any] = []

    def act(self) -> None:
        chance = self.chance
        uri = f"file:///w/{chance.choice(NAMES)}.py"
        if uri not in self.texts:
            self.texts[uri] = "import sentry_sdk\nold_name; '😀'; choice\n"
            self.versions[uri] = self.versions.get(uri, 0) + 1
            self.client.open(uri, self.texts[uri], self.versions[uri])
            return
        match chance.randrange(10):
            case 0 | 1 | 2:
                self.type(uri)
            case 3 if chance.random() < 0.3:
                del self.texts[uri]
                self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            case 4 if self.waiting:
                number, _ = chance.choice(self.waiting)
                self.client.notify("$/cancelRequest", {"id": number})
            case 5 if chance.random() < 0.2:
                self.client.configuration = {"maxFindings": chance.randint(0, 4)}
                self.client.notify("workspace/didChangeConfiguration", {"settings": None})
            case _:
                self.ask(uri)

    def type(self, uri: str) -> None:
        text, encoding = self.texts[uri], self.client.encoding
        at = self.chance.randint(0, len(text))
        if text[at - 1 : at + 1] == "\r\n":
            at -= 1
        word = self.chance.choice(WORDS)
        self.texts[uri] = text[:at] + word + text[at:]
        self.versions[uri] += 1
        change = {"range": span(text, at, at, encoding), "text": word}
        self.client.change(uri, self.versions[uri], [change])

    def ask(self, uri: str) -> None:
        chance, text, encoding = self.chance, self.texts[uri], self.client.encoding
        document = {"textDocument": {"uri": uri}}
        at = position(text, chance.randint(0, len(text)), encoding)
        only = chance.choice((None, ["quickfix"], ["source.fixAll"], [""]))
        context: dict[str, Any] = {"diagnostics": [], **({"only": only} if only else {})}
        kinds: list[tuple[str, Any]] = [
            ("textDocument/hover", {**document, "position": at}),
            ("textDocument/codeLens", document),
            (
                "textDocument/codeAction",
                {**document, "range": {"start": at, "end": at}, "context": context},
            ),
            ("workspace/executeCommand", {"command": "sentry-migrate.debugInformation"}),
        ]
        if "diagnosticProvider" in self.client.capabilities:
            kinds.append(("textDocument/diagnostic", document))
        if self.resolvable:
            kinds.append(("codeAction/resolve", chance.choice(self.resolvable)))
        method, params = chance.choice(kinds)
        number, future = self.client.post(method, params)
        self.waiting.append((number, future))
        if method == "textDocument/codeAction":
            future.add_done_callback(self.keep)

    def keep(self, future: asyncio.Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            actions = future.result().get("result") or ()
            self.resolvable += [action for action in actions if "data" in action]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("capabilities", [PUSHED, VSCODE], ids=["pushed", "pulled"])
@pytest.mark.parametrize("seed", range(3))
async def test_any_order(start: Start, shapes: Shapes, capabilities: Any, seed: int) -> None:
    client = await start(capabilities)
    typist = Typist(client, seed)
    for _ in range(300):
        typist.act()
        if typist.chance.random() < 0.2:
            await asyncio.sleep(typist.chance.random() * 0.05)
    await asyncio.wait_for(asyncio.gather(*(future for _, future in typist.waiting)), 60)
    await client.request("workspace/executeCommand", {"command": "sentry-migrate.debugInformation"})
    wrong = check(client.trace, shapes)
    # What the server says may be overtaken by a change that was already on its way; only then may
    # its places not fit the newest text, its edit be for the version before (and refused), or its
    # diagnostics be of a file just closed, which it takes back.
    overtaken = ("no place in", "outside", "an edit for version", "which is closed")
    assert [text for text in wrong if not any(word in text for word in overtaken)] == []
    shown = {
        message["params"]["uri"]: message["params"]["diagnostics"]
        for who, message in client.trace
        if who == "server" and message.get("method") == "textDocument/publishDiagnostics"
    }
    assert [uri for uri, left in shown.items() if left and uri not in typist.texts] == []
