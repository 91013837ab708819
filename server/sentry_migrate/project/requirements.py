"""Which sentry-sdk 2.x a project must run on, read from its dependency files.

Owns the notion of a version and finding the lowest 2.x that a project's own requirements allow.
Everything but `detect` and `pins_in` is a pure function of text, and may raise ValueError (as TOML
and JSON do), RecursionError or configparser.Error where that text is broken. Refuses to know
settings, rules, or what is installed anywhere: a file in the project is the only witness.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sentry_migrate.project import regular_files
from sentry_migrate.project.mentions import PACKAGE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

Version = tuple[int, int, int]

FIRST: Version = (2, 0, 0)
LATEST: Version = (2, 75, 0)
"""The newest sentry-sdk the rewrites are proved on."""

_LOCKED = re.compile(
    r'^\[\[packages?\]\]\s+name = "sentry-sdk"\s+version = "([^"]+)"', re.IGNORECASE | re.MULTILINE
)
_STRING = re.compile(r"""(['"])(sentry[-_.]sdk\b[^'"\n]*)\1""", re.IGNORECASE)


def parse_version(text: str) -> Version:
    """`2.12`, `2.12.0` or `latest` as numbers. Raises ValueError with the reason."""
    text = text.strip()
    if text == "latest":
        return LATEST
    parts = text.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        raise ValueError('not a version such as "2.12" or "latest"')
    numbers = [int(part) for part in parts] + [0, 0]
    if numbers[0] != FIRST[0]:
        where = "below 2.0" if numbers[0] < FIRST[0] else "above 2.x"
        raise ValueError(f"{where}; the target must be a 2.x version")
    return numbers[0], numbers[1], numbers[2]


def lowest(specifiers: Iterable[str]) -> Version | None:
    """The lowest 2.x version that at least one specifier (`>=1.40,<3`) allows.

    None if there is none: nothing is pinned, or every pin excludes 2.x. A specifier that cannot
    be read says nothing, and neither does an empty one.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    floors = []
    for text in specifiers:
        try:
            allowed = SpecifierSet(text)
        except InvalidSpecifier:
            continue
        if len(allowed):
            floors += [version for version in _candidates(allowed) if _allows(allowed, version)]
    return min(floors, default=None)


def _candidates(specifier: SpecifierSet) -> Iterator[Version]:
    """The versions at which what a specifier allows can begin: its bounds, and just past them."""
    yield FIRST
    for clause in specifier:
        numbers = [int(part) for part in re.findall(r"\d+", clause.version)[:3]] + [0] * 3
        major, minor, patch = numbers[:3]
        yield from ((major, minor, patch), (major, minor, patch + 1), (major, minor + 1, 0))


def _allows(specifier: SpecifierSet, version: Version) -> bool:
    return version[0] == 2 and specifier.contains(".".join(map(str, version)), prereleases=True)


def in_requirement(line: str) -> Iterator[str]:
    """The specifier of one PEP 508 requirement on sentry-sdk; nothing for another package."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    if not PACKAGE.match(line.strip()):
        return
    try:
        requirement = Requirement(line.strip())
    except InvalidRequirement:
        return
    if canonicalize_name(requirement.name) == "sentry-sdk":
        yield str(requirement.specifier)


def in_requirements_txt(text: str) -> Iterator[str]:
    """pip's format: comments, options and continued lines around PEP 508."""
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        yield from in_requirement(re.split(r"\s#|\s--|^#", line, maxsplit=1)[0])


def in_pyproject(text: str) -> Iterator[str]:
    """PEP 621 and 735 tables, Poetry's, PDM's and uv's."""
    data = tomllib.loads(text)
    project, tool = _table(data, "project"), _table(data, "tool")
    groups = [project.get("dependencies"), _table(tool, "uv").get("dev-dependencies")]
    groups += _table(project, "optional-dependencies").values()
    groups += _table(data, "dependency-groups").values()
    groups += _table(tool, "pdm", "dev-dependencies").values()
    for group in groups:
        for line in group if isinstance(group, list) else ():
            if isinstance(line, str):
                yield from in_requirement(line)
    poetry = _table(tool, "poetry")
    yield from _named(_table(poetry, "dependencies"))
    yield from _named(_table(poetry, "dev-dependencies"))
    for name in _table(poetry, "group"):
        yield from _named(_table(poetry, "group", name, "dependencies"))


def in_pipfile(text: str) -> Iterator[str]:
    """Pipenv's tables of names and versions, as TOML or, in its lock file, as JSON."""
    data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    for group in ("packages", "dev-packages", "default", "develop"):
        yield from _named(_table(data, group))


def in_lock(text: str) -> Iterator[str]:
    """poetry.lock, uv.lock, pdm.lock, pylock.toml: by pattern, for they run to megabytes."""
    return (f"=={version}" for version in _LOCKED.findall(text))


def in_setup_cfg(text: str) -> Iterator[str]:
    """setuptools' declarative file."""
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    lists = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        lists += [value for _, value in parser.items("options.extras_require")]
    for line in "\n".join(lists).splitlines():
        yield from in_requirement(line)


def in_setup_py(text: str) -> Iterator[str]:
    """String literals of setup.py that are requirements; the file is never run."""
    for _, line in _STRING.findall(text):
        yield from in_requirement(line)


def _named(table: dict[str, Any]) -> Iterator[str]:
    """The specifiers of a table from names to versions, Poetry's `^` and `||` understood."""
    for name, value in table.items():
        if not PACKAGE.fullmatch(name):
            continue
        for entry in value if isinstance(value, list) else [value]:
            version = entry.get("version") if isinstance(entry, dict) else entry
            if isinstance(version, str):
                yield from (poetry(part.strip()) for part in re.split(r"\|\|?", version))


def poetry(constraint: str) -> str:
    """Poetry's caret, tilde and bare versions in PEP 440's words; `*` allows all: ''."""
    if constraint in ("*", ""):
        return ""
    clauses = []
    for clause in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", constraint):
        numbers = [int(part) for part in re.findall(r"\d+", clause)]
        if re.match(r"~(?!=)", clause) and numbers:
            above = [numbers[0], numbers[1] + 1] if len(numbers) > 1 else [numbers[0] + 1]
        elif clause.startswith("^") and numbers:
            above = [numbers[0] + 1]
        else:
            clauses.append(f"=={clause}" if clause[:1].isdigit() else clause)
            continue
        clauses += [f">={_dotted(numbers)}", f"<{_dotted(above)}"]
    return ",".join(clauses)


def _dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def _table(data: Any, *keys: str) -> dict[str, Any]:
    """The table at `keys`; an empty one where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


Reader: TypeAlias = "Callable[[str], Iterator[str]]"
Probe: TypeAlias = "Callable[[Path], tuple[str, ...]]"

FILES: tuple[tuple[str, Reader], ...] = (
    ("pyproject.toml", in_pyproject),
    ("setup.cfg", in_setup_cfg),
    ("setup.py", in_setup_py),
    ("Pipfile", in_pipfile),
    ("Pipfile.lock", in_pipfile),
    ("poetry.lock", in_lock),
    ("uv.lock", in_lock),
    ("pdm.lock", in_lock),
    ("pylock*.toml", in_lock),
    ("*requirements*.txt", in_requirements_txt),
    ("*requirements*.in", in_requirements_txt),
    ("constraints*.txt", in_requirements_txt),
    ("requirements/*.txt", in_requirements_txt),
    ("requirements/*.in", in_requirements_txt),
)
"""Glob patterns, relative to one directory, of the files that may pin sentry-sdk, and readers."""


def pins_in(directory: Path) -> tuple[str, ...]:
    """The specifiers for sentry-sdk in the dependency files of one directory.

    Files that cannot be read, decoded or parsed say nothing.
    """
    return tuple(pin for pattern, read in FILES for pin in _pins(directory, pattern, read))


def detect(directory: Path, pins: Probe = pins_in) -> Version | None:
    """The lowest 2.x that the nearest directory with a pin allows; None if there is none.

    Looks in `directory` and its parents up to the root of the repository, or of the file system.
    `pins` is `pins_in`, or a version of it that remembers.
    """
    for here in (directory, *directory.parents):
        found = pins(here)
        if any(found):
            return lowest(found)
        if os.path.exists(here / ".git") or os.path.exists(here / ".hg"):
            break
    return None


def _pins(here: Path, pattern: str, read: Reader) -> Iterator[str]:
    for path in here.glob(pattern) if "*" in pattern else [here / pattern]:
        try:
            text = regular_files.read(path).decode().replace("\r\n", "\n")
        except (OSError, UnicodeError):
            continue
        if PACKAGE.search(text):
            with suppress(ValueError, RecursionError, configparser.Error):
                yield from read(text)
