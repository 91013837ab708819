"""What is known about one unit, and what of it fix-all may fix. Plain data and pure functions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from sentry_migrate.frames import Handed, RuleDoc
from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.editor import Editor
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.model import Finding, FixOutcome, Report
from sentry_migrate.reexports import MARKS, may_use
from sentry_migrate.text.edits import Edit

FixKey = tuple[tuple[str, ...] | None, bool]


def budget(text: str) -> float:
    """Seconds an analysis may take: fifteen, and sixty for each megabyte.

    Five times what it takes on an idle machine, as an editor's machine seldom is.
    """
    return 15 + 60 * len(text) / 1e6


def mentions_sentry(unit: Unit, names: Handed = ()) -> bool:
    """Whether a unit can have findings at all; settles most files without a parser.

    `names` are those that the workspace's own modules hand on.
    """
    marks = MARKS if unit.python else ("sentry",)
    text = unit.text if unit.python else unit.text.lower()
    if any(mark in text for mark in marks):
        return True
    return unit.python and may_use((one.name for one in names), text)


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What is known about one unit."""

    unit: Unit
    resolved: Resolved
    report: Report
    findings: tuple[Finding, ...]
    """To be shown: the report's, or the last good ones, moved along, if the text has a failure."""
    seconds: float = 0.0
    """How long it took, waiting included."""
    fixes: dict[FixKey, asyncio.Task[FixOutcome]] = field(default_factory=dict)
    checked: dict[tuple[Edit, ...], bool] = field(default_factory=dict)
    """Whether the text still parses after some edits."""

    @property
    def stale(self) -> bool:
        """Whether the findings are of an earlier text; then no fix may be offered."""
        return self.report.failure is not None


def fixable(editor: Editor, rules: Iterable[Finding | RuleDoc]) -> tuple[str, ...] | None:
    """Names of those of `rules`, or of the findings' rules, that fix-all may fix; None: of all."""
    if all(autofix for _, _, autofix in editor.rules):
        return None
    return tuple(sorted({one.name for one in rules if editor.autofix(one.code, one.name)}))


def fix_all_takes(finding: Finding, resolved: Resolved) -> bool:
    """Whether fix-all would fix a finding."""
    fix = finding.fix
    return (
        fix is not None
        and fix.applicability.value == "safe"
        and resolved.editor.autofix(finding.code, finding.name)
    )
