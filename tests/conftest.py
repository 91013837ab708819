"""Which tests are fast, which begin first, and that a fast one stays inside its process."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

# A machine that is shared makes one example of a search slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# What has a folder here is tested by starting programs: the command line, servers, editors, npm.
STARTS_PROGRAMS = {"cli", "client", "conformance", "contributing", "corpus", "editors", "lsp"}

# What a fast test must not do, by the names of Python's audit events.
OUTSIDE = {
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
    "socket.connect",
}

_AT_ONCE = 48
"""Tests that a worker is given at once: few modules are set up in several workers for it."""

_running: pytest.Item | None = None


def pytest_configure(config: pytest.Config) -> None:
    """What the command line remembers goes to places of its own, and with the tests."""
    for kind in ("cache", "state"):
        directory = tempfile.TemporaryDirectory(prefix=f"sentry-migrate-{kind}-")
        os.environ[f"SENTRY_MIGRATE_{kind.upper()}_DIR"] = directory.name
        config.add_cleanup(directory.cleanup)
    if hasattr(
        config.option, "maxschedchunk"
    ):  # or one worker has hundreds left when all else is done
        config.option.maxschedchunk = config.option.maxschedchunk or _AT_ONCE


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only fast tests are wanted, nothing is imported from folders that have none."""
    folder = collection_path.parent == TESTS and collection_path.name in STARTS_PROGRAMS
    return True if folder and config.option.markexpr == "fast" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """What starts programs waits for them half of the time, so each processor gets two workers."""
    return None if config.option.markexpr == "fast" else 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory to the end: have no garbage collection look at them."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything is fast that is not said to be something else. Slow tests come first: one that
    begins last keeps a single processor busy at the end."""
    for item in items:
        inside = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        otherwise = any(item.get_closest_marker(name) for name in ("slow", "network"))
        if not otherwise and inside not in STARTS_PROGRAMS:
            item.add_marker(pytest.mark.fast)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note which fast test runs."""
    global _running
    _running = item if item.get_closest_marker("fast") else None
    try:
        return (yield)
    finally:
        _running = None


def _stay_inside(event: str, arguments: object) -> None:
    if _running is not None and event in OUTSIDE:
        raise RuntimeError(f"{event} in a fast test: mark {_running.nodeid} with pytest.mark.slow")


sys.addaudithook(_stay_inside)
