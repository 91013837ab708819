"""From a text to a report: the one way findings are made."""

from __future__ import annotations

from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.model import Report
from sentry_migrate.text.source import Source


def analyze(source: Source, settings: Settings, path: PurePath | None = None) -> Report:
    """Every finding of `source` under `settings`; `path` matters for per-file settings only."""
    return Report()
