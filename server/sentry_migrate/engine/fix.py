"""From findings to a fixed text, round by round until nothing is left to apply."""

from __future__ import annotations

from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import FixOutcome
from sentry_migrate.text.source import Source


def fix(
    source: Source,
    settings: Settings,
    path: PurePath | None = None,
    *,
    unsafe: bool = False,
    rules: frozenset[str] | None = None,
) -> FixOutcome:
    """Apply every safe fix (with `unsafe`, also unsafe ones) of `rules` (default: all)."""
    return FixOutcome(source.text, (), (), analyze(source, settings, path))
