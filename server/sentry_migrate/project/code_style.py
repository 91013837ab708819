"""How a project wants its code to look, by the settings of its formatter, linter or sorter.

Owns which file and which tool count. For the length of lines that is ruff before black before isort
before flake8 and pycodestyle, as ruff and black are what rewrites lines; for imports, ruff before
isort. A file that cannot be read says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from sentry_migrate.project import regular_files, toml
from sentry_migrate.project.repository import upwards
from sentry_migrate.project.requirement_lines import ini_value


@dataclass(frozen=True, slots=True)
class ImportStyle:
    """How import statements are sorted."""

    single: bool = False
    """Whether each `from` import has one name."""
    mixed: bool = False
    """Whether `import a` and `from a import b` are sorted as one, by module."""
    first_party: tuple[str, ...] = ()
    """The first names of modules that count as the project's own."""
    third_party: tuple[str, ...] = ()
    """The like for modules of others."""
    lines_after: int | None = None
    """Blank lines between the last import and other code; None for as many as the code asks for."""


@dataclass(frozen=True, slots=True)
class CodeStyle:
    """What new code keeps to. The defaults are those of ruff, black and isort."""

    columns: int = 88
    imports: ImportStyle = ImportStyle()


Said: TypeAlias = "tuple[int | None, ImportStyle | None]"
"""The columns and the style of imports that one directory asks for; None where it says nothing."""
Probe = Callable[[Path], Said]

DEFAULT = CodeStyle()

_LENGTHS = {"ruff": "line-length", "black": "line-length", "isort": "line_length"}
_RUFF_FILES = ("ruff.toml", ".ruff.toml")
_ISORT = (
    *((".isort.cfg", "settings"), ("setup.cfg", "isort"), ("setup.cfg", "tool:isort")),
    *(("tox.ini", "isort"), ("tox.ini", "tool:isort")),
)
"""Files with settings of isort, and their sections."""
_LINTED = tuple(
    (file, section, option)
    for file in (".flake8", "setup.cfg", "tox.ini")
    for section in ("flake8", "pycodestyle")
    for option in ("max-line-length", "max_line_length")
)
_PROFILES = {
    "appnexus": ImportStyle(mixed=True),
    "google": ImportStyle(single=True, mixed=True),
    "open_stack": ImportStyle(single=True, mixed=True),
    "plone": ImportStyle(single=True),
}
"""What profiles of isort mean, as far as it is not the default."""


def detect(directory: Path, probe: Probe | None = None) -> CodeStyle:
    """What the nearest directories with such settings ask for; the default of what none does.

    Looks in `directory` and its parents up to the root of the repository, or of the file system.
    `probe` is `said_in`, or a version of it that remembers.
    """
    columns: int | None = None
    imports: ImportStyle | None = None
    for here in upwards(directory):
        said = (probe or said_in)(here)
        columns = said[0] if columns is None else columns
        imports = said[1] if imports is None else imports
    return CodeStyle(
        DEFAULT.columns if columns is None else columns,
        DEFAULT.imports if imports is None else imports,
    )


def said_in(here: Path) -> Said:
    """What the files directly in a directory ask for."""
    own = [content for name in _RUFF_FILES if (content := _toml(here / name)) is not None]
    tools = _table((_toml(here / "pyproject.toml") or {}).get("tool"))
    texts = {name: _text(here / name) for name in {file for file, *_ in (*_ISORT, *_LINTED)}}
    return (
        next((value for value in _lengths(own, tools, texts) if value > 0), None),
        next(_import_styles(own, tools, texts), None),
    )


def _lengths(
    own: list[dict[str, Any]], tools: Mapping[str, Any], texts: Mapping[str, str]
) -> Iterator[int]:
    yield from (_number(content.get("line-length", DEFAULT.columns)) for content in own)
    for tool, key in _LENGTHS.items():
        table = tools.get(tool)
        if isinstance(table, dict) and (tool != "isort" or key in table):
            yield _number(table.get(key, DEFAULT.columns))
    for file, *place in chain(((*one, "line_length") for one in _ISORT), _LINTED):
        with suppress(ValueError):
            yield int(_value(texts[file], *place) or 0)


def _import_styles(
    own: list[dict[str, Any]], tools: Mapping[str, Any], texts: Mapping[str, str]
) -> Iterator[ImportStyle]:
    for content in (*own, _table(tools.get("ruff"))):
        for table in (_table(_table(content.get("lint")).get("isort")), content.get("isort")):
            if isinstance(table, dict) and table:
                single, mixed = (
                    table.get(f"force-{what}") is True
                    for what in ("single-line", "sort-within-sections")
                )
                first, third = (
                    _names(table.get(f"known-{whose}-party")) for whose in ("first", "third")
                )
                after = _lines(_number(table.get("lines-after-imports", -1)))
                yield ImportStyle(single, mixed, first, third, after)
    if isinstance(isort := tools.get("isort"), dict):
        said = {option: isort.get(option, "") for option in _ISORT_OPTIONS}
        joined = {
            key: ",".join(one) if isinstance(one, list) else str(one) for key, one in said.items()
        }
        yield _of_isort(joined)
    for file, section in _ISORT:
        if f"[{section}]" in texts[file]:
            yield _of_isort({one: _value(texts[file], section, one) for one in _ISORT_OPTIONS})


_ISORT_OPTIONS = (
    *("profile", "force_single_line", "force_sort_within_sections"),
    *("known_first_party", "known_third_party", "lines_after_imports"),
)


def _of_isort(said: Mapping[str, str]) -> ImportStyle:
    profile, single, mixed, *known, after = (said[option] for option in _ISORT_OPTIONS)
    style = _PROFILES.get(profile, DEFAULT.imports)
    flags = _flag(single, style.single), _flag(mixed, style.mixed)
    first, third = (_names(re.split(r"[,\s]+", one)) for one in known)
    lines = _lines(int(after)) if re.fullmatch(r"-?\d+", after) else None
    return ImportStyle(*flags, first, third, lines)


def _lines(number: int) -> int | None:
    return number if number >= 0 else None


def _names(listed: object) -> tuple[str, ...]:
    """The first names of the modules that a setting lists."""
    names = (str(one).partition(".")[0] for one in listed) if isinstance(listed, list) else ()
    return tuple(sorted(filter(None, names)))


def _flag(value: str, by_default: bool) -> bool:
    return value.lower() in ("true", "1", "yes", "on") if value else by_default


def _value(text: str, section: str, option: str) -> str:
    """An option of an INI file, which is parsed only if it has the section."""
    return ini_value(text, section, option) if f"[{section}]" in text else ""


def _text(file: Path) -> str:
    """The file's content; empty if it cannot be read."""
    try:
        return regular_files.read(file).decode()
    except (OSError, ValueError):  # of which a text that is not UTF-8 is one
        return ""


def _toml(file: Path) -> dict[str, Any] | None:
    """The file's content; None without one that can be read and may say what code looks like."""
    try:
        data = regular_files.read(file)
        if file.name == "pyproject.toml" and not any(tool.encode() in data for tool in _LENGTHS):
            return None
        return toml.parse(data.decode())
    except (OSError, ValueError):
        return None


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
