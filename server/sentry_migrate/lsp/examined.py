"""What is known of files that are not open. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.model import Report

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
