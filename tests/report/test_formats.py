"""The output formats: each has its writer, and what has none is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentry_migrate.cli.commands import cli
from sentry_migrate.report import formats

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS = {
    "check": formats.FINDINGS,
    "check --statistics": formats.STATISTICS,
    "report": formats.MIGRATION,
    "rule": formats.RULES,
    "doubt": formats.DOUBTS,
}


@pytest.mark.parametrize(
    ("known", "name"),
    [pytest.param(known, name, id=f"{command} {name}") for command, known in COMMANDS.items() for name in known],
)  # fmt: skip
def test_a_format_has_a_writer(known: Mapping[str, str], name: str) -> None:
    assert callable(formats.writer(known, name))


@pytest.mark.parametrize("lacking", formats.FINDINGS)
def test_findings_without_statistics(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: one for name, one in formats.STATISTICS.items() if name != lacking}
    monkeypatch.setattr(formats, "STATISTICS", left)
    result = CliRunner().invoke(cli, ["check", "--statistics", "--output-format", lacking, "x"])
    assert result.exit_code == 2
    assert f"--statistics has no format '{lacking}'; use one of {', '.join(left)}." in result.output


def test_statistics_have_no_format_of_their_own() -> None:
    assert formats.STATISTICS.keys() <= formats.FINDINGS.keys()


@pytest.mark.parametrize("known", [formats.FINDINGS, formats.MIGRATION, formats.RULES])
def test_the_readme_lists_the_formats(known: Mapping[str, str]) -> None:
    wanted = f"--output-format {'|'.join(known)}"
    assert wanted in README, f"the README's list of options is to have `{wanted}`, in this order"
