"""The real server with the fake worker, noting how long each turn of its event loop keeps the processor.

What a turn takes of the processor is its own doing; how long it takes by the clock is also that of
whatever else runs on the machine. Turns of more than a few milliseconds are written to the file
that `TURNS` names, one JSON array of seconds and of what ran a line.
"""

from __future__ import annotations

import asyncio.events
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from sentry_migrate.lsp.server import build, run

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
_NOTEWORTHY = 0.005
_run = asyncio.events.Handle._run


def _measured(handle: Any) -> None:
    what = repr(handle)
    began = time.thread_time()
    _run(handle)
    took = time.thread_time() - began
    if took > _NOTEWORTHY:
        with open(os.environ["TURNS"], "a") as log:
            log.write(json.dumps([round(took, 4), what[:300]]) + "\n")


if __name__ == "__main__":
    asyncio.events.Handle._run = _measured  # type: ignore[method-assign]
    run(build(FAKE_WORKER), None, "warning")
