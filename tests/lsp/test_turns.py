"""No turn of the event loop does much, whatever is asked.

What a turn does is counted in calls of functions, which no other process and no slower machine
changes; `python tests/benchmarks` says how long such turns take. `initialize` is left out, before
whose answer nothing may be asked.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp import measured_server
from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, backlog, command, folder
from lsp.wire import Client, span

COMMAND = (sys.executable, measured_server.__file__)
MOST = 50_000
"""A call takes about half a microsecond, and seldom more than one."""
URI = "file:///large.py"
USES = 300
LARGE = "import sentry_sdk\n" + "old_name; x = 'é'\n" * USES + "x = 1  # filler\n" * 20_000
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 30_000, "character": 0}}


@pytest.fixture
def turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file the server writes its turns to."""
    log = tmp_path / "turns.jsonl"
    log.touch()
    monkeypatch.setenv("TURNS", str(log))
    monkeypatch.setenv("TURNS_IN", "calls")
    return log


def long_turns(log: Path) -> list[Any]:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    assert any("'method': 'initialize'" in row[1] for row in rows), "nothing was measured"
    return [row for row in rows if row[0] > MOST and "'method': 'initialize'" not in row[1]]


@pytest.mark.parametrize(("calls", "told"), [(MOST - 1000, False), (MOST + 1, True)])
def test_a_turn_is_measured(turns: Path, calls: int, told: bool) -> None:
    """The instrument itself."""
    turns.write_text(json.dumps([1, "'method': 'initialize'"]) + "\n")

    def work() -> None:
        for number in range(calls):
            abs(number)

    loop = asyncio.new_event_loop()
    measured_server.measured(asyncio.events.Handle(work, (), loop, None))
    loop.close()
    assert bool(long_turns(turns)) is told


async def opened(start: Start, **more: Any) -> Client:
    client = await start(PUSHED, command=COMMAND, **more)
    client.open(URI, LARGE)
    assert len(await client.diagnostics(URI)) == USES
    return client


async def test_typing(start: Start, turns: Path) -> None:
    client = await opened(start)
    for version in range(2, 60):
        at = span(LARGE, version, version, "utf-16")
        client.change(URI, version, [{"range": at, "text": "# "}])
    await client.diagnostics(URI, 59)
    assert long_turns(turns) == []


async def test_actions_for_everything(start: Start, turns: Path) -> None:
    client = await opened(start)
    shown = client.shown[URI]["diagnostics"]
    actions = await client.actions(URI, WHOLE, context=shown)
    assert 30 <= len(actions) <= 200
    for kind in ("source.fixAll", "quickfix"):
        for action in await client.actions(URI, WHOLE, only=[kind]):
            if action.get("kind", "").startswith("source"):
                await client.edit_of(action)
    fixed = await command(client, "fixFile", URI)
    assert fixed == {"applied": True, "fixed": USES}
    assert long_turns(turns) == []


async def test_pulling(start: Start, turns: Path) -> None:
    client = await start(VSCODE, command=COMMAND)
    client.open(URI, LARGE)
    document = {"textDocument": {"uri": URI}}
    first = await client.request("textDocument/diagnostic", document)
    again = {**document, "previousResultId": first["resultId"]}
    assert (await client.request("textDocument/diagnostic", again))["kind"] == "unchanged"
    assert long_turns(turns) == []


async def test_a_whole_workspace(start: Start, turns: Path, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"m{number}.py").write_text("import sentry_sdk\n" + "old_name\n" * 20)
    client = await start(VSCODE, command=COMMAND, configuration=BACKLOG, **folder(tmp_path))
    assert len(await backlog(client)) == 100
    assert (await command(client, "report"))["findings"] == 2000
    assert (await command(client, "fixWorkspace"))["fixed"] == 2000
    assert long_turns(turns) == []
