"""A fast test stays inside its process, so that it stays fast."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest


def start() -> None:
    subprocess.run([sys.executable, "-c", ""], check=False)


def connect() -> None:
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))


OUTSIDE: dict[str, Callable[[], object]] = {
    "a program": start,
    "a shell": lambda: os.system("exit 0"),
    "a connection": connect,
}


@pytest.mark.parametrize("leave", OUTSIDE.values(), ids=OUTSIDE)
def test_a_fast_test_cannot_leave_its_process(leave: Callable[[], object]) -> None:
    with pytest.raises(RuntimeError, match=r"in a fast test: mark .*test_markers.py"):
        leave()


@pytest.mark.slow
@pytest.mark.parametrize("leave", [start, OUTSIDE["a shell"]])
def test_another_may(leave: Callable[[], object]) -> None:
    leave()


def test_markers_are_given(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("fast")
