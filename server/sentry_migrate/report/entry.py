"""What the writers are given: one file with its findings and what went wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sentry_migrate.model import Applicability, Failure, Finding
from sentry_migrate.text.lines import LineIndex

_NAMES = {
    "syntax": "syntax-error",
    "unsupported": "unsupported-syntax",
    "decode": "decode-error",
    "crash": "internal-error",
    "timeout": "timeout",
    "size": "too-large",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be analysed or written."""

    name: str
    """One of the above, or `io-error`."""
    message: str
    offset: int | None = None
    """Where, as a 0-based code point offset; None for the whole file."""

    @classmethod
    def of(cls, failure: Failure) -> Problem:
        """The problem an analysis reports."""
        return cls(_NAMES[failure.kind], failure.message, failure.offset)


@dataclass(eq=False, slots=True)
class Coverage:
    """What a run looked at, and what it did not."""

    files: set[str] = field(default_factory=set)
    """Paths of the Python and dependency files that were read."""
    excluded: set[str] = field(default_factory=set)
    """Paths of what the settings or the command line exclude: directories, and files that mention
    Sentry."""
    notebooks: set[str] = field(default_factory=set)
    """Paths of notebooks that mention Sentry: only the server looks into them."""
    gone: int = 0
    """How many findings that the baseline accepts are no longer there."""


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
    suppressed: int = 0
    """How many findings comments suppress."""
    unselected: int = 0
    """How many more rules of the migration would have, that the settings do not select."""
    accepted: int = 0
    """How many more findings the baseline accepts."""
    fixed: bool = False
    """Whether the findings were fixed: `lines` are the text before."""
    proved: Mapping[int, int] = field(default_factory=dict)
    """By offset of a finding, in how many of the project's tests its fix ran and was equal."""

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
