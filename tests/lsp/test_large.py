"""One large document holds nobody up: the real server with the real analysis."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import sys
import time

import pytest

from lsp.capabilities import PUSHED
from lsp.conftest import Start
from lsp.processes import alive, gone
from lsp.test_workspace import command
from lsp.wire import Client, ServerError

USE = "import sentry_sdk\nsentry_sdk.Hub.current.capture_message('x')\n"
FILLER = "x = 1  # filler, as large files have\n"
LARGE = USE + FILLER * (1_000_000 // len(FILLER))
SMALL = "file:///small.py"
CONTENT_MODIFIED = -32801
ROUNDS = 5
NOISE = 1.0
"""Seconds by which a busy machine may make a median longer. A large text takes some times that."""
PLACE = {"start": {"line": 1, "character": 12}, "end": {"line": 1, "character": 12}}


async def waits(client: Client, version: int) -> dict[str, float]:
    """Seconds until a small document that has just changed is served, from `version` on."""
    asked = {"textDocument": {"uri": SMALL}, "position": PLACE["start"]}
    took: dict[str, list[float]] = {}
    for number in range(version, version + 3 * ROUNDS, 3):
        for offset, what in enumerate(("diagnostics", "actions", "hover")):
            client.replace(SMALL, number + offset, USE + f"y = {number + offset}\n")
            begun = time.monotonic()
            if what == "diagnostics":
                assert len(await client.diagnostics(SMALL, number + offset)) == 1
            elif what == "actions":
                await first_edit(client)
            else:
                found = await client.request("textDocument/hover", asked)
                assert "Hub" in found["contents"]["value"]
            took.setdefault(what, []).append(time.monotonic() - begun)
    return {what: statistics.median(each) for what, each in took.items()}


async def first_edit(client: Client) -> None:
    """The edit of what is offered first; asked again, as editors do, if other files change it."""
    while True:
        (first, *_) = await client.actions(SMALL, PLACE)
        try:
            edit = await client.edit_of(first)
        except ServerError as error:
            if error.code == CONTENT_MODIFIED:
                continue
            raise
        assert edit
        return


async def keep_typing(client: Client, uris: list[str]) -> None:
    """A key every so often, with pauses in which the analysis begins."""
    version = 1
    while True:
        version += 1
        for uri in uris:
            place = {"start": {"line": 4, "character": 0}, "end": {"line": 4, "character": 0}}
            client.change(uri, version, [{"range": place, "text": "# "}])
        await asyncio.sleep(0.1 if version % 3 else 0.6)


async def large_worker(client: Client) -> int | None:
    workers = (await command(client, "debugInformation"))["workers"]
    pid: int | None = workers["large"]["pid"]
    return pid


async def served(client: Client) -> int:
    """Wait for the process for large texts; its id."""
    while (pid := await large_worker(client)) is None:
        await asyncio.sleep(0.05)
    return pid


async def analysed(client: Client, uri: str) -> None:
    """Wait until what is found in a document's newest version is shown."""
    version = client.documents[uri][0]
    await client.until(lambda: client.displayed.get(uri, {}).get("version") == version, 200)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("count", [1, 2])
async def test_a_small_document_does_not_wait_for_large_ones(start: Start, count: int) -> None:
    client = await start(PUSHED, command="real")
    client.open(SMALL, USE)
    await client.diagnostics(SMALL)
    alone = await waits(client, 2)
    large = [f"file:///large{number}.py" for number in range(count)]
    for uri in large:
        client.open(uri, LARGE)
    await served(client)
    typing = asyncio.ensure_future(keep_typing(client, large))
    beside = await waits(client, 1000)
    typing.cancel()
    for what, seconds in beside.items():
        assert seconds <= 1.5 * alone[what] + NOISE, (what, alone, beside)
    for uri in large:  # and they are served once nobody types into them
        await analysed(client, uri)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(200)
async def test_its_process_ends_when_it_is_idle(start: Start) -> None:
    program = "import sentry_migrate.lsp.server as s; s._IDLE = 0.5; s.run(s.build(), None, 'info')"
    client = await start(PUSHED, command=(sys.executable, "-c", program))
    text = LARGE[:100_000]
    client.open("file:///large.py", text)
    worker = await served(client)
    await analysed(client, "file:///large.py")
    while await large_worker(client) is not None:
        await asyncio.sleep(0.05)
    assert await gone([worker], 60) == []
    client.replace("file:///large.py", 2, "\n" + text)
    await analysed(client, "file:///large.py")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(200)
@pytest.mark.parametrize("end", ["exit", "end of input", "kill"])
async def test_its_process_never_outlives_the_server(start: Start, end: str) -> None:
    client = await start(PUSHED, command="real")
    client.orderly = False
    client.open("file:///large.py", LARGE)
    worker = await served(client)
    assert alive(worker)
    assert client.process
    if end == "exit":
        await client.stop()
    elif end == "kill":
        os.kill(client.process.pid, signal.SIGKILL)
    else:
        assert client.process.stdin
        client.process.stdin.close()
    assert await gone([worker], 60) == []
