"""server/docs/command-line.md: every row that says yes names a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "server/docs/command-line.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| |")
]


def test_there_are_rows() -> None:
    assert len(ROWS) > 50
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_a_test_that_exists(row: list[str]) -> None:
    _, *marks, named = row
    assert len(marks) == 7
    assert set(marks) <= {"Y", "P", "N", "–"}
    if marks[-1] == "N":
        assert named == ""
        return
    match = re.fullmatch(r"`(tests/[\w/]+\.py)::(\w+)`", named)
    assert match
    path, name = match.groups()
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE)
