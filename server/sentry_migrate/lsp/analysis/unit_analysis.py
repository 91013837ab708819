"""What is known about one unit, and what of it fix-all may fix. Plain data and pure functions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.model import CheckResult, Finding, FixOutcome
from sentry_migrate.project.dependency_files import lists_requirements
from sentry_migrate.project.mentions import mentions_sentry
from sentry_migrate.project.server_options import ServerOptions
from sentry_migrate.project.taken_names import TakenNames
from sentry_migrate.text.edits import Edit
from sentry_migrate.worker.frames import Left, Moves, Reexports, RuleDoc


@dataclass(frozen=True, slots=True)
class Told:
    """What a text is told of the others when a run fixes several."""

    left: Left = ()
    taken: TakenNames | None = None
    """The names that they take from it then; None for all that they take so far."""
    moves: Moves = ()


FixKey = tuple[tuple[str, ...] | None, bool, Told | None, tuple[int, int] | None]


def budget(text: str) -> float:
    """Seconds an analysis may take: fifteen, and sixty for each megabyte.

    Five times what it takes on an idle machine, as an editor's machine seldom is.
    """
    return 15 + 60 * len(text) / 1e6


def may_have_findings(unit: Unit, names: Reexports = ()) -> bool:
    """Whether a unit can have findings; `names` are those that the workspace's own modules
    re-export."""
    python = unit.python and not lists_requirements(unit.path)
    return mentions_sentry(unit.text, python, (one.name for one in names))


@dataclass(frozen=True, slots=True, eq=False)
class UnitAnalysis:
    """What is known about one unit."""

    unit: Unit
    resolved: Resolved
    result: CheckResult
    findings: tuple[Finding, ...]
    """To be shown: the report's, or the last good ones, moved along, if the text has a failure."""
    left: Left = ()
    """What it was told of other files."""
    seconds: float = 0.0
    """How long it took, waiting included."""
    fixes: dict[FixKey, asyncio.Task[FixOutcome]] = field(default_factory=dict)
    checked: dict[tuple[Edit, ...], bool] = field(default_factory=dict)
    """Whether the text still parses after some edits."""

    @property
    def stale(self) -> bool:
        """Whether the findings are of an earlier text; then no fix may be offered."""
        return self.result.failure is not None


def fixable(options: ServerOptions, rules: Iterable[Finding | RuleDoc]) -> tuple[str, ...] | None:
    """Names of those of `rules`, or of the findings' rules, that fix-all may fix; None: of all."""
    if all(autofix for _, _, autofix in options.rules):
        return None
    return tuple(sorted({one.name for one in rules if options.autofix(one)}))


def fix_all_takes(finding: Finding, resolved: Resolved) -> bool:
    """Whether fix-all would fix a finding."""
    fix = finding.fix
    return (
        fix is not None and fix.applicability.value == "safe" and resolved.options.autofix(finding)
    )
