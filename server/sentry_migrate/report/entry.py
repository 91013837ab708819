"""What the writers are given: one file with its findings and what went wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from sentry_migrate.model import Applicability, Failure, Finding
from sentry_migrate.text.lines import LineIndex

_NAMES = {
    "syntax": "syntax-error",
    "decode": "decode-error",
    "crash": "internal-error",
    "timeout": "timeout",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be analysed or written."""

    name: str
    """`syntax-error`, `decode-error`, `internal-error`, `timeout` or `io-error`."""
    message: str
    offset: int = 0
    """Where, as a 0-based code point offset."""

    @classmethod
    def of(cls, failure: Failure) -> Problem:
        """The problem an analysis reports."""
        return cls(_NAMES[failure.kind], failure.message, failure.offset)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. Offsets in findings count in `lines.text`."""

    path: str
    """As it is to be shown."""
    lines: LineIndex
    findings: tuple[Finding, ...] = ()
    problem: Problem | None = None
    unsafe: bool = False
    """Whether unsafe fixes are asked for here."""

    def place(self, offset: int) -> tuple[int, int]:
        """(row, column) of an offset, both 1-based, the column in code points."""
        line, column = self.lines.position(offset)
        return line + 1, column + 1


def fixable(finding: Finding, unsafe: bool) -> bool:
    """Whether `--fix` (with `unsafe`: and `--unsafe-fixes`) applies the finding's fix."""
    fix = finding.fix
    return fix is not None and (
        fix.applicability is Applicability.SAFE
        or (unsafe and fix.applicability is Applicability.UNSAFE)
    )
