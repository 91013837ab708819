"""Two things measured in turn, so that a machine under load slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

SERVER = Path(__file__).parents[2] / "server"


def seconds(call: Callable[[], object]) -> float:
    """How long `call` takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], times: int) -> list[float]:
    """Medians: our seconds, their seconds, the ratio of the two taken together."""
    pairs = [(seconds(theirs), seconds(ours)) for _ in range(times)]
    return [
        statistics.median(ours for _, ours in pairs),
        statistics.median(theirs for theirs, _ in pairs),
        statistics.median(ours / theirs for theirs, ours in pairs),
    ]


def program(*command: str) -> Callable[[], object]:
    """A function that runs a command, with its output thrown away."""
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    return lambda: subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
