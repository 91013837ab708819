"""Which files make up a project, beyond those that were asked for.

Owns where a directory without any mark of a project ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sentry_migrate.project.config import Settings
from sentry_migrate.project.files import MANY, discover
from sentry_migrate.project.modules import is_project, project_of
from sentry_migrate.project.regular_files import read
from sentry_migrate.project.repository import is_root, upwards
from sentry_migrate.project.scripts import ends_as_python, is_code
from sentry_migrate.text.notebook import is_notebook

_TESTS = ("test", "tests")


def project_paths(root: str) -> list[str]:
    """What to look through for the project at `root`. If it does not look like one, it may be any
    directory with a script in it: then that is its own files and packages."""
    if is_project(root):
        return [root]
    found = []
    with suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            package = os.path.join(entry.path, "__init__.py")
            if ends_as_python(entry.name) or entry.name in _TESTS or os.path.isfile(package):
                found.append(entry.path)
    return found


def root_of(directory: str) -> str:
    """What an absolute directory belongs to: its repository, else its project."""
    *_, top = upwards(Path(directory))
    return str(top) if is_root(top) else project_of(directory)


def name_in_project(path: str) -> str:
    """The name of a file or directory, wherever links to it are, from the root of what it belongs
    to, with forward slashes."""
    full = os.path.realpath(path)
    root = root_of(full if os.path.isdir(full) else os.path.dirname(full))
    return os.path.relpath(full, root).replace(os.sep, "/")


def python_below(paths: Iterable[str], notebooks: bool = False) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every Python file at or below `paths`, even those that settings exclude;
    with `notebooks`, of these too.

    Raises TooManyError where it is more than a project.
    """
    walk = discover(paths, lambda _: Settings(), most=MANY, notebooks=notebooks, scripts=True)
    for found in walk:
        if is_code(found.path) or is_notebook(found.path):
            try:
                yield found.path, read(found.path)
            except OSError:
                continue
