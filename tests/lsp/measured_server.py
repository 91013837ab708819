"""The real server with the fake worker, noting how much each turn of its event loop does.

`TURNS` names the file that turns of more than a little are written to: one JSON array a line, of
how much and of what ran; `noted` reads them. `TURNS_IN` says how much of what: `calls` of functions, which are the same
on every machine, or `seconds` of the processor.
"""

from __future__ import annotations

import asyncio.events
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from counting import calls
from sentry_migrate.lsp.server import build, run

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
NOTEWORTHY = {"calls": 2_000, "seconds": 0.002}
_run = asyncio.events.Handle._run


def _seconds(handle: Any) -> float:
    """Run a turn. How long it kept the processor, which by the clock others would count in."""
    began = time.thread_time()
    _run(handle)
    return round(time.thread_time() - began, 4)


def noted(log: Path) -> list[tuple[float, str]]:
    """The turns of a server, without that of `initialize`, before whose answer nothing may be
    asked."""
    rows = [(took, what) for took, what in map(json.loads, log.read_text().splitlines())]
    others = [(took, what) for took, what in rows if "'method': 'initialize'" not in what]
    assert len(others) < len(rows), "nothing was measured"
    return others


def measured(handle: Any) -> None:
    """Run a turn, and write down what it took."""
    what = repr(handle)
    unit = os.environ["TURNS_IN"]
    took = calls(lambda: _run(handle)) if unit == "calls" else _seconds(handle)
    if took > NOTEWORTHY[unit]:
        with open(os.environ["TURNS"], "a") as log:
            log.write(json.dumps([took, what[:300]]) + "\n")


def main() -> None:
    asyncio.events.Handle._run = measured  # type: ignore[method-assign,assignment]
    run(build(FAKE_WORKER), None, "warning")
