"""Which sentry-sdk 2.x a project must run on, read from its dependency files.

Owns finding the lowest 2.x that a project's own requirements allow. Refuses to know settings,
rules, or what is installed anywhere: a file in the project is the only witness.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from sentry_migrate.project import regular_files
from sentry_migrate.project.declared_requirements import sdk_requirements
from sentry_migrate.project.dependency_files import SCRIPTS, kind_of
from sentry_migrate.project.mentions import PACKAGE
from sentry_migrate.project.repository import upwards
from sentry_migrate.project.requirement_lines import QUOTED, in_string
from sentry_migrate.project.specifiers import Style, lowest
from sentry_migrate.project.versions import Version

Specifier: TypeAlias = tuple[str, Style]
Probe: TypeAlias = "Callable[[Path], tuple[Specifier, ...]]"

_FOLDERS = ("", "requirements", "constraints")
"""Where the dependency files of a directory are, from there."""


def specifiers(path: str | os.PathLike[str], text: str) -> Iterator[Specifier]:
    """The specifiers for sentry-sdk in one file of the project, without those that count only on
    a Python that no 2.x runs on. Code is searched for strings, and never run."""
    kind = kind_of(path)
    if kind is not None:
        yield from ((one.specifier.strip(), one.style) for one in sdk_requirements(text, kind))
    elif os.path.basename(path) in SCRIPTS:
        for requirement in filter(None, map(in_string, QUOTED.finditer(text))):
            yield requirement.specifier, requirement.style


def specifiers_in(directory: Path) -> tuple[Specifier, ...]:
    """The specifiers for sentry-sdk in the dependency files of one directory.

    Files that cannot be read, decoded or parsed say nothing.
    """
    return tuple(one for path in _files(directory) for one in _specifiers(path))


def detect(directory: Path, specifiers: Probe = specifiers_in) -> Version | None:
    """The lowest 2.x that the nearest directory with a requirement allows; None if none has one.

    Looks in `directory` and its parents up to the root of the repository, or of the file system.
    `specifiers` is `specifiers_in`, or a version of it that remembers.
    """
    return next((lowest(found) for here in upwards(directory) if (found := specifiers(here))), None)


def _files(directory: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        with suppress(OSError):
            for name in sorted(os.listdir(directory / folder)):
                path = os.path.join(directory, folder, name)
                kind = kind_of(path)
                if kind == "requirements" if folder else kind is not None or name in SCRIPTS:
                    yield Path(path)


def _specifiers(path: Path) -> Iterator[Specifier]:
    try:
        text = regular_files.read(path).decode().replace("\r\n", "\n")
    except (OSError, UnicodeError):
        return
    if PACKAGE.search(text):
        yield from ((text, style) for text, style in specifiers(path, text) if text != "*")
