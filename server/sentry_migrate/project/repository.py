"""Where the repository of a file ends.

Owns the marks of its root.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def is_root(directory: Path) -> bool:
    """Whether a directory is the root of a repository."""
    return any(os.path.exists(directory / mark) for mark in (".git", ".hg"))


def upwards(directory: Path) -> Iterator[Path]:
    """A directory and its parents, up to the root of the repository, or of the file system."""
    for here in (directory, *directory.parents):
        yield here
        if is_root(here):
            return


def is_within(path: str, directory: str) -> bool:
    """Whether a path is a directory, or below it, as both are spelled."""
    return os.path.join(path, "").startswith(os.path.join(directory, ""))
