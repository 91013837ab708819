"""Copies of a project, in which its tests run while the project itself stays as it is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable

SKIPPED = frozenset(
    (
        *(".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".sentry-migrate"),
    )
)
"""Names of directories that are not copied; nor is any other virtual environment."""


def copy_project(root: str, target: str) -> None:
    """Copy a project. Links stay links; pipes, sockets and devices are skipped. Raises OSError,
    or shutil.Error with a list of what could not be copied."""
    shutil.copytree(root, target, symlinks=True, ignore=_skipped)


def _skipped(directory: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if _is_skipped(os.path.join(directory, name), name)]


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
