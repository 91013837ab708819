"""Copies of a project, in which its tests run while the project itself stays as it is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator

SKIPPED = frozenset(
    (
        *(".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".sentry-migrate"),
    )
)
"""Names of directories that are not copied; nor is any other virtual environment."""


def copy_project(root: str, target: str) -> None:
    """Copy a project, which is given by its real path. Links stay links, and relative ones that
    lead out of it lead to the same place; pipes, sockets and devices are skipped. Raises OSError,
    or shutil.Error with a list of what could not be copied."""
    outward: dict[str, str] = {}

    def skipped(directory: str, names: Iterable[str]) -> list[str]:
        paths = {name: os.path.join(directory, name) for name in names}
        outward.update(_leading_out(root, filter(os.path.islink, paths.values())))
        return [name for name, path in paths.items() if _is_skipped(path, name)]

    shutil.copytree(root, target, symlinks=True, ignore=skipped)
    for path, end in outward.items():
        link = os.path.join(target, os.path.relpath(path, root))
        if os.path.islink(link):
            os.remove(link)
            os.symlink(end, link, target_is_directory=os.path.isdir(end))


def _leading_out(root: str, links: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Relative links that lead out of a project, and where to."""
    for path in links:
        end = os.readlink(path)
        there = os.path.normpath(os.path.join(os.path.dirname(path), end))
        if not os.path.isabs(end) and there != root and not there.startswith(root + os.sep):
            yield path, there


def _is_skipped(path: str, name: str) -> bool:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return True  # gone in the meantime
    if name == ".git":
        return True  # in a submodule, it is a file that names a repository, which is not copied
    if stat.S_ISDIR(mode):
        return name in SKIPPED or os.path.lexists(os.path.join(path, "pyvenv.cfg"))
    return not (stat.S_ISREG(mode) or stat.S_ISLNK(mode))
