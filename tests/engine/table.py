"""What rows of tables are run through."""

from __future__ import annotations

from pathlib import PurePath

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import CheckResult
from sentry_migrate.project.code_style import CodeStyle
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

SETTINGS = Settings()


def result(code: str, path: str | None = None) -> CheckResult:
    """The report of a text that parses."""
    found = analyze(Source(code), SETTINGS, PurePath(path) if path else None)
    assert found.failure is None
    return found


def names(code: str, path: str | None = None) -> list[str]:
    """The names of the findings, in order."""
    return [finding.name for finding in result(code, path).findings]


def first_fix(code: str) -> str:
    """The text after the fix of its first finding."""
    fix = result(code).findings[0].fix
    assert fix is not None
    return apply(code, fix.edits)


def fixed(
    code: str,
    path: str | None = None,
    ignore: tuple[str, ...] = (),
    style: CodeStyle = SETTINGS.code_style,
) -> str:
    """The text after all fixes, checked to parse and to have nothing left to fix."""
    where = PurePath(path) if path else None
    settings = Settings(ignore=ignore, code_style=style)
    outcome = fix(Source(code), settings, where, unsafe=True)
    assert outcome.remaining.failure is None
    again = fix(Source(outcome.text), settings, where, unsafe=True)
    assert again.text == outcome.text
    return outcome.text
