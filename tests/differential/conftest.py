"""The SDKs, started once for each test process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from differential.program import Program
from differential.proof import Laboratory, laboratory


@pytest.fixture(scope="session")
def lab() -> Iterator[Laboratory]:
    with laboratory() as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what is asked of one program come together: one process then runs it once."""
    asking = {at: id_ for at, item in enumerate(items) if (id_ := _program(item))}
    order = sorted(asking, key=lambda at: asking[at])
    for at, item in zip(asking, [items[one] for one in order], strict=True):
        items[at] = item


def _program(item: pytest.Item) -> str:
    """The program that a test of this folder runs on the SDKs; empty for any other test."""
    call = getattr(item, "callspec", None)
    given = call.params.get("program") if call is not None else None
    here = item.path.parent == Path(__file__).parent
    asks = here and "lab" in getattr(item, "fixturenames", ())
    return given.id if asks and isinstance(given, Program) else ""
