"""Counts by folder: a tree of the files with findings.

Owns the shape of the tree alone. A folder that holds nothing but one folder is joined with it, as
editors show them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sentry_migrate.report.summary import Counts

Files = Sequence[tuple[tuple[str, ...], str, Counts]]
"""Parts of a path that are left, the whole path, counts; sorted."""

_DEPTH = 20
"""Levels of the tree; what is deeper is a longer name, so that no path is too deep to show."""


@dataclass(frozen=True, slots=True)
class Node:
    """A folder, or a file, which has no children."""

    name: str
    """From the folder above."""
    path: str
    """Of a file, as it was given; of a folder, empty."""
    counts: Counts
    children: tuple[Node, ...] = ()


def tree(files: Sequence[tuple[str, Counts]]) -> tuple[Node, ...]:
    """Folders before files, by name."""
    split = [(_split(path), path, counts) for path, counts in files]
    return _level(sorted(split, key=lambda file: file[:2]))


def _split(path: str) -> tuple[str, ...]:
    parts = [part for part in path.replace(os.sep, "/").split("/") if part] or [path]
    if path.startswith("/"):
        parts[0] = f"/{parts[0]}"
    return (*parts[:_DEPTH], "/".join(parts[_DEPTH:])) if parts[_DEPTH:] else tuple(parts)


def _level(files: Files) -> tuple[Node, ...]:
    folders: list[Node] = []
    plain: list[Node] = []
    for name, group in groupby(files, lambda file: file[0][0]):
        inside = []
        for parts, path, counts in group:
            if len(parts) > 1:
                inside.append((parts[1:], path, counts))
            else:
                plain.append(Node(name, path, counts))
        if inside:
            folders.append(_joined(name, _level(inside)))
    return (*folders, *plain)


def _joined(name: str, children: tuple[Node, ...]) -> Node:
    if len(children) == 1 and children[0].children:
        return Node(f"{name}/{children[0].name}", "", children[0].counts, children[0].children)
    return Node(name, "", sum((child.counts for child in children), Counts()), children)
