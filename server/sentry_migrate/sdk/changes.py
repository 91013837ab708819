"""What became of each name that sentry-sdk 1.45.1 has and the newest 2.x has not as it was.

Owns asking the table that `tests/differential/changes.py` makes from the releases themselves. It
has private names and those of integrations too, for importing them works in 1.x.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sentry_migrate.project.versions import Version, parse_version

TABLE = Path(__file__).with_name("changes.json")
"""By kind and release, the names that it and every later release has no more as they were."""

MODULES = "modules"
REEXPORTS = "re-exports"
"""A module imported the name for itself. `where` is what that stands for in 1.x."""
MOVED = "moved"
"""`where` is the place in 2.x of what is most likely the same."""
REMOVED = "removed"
VALUES = "values"
"""A constant that is another one. `where` has both."""
PARAMETERS = "parameters"
"""A function that refuses arguments, or takes them for others: see `parameters()`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One name that a program for 1.x cannot go on using."""

    kind: str
    since: Version
    """The first release in which it is so, as in all after it."""
    where: str = ""


def parameters(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that a function's parameters have in 1.x, and those in 2.x."""
    before, _, after = change.where.partition(" → ")
    return tuple(before.split(", ")) if before else (), tuple(after.split(", ")) if after else ()


def lost_hub(change: Change) -> int | None:
    """Where a function took the hub that it takes no more, the others being as they were."""
    before, after = parameters(change)
    if change.kind != PARAMETERS or "hub" not in before:
        return None
    at = before.index("hub")
    rest = (*before[:at], *before[at + 1 :])
    return at if rest == after[: len(rest)] else None


@cache
def changes() -> Mapping[str, Change]:
    """All of them by dotted name."""
    table: dict[str, dict[str, dict[str, str]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: Change(kind, version, where)
        for kind, releases in table.items()
        for release, names in releases.items()
        for version in (parse_version(release),)
        for name, where in names.items()
    }


def reexported(path: str) -> str:
    """What a name stands for that a module of 1.x merely imported; empty for every other path."""
    change = changes().get(path)
    return change.where if change is not None and change.kind == REEXPORTS else ""
