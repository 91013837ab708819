"""How long the lines of a project may be, by the settings of its formatter or linter.

Owns which file and which tool count: ruff before black before isort before flake8 and pycodestyle,
as ruff and black are what rewrites lines. A file that cannot be read says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sentry_migrate.project import regular_files, toml
from sentry_migrate.project.repository import upwards
from sentry_migrate.project.requirement_lines import ini_value

Probe = Callable[[Path], "int | None"]

DEFAULT = 88
"""Columns, as ruff and black have it, where nothing says otherwise."""
_KEYS = {"ruff": "line-length", "black": "line-length", "isort": "line_length"}
_INI_FILES = (".isort.cfg", ".flake8", "setup.cfg", "tox.ini")
_INI_KEYS = (
    *(("settings", "line_length"), ("isort", "line_length"), ("tool:isort", "line_length")),
    *(("flake8", "max-line-length"), ("flake8", "max_line_length")),
    *(("pycodestyle", "max-line-length"), ("pycodestyle", "max_line_length")),
)
"""Sections and their options."""


def detect(directory: Path, probe: Probe | None = None) -> int:
    """The columns that the nearest directory with such a setting allows, or the default.

    Looks in `directory` and its parents up to the root of the repository, or of the file system.
    `probe` is `line_length_in`, or a version of it that remembers.
    """
    found = map(probe or line_length_in, upwards(directory))
    return next((columns for columns in found if columns is not None), DEFAULT)


def line_length_in(here: Path) -> int | None:
    """The columns that the files directly in a directory allow; None if they do not say."""
    return next((value for value in _lengths(here) if value > 0), None)


def _lengths(here: Path) -> Iterator[int]:
    for name in ("ruff.toml", ".ruff.toml"):
        if (own := _toml(here / name)) is not None:
            yield _number(own.get("line-length", DEFAULT))
    tools = (_toml(here / "pyproject.toml") or {}).get("tool")
    tables = tools if isinstance(tools, dict) else {}
    for tool, key in _KEYS.items():
        table = tables.get(tool)
        if isinstance(table, dict) and (tool != "isort" or key in table):
            yield _number(table.get(key, DEFAULT))
    for name in _INI_FILES:
        with suppress(OSError, ValueError):  # of which a text that is not UTF-8 is one
            text = regular_files.read(here / name).decode()
            asked = [place for place in _INI_KEYS if f"[{place[0]}]" in text]
            yield from (int(said) for place in asked if (said := ini_value(text, *place)))


def _toml(file: Path) -> dict[str, Any] | None:
    """The file's content; None without one that can be read and may say how long lines are."""
    try:
        data = regular_files.read(file)
        if file.name == "pyproject.toml" and not any(tool.encode() in data for tool in _KEYS):
            return None
        return toml.parse(data.decode())
    except (OSError, ValueError):
        return None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
