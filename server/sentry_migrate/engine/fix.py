"""From findings to a fixed text, round by round until nothing is left to apply.

Owns choosing fixes that do not collide. What is applied is checked: a round whose result does not
parse is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.engine.analyze import Analysis, Judged, attempt, concerns
from sentry_migrate.engine.dependencies import analyze_dependencies, is_dependency_file
from sentry_migrate.model import Applicability, Failure, Finding, FixOutcome, Report
from sentry_migrate.rules._context import FixDraft
from sentry_migrate.text.edits import Edit, EditSet, OverlapError, apply, compose
from sentry_migrate.text.source import Source

MAX_ROUNDS = 10
"""Nested uses need a round each; more than this means two fixes undo each other."""


def fix(
    source: Source,
    settings: Settings,
    path: PurePath | None = None,
    *,
    unsafe: bool = False,
    rules: frozenset[str] | None = None,
    reexports: Mapping[str, str] | None = None,
) -> FixOutcome:
    """Apply every safe fix (with `unsafe`, also unsafe ones) of `rules` (default: all chosen).

    Where a round would leave text that does not parse, the text before that round is the outcome
    and `remaining.failure` says so.
    """
    text = source.text
    if path is not None and is_dependency_file(path):
        return _fix_pins(source, settings, path, unsafe, rules)
    if not concerns(text, reexports):
        return FixOutcome(text, (), (), Report())
    rounds: list[Sequence[Edit]] = []
    applied: list[Finding] = []

    def wanted(one: Judged) -> FixDraft | None:
        draft = one.draft.fix
        if draft is None or (rules is not None and one.rule.name not in rules):
            return None
        allowed = (Applicability.SAFE, Applicability.UNSAFE) if unsafe else (Applicability.SAFE,)
        return draft if draft.applicability in allowed else None

    analysis = attempt(text, settings, path, reexports)
    if isinstance(analysis, Failure):
        return FixOutcome(text, (), (), Report(failure=analysis))
    for _ in range(MAX_ROUNDS):
        edits, done = _one_round(analysis, wanted)
        if not edits:
            break
        after = apply(text, edits)
        following = attempt(after, settings, path, reexports)
        if isinstance(following, Failure):
            failure = Failure("crash", f"a fix was not made, as after it: {following.message}")
            remaining = Report(analysis.report().findings, failure)
            return FixOutcome(text, compose(len(source.text), rounds), tuple(applied), remaining)
        applied.extend(analysis.finding(one) for one in done)
        rounds.append(edits)
        text, analysis = after, following
    return FixOutcome(text, compose(len(source.text), rounds), tuple(applied), analysis.report())


def _fix_pins(
    source: Source,
    settings: Settings,
    path: PurePath,
    unsafe: bool,
    rules: frozenset[str] | None,
) -> FixOutcome:
    report = analyze_dependencies(source.text, settings, path)
    applied = tuple(
        finding
        for finding in report.findings
        if unsafe and finding.fix is not None and (rules is None or finding.name in rules)
    )
    edits = tuple(edit for finding in applied if finding.fix for edit in finding.fix.edits)
    text = apply(source.text, edits)
    return FixOutcome(text, edits, applied, analyze_dependencies(text, settings, path))


def _one_round(
    analysis: Analysis, wanted: Callable[[Judged], FixDraft | None]
) -> tuple[tuple[Edit, ...], list[Judged]]:
    """The edits of as many fixes as go together, and the findings they settle."""
    if not analysis.context.tree.lossless:
        return (), []
    accepted = EditSet()
    chosen: list[tuple[Judged, FixDraft]] = []
    taken: set[int] = set()
    for one in analysis.judged:
        draft = wanted(one)
        if draft is not None and (id(draft) in taken or accepted.accept(draft.edits)):
            taken.add(id(draft))  # several findings may share a fix
            chosen.append((one, draft))
    fewer = 1
    while chosen:
        try:
            return analysis.edits(draft for _, draft in chosen), [one for one, _ in chosen]
        except OverlapError:
            # An import statement that one fix edits is also planned for another: leave the
            # later ones to the next round.
            del chosen[-fewer:]
            fewer *= 2
    return (), []
