"""What is known of files, and of the names their modules hand on. Plain data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from sentry_migrate import frames
from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.model import Report
from sentry_migrate.modules import Module

Stamp = tuple[int, int]
"""A file's time of modification in nanoseconds, and its size in bytes."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is not open. Its unit's version means nothing."""

    unit: Unit
    resolved: Resolved
    report: Report


@dataclass(slots=True)
class Cache:
    """What was found in files, under which settings."""

    files: dict[str, tuple[Stamp, Resolved, Examined]] = field(default_factory=dict)


@dataclass(slots=True)
class Index:
    """What is known of the workspace's modules."""

    begun: bool = False
    """Whether anything came up yet that the index could matter to; until then it is empty."""
    stale: bool = False
    """Whether the workspace has to be read anew."""
    modules: dict[str, Module] = field(default_factory=dict)
    """By path."""
    known: frozenset[str] = frozenset()
    """Dotted names of which `modules` has every module of the workspace."""
    names: frames.Handed = ()
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while modules are read, so that answers come in the order of the changes."""
