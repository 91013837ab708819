"""What `check` would look at, with which settings, and what it does not count, by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import BEFORE, CLEAN
from cli.test_check import IN_R, NOTEBOOK
from sentry_migrate.project.config import Settings
from sentry_migrate.project.files import DEFAULT_EXCLUDE

PYPROJECT = """\
[tool.sentry-migrate]
select = ["SEN1"]
sdk-version = "2.12"
extend-exclude = ["gen"]
per-file-ignores = { "*.pyi" = ["ALL"] }
severity = { SEN101 = "error" }
"""
TREE = {
    "pyproject.toml": PYPROJECT,
    ".gitignore": "ignored.py\n",
    "a.py": BEFORE,
    "b.py": CLEAN,
    "notes.txt": "",
    "ignored.py": BEFORE,
    "gen/c.py": BEFORE,
    "node_modules/d.py": BEFORE,
    "nb/e.ipynb": NOTEBOOK,
    "nb/r.ipynb": IN_R,
    "nb/requirements.txt": "flask\n",
}
# arguments → the files
FILES: dict[str, Sequence[str]] = {
    "": ("a.py", "b.py", "nb/e.ipynb", "nb/r.ipynb", "nb/requirements.txt", "pyproject.toml"),
    "nb": ("nb/e.ipynb", "nb/r.ipynb", "nb/requirements.txt"),
    "--exclude nb": ("a.py", "b.py", "pyproject.toml"),
    "--no-respect-gitignore --exclude nb": ("a.py", "b.py", "ignored.py", "pyproject.toml"),
    "gen/c.py": ("gen/c.py",),
    "gen/c.py --force-exclude": (),
    "--isolated --exclude nb": ("a.py", "b.py", "gen/c.py", "pyproject.toml"),
}


@pytest.mark.parametrize(("arguments", "names"), FILES.items())
def test_which_files_would_be_read(
    run: Run, here: Path, arguments: str, names: Sequence[str]
) -> None:
    write_tree(here, TREE)
    before = read_tree(here)
    ran = run("check", "--fix", "--show-files", *arguments.split())
    assert (ran.code, ran.text.splitlines(), ran.err) == (0, list(names), "")
    assert read_tree(here) == before


def test_a_path_that_is_not_there(run: Run, here: Path) -> None:
    ran = run("check", "--show-files", "nowhere")
    assert (ran.code, ran.out) == (2, b"")
    assert "nowhere: io-error: No such file" in ran.err


SET: dict[str, Any] = {
    "select": ["SEN1"],
    "sdk-version": "2.12.0",
    "extend-exclude": ["gen"],
    "per-file-ignores": {"*.pyi": ["ALL"]},
    "severity": {"SEN101": "error"},
    "exclude": sorted(DEFAULT_EXCLUDE),
}


@pytest.mark.parametrize("arguments", [(), ("nb",), ("a.py", "nowhere"), ("nb/e.ipynb",)])
def test_which_settings_hold(run: Run, here: Path, arguments: Sequence[str]) -> None:
    write_tree(here, TREE)
    ran = run("check", "--show-settings", *arguments)
    shown = json.loads(ran.text)
    assert (ran.code, shown["file"]) == (0, str(here / "pyproject.toml"))
    assert {key: shown[key] for key in SET} == SET
    own = {field.name.replace("_", "-") for field in fields(Settings)} - {"root", "code-style"}
    style = {"line-length", "force-single-line", "force-sort-within-sections"}
    assert shown.keys() == own | style | {"file"}


def test_the_command_line_comes_first(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    given = ("--select", "SEN2", "--unsafe-fixes", "--strict")
    shown = json.loads(run("check", "--show-settings", *given).text)
    assert (shown["select"], shown["unsafe-fixes"], shown["strict"]) == (["SEN2"], True, True)
    shown = json.loads(run("check", "--show-settings", "--isolated").text)
    assert (shown["file"], shown["select"]) == (None, [])


def test_what_is_not_counted_is_named(run: Run, here: Path) -> None:
    write_tree(here, TREE)
    ran = run("check", "-v", "--exclude", "b.py")
    assert ran.err.splitlines() == [
        *("Excluded: b.py", "Excluded: gen", "Excluded by default: node_modules"),
        "Not in Python: nb/r.ipynb",
    ]
    told = ran.text.replace("\n", " ")
    assert "Not counted: 2 excluded files or directories, 1 directory with code that" in told
    assert "which is excluded by default, 1 notebook in another language" in told
    assert run("check", "--exclude", "b.py").err == ""


@pytest.mark.parametrize(
    "arguments",
    ["-v -q", "--show-files --show-settings", "--show-files --staged", "- --show-files"],
)
def test_what_does_not_go_together(run: Run, here: Path, arguments: str) -> None:
    ran = run("check", *arguments.split())
    assert (ran.code, "cannot be used with" in ran.err) == (2, True)
