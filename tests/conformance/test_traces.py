"""Everything the server says to any client is by the book."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.checker import Shapes, check
from conformance.scenario import play
from lsp.capabilities import CLIENTS, ENCODINGS, PUSHED, offering
from lsp.conftest import Start

ALL = {**CLIENTS, "vscode-pushed": PUSHED}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ALL)
async def test_a_session(
    start: Start, shapes: Shapes, tmp_path: Path, name: str, encoding: str
) -> None:
    (tmp_path / "other.py").write_text("import sentry_sdk\nold_name; lost\n")
    folder = {"uri": tmp_path.as_uri(), "name": "w"}
    client = await start(
        offering(ALL[name], encoding),
        encoding,
        configuration={"diagnosticMode": "workspace"},
        workspaceFolders=[folder],
        rootUri=folder["uri"],
        trace="verbose",
    )
    client.orderly = False  # it shuts down itself
    await play(client, tmp_path)
    client.notify("exit")
    assert client.process
    assert await client.process.wait() == 0
    assert check(client.trace, shapes) == []
    methods = {message.get("method") for who, message in client.trace if who == "server"}
    assert {"window/logMessage", "$/logTrace"} <= methods
