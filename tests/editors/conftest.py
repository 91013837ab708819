from __future__ import annotations

from pathlib import Path

import pytest

from conformance.conftest import shapes as shapes  # the same judge
from editors.install import install
from editors.session import Case

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record", action="store_true", help="keep what editors announce, instead of comparing it"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(600))  # the set-up, once; sessions end earlier


@pytest.fixture(scope="session")
def _installed() -> None:
    install()


@pytest.fixture
def case(_installed: None, tmp_path: Path) -> Case:
    """An empty directory for one session of an editor."""
    return Case(tmp_path)
