"""The vocabulary every layer shares: finding, fix, applicability, severity, report.

Plain frozen data without behaviour. Knows nothing of trees, protocols or output formats. Spans
are 0-based code-point offsets into the analysed `Source.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from sentry_migrate.plan import Answer
from sentry_migrate.text.edits import Edit

TODO = "# TODO(sentry): "
"""How a comment begins that reminds of code to migrate."""


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
class Assumption:
    """A doubt of a fix that somebody answered."""

    code: str
    """`other-threads`"""
    reason: str
    """What keeps the fix from being proved without it."""


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
    doubts: tuple[str, ...] = ()
    """The codes of the doubts that would have to be answered; none where `reason` has something
    that no answer changes, because the code itself shows it."""
    assumes: tuple[Assumption, ...] = ()
    """What it rests on, without which it would not be safe."""
    together: tuple[str, ...] = ()
    """What it has in common with fixes of other files, without which it is not made."""


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
    """Has a comment suppress the finding; None where no comment has a place."""
    file_suppression: Edit | None = None
    """Has a comment suppress the rule in the whole text; None where `suppression` is."""
    failed: bool = False
    """Whether the rule, or the making of its fix, failed here, which is a bug of ours."""
    group: str = "migration"
    """Of the rule, as selectors name it."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that holds findings."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a text has no findings of its own."""

    kind: Literal["decode", "syntax", "unsupported", "size", "crash", "timeout", "settings"]
    """`unsupported`: Python takes the text, and the parser does not. `settings`: it is not known
    how to look at it."""
    message: str
    offset: int | None = None
    """Where in the text, as a 0-based code point offset; None for all of it."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the analysis of one text found."""

    findings: tuple[Finding, ...] = ()
    """By position, without suppressed ones. Where an editor asks about a text that does not parse,
    those of the statements that do; their edits are of another text."""
    failure: Failure | None = None
    suppressed: int = 0
    """How many findings comments suppress."""
    unselected: int = 0
    """How many more rules of the migration would have, that the settings do not select."""
    outdated: tuple[Edit, ...] = ()
    """What removes the comments of `--todo` that remind of nothing any longer."""
    unseen: tuple[int, ...] = ()
    """The 1-based lines where `init()` gets options that the code does not show."""
    spelled: tuple[int, ...] = ()
    """The 1-based lines that spell an option that 2.x refuses, which may reach `init()` or not."""
    hubs: tuple[int, ...] = ()
    """The 1-based lines that use something as a hub which may be one or not."""
    worked_out: tuple[int, ...] = ()
    """The 1-based lines with names of the SDK that the code does not show, or has as text."""
    excluded: bool = False
    """Whether the settings exclude the file, so that nobody looked."""
    off: bool = False
    """Whether the editor's settings turn the server off for the file, so that nobody looked."""
    functions: tuple[Function, ...] = ()
    """Those that hold findings, by where they begin."""
    plan: Answer = field(default=Answer(), compare=False)
    """What the text leaves in its project, and what the findings depend on."""


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """What fixing one text to its fixed point did."""

    text: str
    """The text after all rounds; the original where nothing was applied."""
    edits: tuple[Edit, ...]
    """From the original text to `text`, by position."""
    applied: tuple[Finding, ...]
    """The findings whose fixes were applied, in the order they were. Where they are counts in the
    original text; the edits of their fixes do not."""
    remaining: CheckResult
    """The report of `text`."""
