"""The SDKs, started once for each test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from differential.proof import Laboratory, laboratory


@pytest.fixture(scope="session")
def lab() -> Iterator[Laboratory]:
    with laboratory() as started:
        yield started
