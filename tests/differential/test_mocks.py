"""Tests with mocks on the real SDKs: what is green on 1.x is green on 2.x after the safe fixes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.conftest import inline, write_tree
from differential.environments import NEW, OLD
from differential.mocks import MOVING, harmless, projects, said, suites
from sentry_migrate.cli.commands import cli
from sentry_migrate.worker import pool

PROJECTS = projects()
FIXABLE = harmless()
SAID = said()
MOVE = {f"{title}: {way}" for title, ways in MOVING.items() for way in ways}


def made(root: Path, every: Mapping[str, Mapping[str, str]]) -> dict[str, Path]:
    """The projects in directories of their own."""
    paths = {title: root / f"p{number}" for number, title in enumerate(every)}
    for title, path in paths.items():
        write_tree(path, every[title])
    return paths


def fixed(path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the safe fixes change the code."""
    monkeypatch.setattr(pool.Pool, "run", inline)
    monkeypatch.chdir(path)
    before = (path / "app/obs.py").read_text()
    CliRunner().invoke(cli, ["check", "--fix", "."], catch_exceptions=False)
    return (path / "app/obs.py").read_text() != before


@pytest.mark.network
def test_no_green_test_turns_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mocked = {title: files for title, (files, _) in SAID.items()}
    changing = {
        title: PROJECTS[title] for title in PROJECTS.keys() & MOVE
    }  # the others stay, below
    paths = made(tmp_path, changing | FIXABLE | mocked)
    old = suites(OLD, paths.values())
    assert {title: old[path.name] for title, path in paths.items() if old[path.name]} == {}
    touched = {title: path for title, path in paths.items() if fixed(path, monkeypatch)}
    moving = {title for title, (_, moves) in SAID.items() if moves}
    assert touched.keys() == FIXABLE.keys() | MOVE | moving
    new = suites(NEW, touched.values())
    assert {title: new[path.name] for title, path in touched.items() if new[path.name]} == {}


@pytest.mark.parametrize("title", sorted(PROJECTS.keys() - MOVE))
def test_a_patched_name_waits_for_a_person(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, PROJECTS[title])
    assert not fixed(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(cli, ["check", "--unsafe-fixes", "--diff", "."])
    assert "app/obs.py" in said.output


@pytest.mark.parametrize("title", FIXABLE)
def test_a_patch_of_something_else_is_no_matter(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, FIXABLE[title])
    assert fixed(tmp_path, monkeypatch)


def test_the_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, PROJECTS["push_scope: f-string"])
    monkeypatch.setattr(pool.Pool, "run", inline)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(cli, ["check", "--output-format", "json", "."]).output
    assert "tests/test_obs.py:9 puts something in place of `push_scope`" in said
