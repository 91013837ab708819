"""No turn of the event loop does much, whatever is asked.

What a turn does is counted in calls of functions, which no other process and no slower machine
changes; `python tests/benchmarks` says how long such turns take.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lsp import measured_server
from lsp.busy import SESSIONS
from lsp.conftest import Start

MOST = 50_000
"""A call takes about half a microsecond, and seldom more than one."""


@pytest.fixture
def turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file the server writes its turns to."""
    log = tmp_path / "turns.jsonl"
    log.touch()
    monkeypatch.setenv("TURNS", str(log))
    monkeypatch.setenv("TURNS_IN", "calls")
    return log


def long_turns(log: Path) -> list[tuple[float, str]]:
    return [turn for turn in measured_server.noted(log) if turn[0] > MOST]


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


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.__name__)
async def test_no_turn_does_much(
    session: Callable[[Start, Path], Awaitable[None]], start: Start, turns: Path, tmp_path: Path
) -> None:
    await session(start, tmp_path)
    assert long_turns(turns) == []
