"""What is known of files, and of the names they re-export and take. Plain data."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.file_state import State
from sentry_migrate.model import CheckResult
from sentry_migrate.plan import Answer, Plan
from sentry_migrate.project.modules import Module, is_python
from sentry_migrate.project.taken_names import (
    ALL_UNKNOWN,
    NOTHING,
    Demand,
    Sought,
    Taken,
    TakenNames,
)
from sentry_migrate.worker import frames


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """A file that is not open. Its unit's version means nothing."""

    unit: Unit
    resolved: Resolved
    result: CheckResult
    left: frames.Left = ()
    """What it was found out with."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found in a file, and in which bytes."""

    state: State
    digest: bytes
    analyzed: FileAnalysis


@dataclass(slots=True)
class Cache:
    """What was found in files."""

    files: dict[str, Known] = field(default_factory=dict)
    """By path."""


@dataclass(slots=True)
class Index:
    """What is known of the workspace's modules."""

    begun: bool = False
    """Whether anything came up yet that the index could matter to; until then it is empty."""
    stale: bool = False
    """Whether the workspace has to be read again."""
    modules: dict[str, Module] = field(default_factory=dict)
    """By path."""
    known: frozenset[str] = frozenset()
    """Dotted names of which `modules` has every module of the workspace."""
    names: frames.Reexports = ()
    sought: Sought = NOTHING
    """Names that modules may lose, which files were searched for."""
    taken: dict[str, Taken] = field(default_factory=dict)
    """By path, what files take of that."""
    demand: Demand | None = None
    """What all take together; None as long as that is unknown."""
    complete: bool = False
    """Whether all files could be read."""
    roots: frozenset[str] = frozenset()
    """Of projects that have open documents and are in no folder of the workspace."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while modules are read, so that answers come in the order of the changes."""
    listed: bool = False
    """Whether `files` are all."""
    files: Sequence[str] = ()
    """Paths of what may have something of the plan, even if the settings exclude it."""
    searched: frozenset[str] = frozenset()
    """The kinds of code (`plan.py`) that all of these were looked through for."""
    kinds: frozenset[str] = frozenset()
    """Those of them that `plan` knows of."""
    surveyed: dict[str, dict[frozenset[str], Answer]] = field(default_factory=dict)
    """By path, and the kinds it was told are left elsewhere, what a file has that is not open."""
    followed: dict[tuple[tuple[str, ...], frozenset[tuple[str, str]]], frames.Sites] = field(
        default_factory=dict
    )
    """By the kinds of functions that are asked about, and the paths and kinds of the calls known
    of, where these functions are called."""
    documents: dict[str, tuple[frames.Left, Answer]] = field(default_factory=dict)
    """By path, what open documents were told and have; a broken one, what it last had."""
    plan: Plan = field(default_factory=Plan)
    """Of all files as they are."""
    unread: str = ""
    """What to tell of kinds that not all files were looked through for; empty as long as that is
    under way."""
    survey: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while files are looked through."""

    def left(self, path: str | None, kinds: Collection[str]) -> dict[str, str]:
        """By kind, where such code stands in other files than the one at `path`."""
        if path is None or not kinds:
            return {}
        unread = dict.fromkeys(set(kinds) - self.kinds, self.unread) if self.unread else {}
        return unread | self.plan.left(path, kinds)

    def differs(self, path: str | None, told: frames.Left, kinds: Collection[str]) -> bool:
        """Whether some of these kinds is in other files now than an analysis was told.

        Lines move with every edit, which alone is not a reason to look again.
        """
        before, now = dict(told), self.left(path, kinds)
        return any(_file(before.get(kind, "")) != _file(now.get(kind, "")) for kind in kinds)

    def taken_from(self, path: str | None) -> TakenNames:
        """The names that others may take from the module at `path`: ALL_UNKNOWN if that is unknown,
        none from what is not a module."""
        if path is None or not is_python(path):
            return ()
        if self.demand is None:
            return ALL_UNKNOWN
        return self.demand.from_module(path)


def _file(place: str) -> str:
    return place.rsplit(":", 1)[0]
