"""The vocabulary every layer shares: finding, fix, applicability, severity, report.

Plain frozen data without behaviour. Knows nothing of trees, protocols or output formats. Spans
are 0-based code-point offsets into the analysed `Source.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from sentry_migrate.text.edits import Edit


class Applicability(str, Enum):
    """How far a fix can be trusted, in ruff's words."""

    SAFE = "safe"
    """What reaches Sentry stays the same; proved by running both versions."""
    UNSAFE = "unsafe"
    """Probably right; `Fix.reason` says what could not be proved."""
    DISPLAY = "display"
    """Never applied by `--fix`: a help for the reader, such as inserting a TODO comment."""


class Severity(str, Enum):
    """How loudly an editor shows a finding."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together: all are made or none."""

    message: str
    """What it does, for a menu: `Replace with get_isolation_scope()`."""
    applicability: Applicability
    edits: tuple[Edit, ...]
    """By position, free of overlaps, import edits included: the fix stands on its own."""
    reason: str = ""
    """Why it is not safe; empty for a safe fix."""


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding: the import, the enclosing block."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One use of a 1.x API."""

    code: str
    """`SEN101`"""
    name: str
    """`configure-scope-with`"""
    message: str
    start: int
    end: int
    severity: Severity
    url: str
    fix: Fix | None = None
    """The preferred, behaviour-preserving fix."""
    alternatives: tuple[Fix, ...] = ()
    """Other ways to write it; each message says in a few words what differs."""
    remedy: str = ""
    """What a person should do; set where there is no fix, or more to know."""
    deprecated: bool = True
    """Whether an editor strikes the span through."""
    related: tuple[Related, ...] = ()
    unnecessary: bool = False
    """Whether an editor fades the span out."""
    suppression: Edit | None = None
    """Has a comment silence the rule there; None where no comment has a place."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a text has no findings of its own."""

    kind: Literal["decode", "syntax", "crash", "timeout"]
    message: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What the analysis of one text found."""

    findings: tuple[Finding, ...] = ()
    """By position, suppressed ones left out."""
    failure: Failure | None = None
    left_out: bool = False
    """Whether the settings exclude the file, so that nobody looked."""


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """What fixing one text to its fixed point did."""

    text: str
    """The text after all rounds; the original where nothing was applied."""
    edits: tuple[Edit, ...]
    """From the original text to `text`, by position."""
    applied: tuple[Finding, ...]
    """The findings whose fixes were applied, in the order they were."""
    remaining: Report
    """The report of `text`."""
