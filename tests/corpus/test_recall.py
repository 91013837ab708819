"""What is found in published packages, and what is not, line by line.

`recall/occurrences.csv` lists where some sixty packages use the 1.x API, by class of use; the list
was made with another parser, by reading names. `recall/misses.csv` lists the occurrences that have
no finding, each with the reason. `recall/hand_checked.csv` is a sample of findings, each of which
a person looked up.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.download import unpack
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import Source

HERE = Path(__file__).parent / "recall"
PLACE = ("package", "file", "line")

pytestmark = [pytest.mark.network, pytest.mark.timeout(900)]


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


OCCURRENCES, MISSES, CHECKED = rows("occurrences"), rows("misses"), rows("hand_checked")

Found = Mapping[tuple[str, str, str], set[str]]


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("packages")
    return unpack(HERE / "packages.txt", wheels, target, apart=True)


def _findings(downloaded: Path, settings: Settings) -> Found:
    """Names of rules by package, file and 1-based line; a finding counts on each of its lines."""
    result: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in {(row["package"], row["file"]) for row in [*OCCURRENCES, *CHECKED]}:
        path = downloaded.joinpath(*row)
        source = Source.from_bytes(path.read_bytes())
        lines = LineIndex(source.text)
        for finding in analyze(source, settings, path).findings:
            for line in range(lines.line_of(finding.start), lines.line_of(finding.end) + 1):
                result[(*row, str(line + 1))].add(finding.name)
    return result


@pytest.fixture(scope="module")
def everything(downloaded: Path) -> Found:
    return _findings(downloaded, Settings(select=("ALL",)))


def test_the_lists_are_what_they_say() -> None:
    assert len(OCCURRENCES) > 250
    assert len(CHECKED) == 200
    assert all(row["verdict"] == "a use of the SDK" for row in CHECKED)
    assert all(row["reason"] for row in MISSES)
    places = {tuple(row[key] for key in (*PLACE, "class")) for row in OCCURRENCES}
    assert {tuple(row[key] for key in (*PLACE, "class")) for row in MISSES} <= places


def test_what_has_no_finding_has_a_reason(everything: Found) -> None:
    """Both ways: no unlisted miss, and no listed one that is found."""
    missed = {
        tuple(row[key] for key in (*PLACE, "class"))
        for row in OCCURRENCES
        if not everything.get((row["package"], row["file"], row["line"]))
    }
    assert missed == {tuple(row[key] for key in (*PLACE, "class")) for row in MISSES}


def test_the_checked_findings_are_found(everything: Found) -> None:
    lost = [
        row
        for row in CHECKED
        if row["rule"] not in everything.get((row["package"], row["file"], row["line"]), set())
    ]
    assert lost == []
