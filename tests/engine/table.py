"""What rows of tables are run through."""

from __future__ import annotations

from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Report
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.text.source import Source

SETTINGS = Settings()


def report(code: str, path: str | None = None) -> Report:
    """The report of a text that parses."""
    found = analyze(Source(code), SETTINGS, PurePath(path) if path else None)
    assert found.failure is None
    return found


def names(code: str, path: str | None = None) -> list[str]:
    """The names of the findings, in order."""
    return [finding.name for finding in report(code, path).findings]


def fixed(code: str, path: str | None = None) -> str:
    """The text after all fixes, checked to parse and to have nothing left to fix."""
    where = PurePath(path) if path else None
    outcome = fix(Source(code), SETTINGS, where, unsafe=True)
    assert outcome.remaining.failure is None
    Tree(outcome.text)
    again = fix(Source(outcome.text), SETTINGS, where, unsafe=True)
    assert again.text == outcome.text
    return outcome.text
