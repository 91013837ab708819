"""The part of the recorder that pytest loads: which test runs, how it ends, and what it leaves."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

_recorder = importlib.import_module("sentry_migrate_recorder")
_state = importlib.import_module("sentry_migrate_state")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any) -> Iterator[None]:
    """Everything up to the end of the test belongs to it; one that ends its process has begun."""
    with _recorder.running(item.nodeid):
        _recorder.write("outcome", phase="call", outcome="")
        with _state.restored():
            yield


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    """What a fixture of several tests sends belongs to none of them: which one is the first or the
    last depends on their order, and on the process that takes them."""
    if fixturedef.scope == "function":
        yield
        return
    torn_down = ExitStack()
    fixturedef.addfinalizer(torn_down.close)  # the last finalizer to run
    with _recorder.setting_up(), _state.shared():
        yield

    def tear_down() -> None:
        torn_down.enter_context(_recorder.running(""))
        torn_down.enter_context(_state.shared())

    fixturedef.addfinalizer(tear_down)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item: Any) -> Iterator[None]:
    """What the test itself changes in the SDK ends with it."""
    with _state.isolated("SENTRY_MIGRATE_NO_CLIENT" not in os.environ):
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    """Record how the test ends, and a phase around it that does not end well."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" or report.outcome != "passed":
        _recorder.write("outcome", phase=report.when, outcome=report.outcome)


def pytest_collection_modifyitems(config: Any, items: Any) -> None:
    """Run only the tests that are asked for, if there is a list of them."""
    wanted = _recorder.only()
    if wanted is not None:
        items[:] = [item for item in items if item.nodeid in wanted]
