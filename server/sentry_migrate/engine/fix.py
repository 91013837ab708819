"""From findings to a fixed text, round by round until nothing is left to apply.

Owns choosing fixes that do not collide. What is applied is checked: a round whose result does not
parse is discarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from sentry_migrate.engine.analyze import Analysis, analyze, attempt, failed
from sentry_migrate.engine.dependencies import analyze_dependencies
from sentry_migrate.engine.rule_runs import Judged, described
from sentry_migrate.engine.waiting_fixes import dropped_hubs
from sentry_migrate.kit.context import FixDraft
from sentry_migrate.model import Applicability, CheckResult, Failure, Finding, FixOutcome
from sentry_migrate.plan import Move, gives_hub_key_of
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dependency_files import kind_of, lists_requirements
from sentry_migrate.project.mentions import mentions_sentry
from sentry_migrate.project.taken_names import TakenNames
from sentry_migrate.proof.moves import looked_up
from sentry_migrate.proof.moves import moves as moves_of
from sentry_migrate.text.edits import Edit, EditSet, OverlapError, apply, before, compose, grown
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
    taken: TakenNames = (),
    left: Mapping[str, str] | None = None,
    within: tuple[int, int] | None = None,
    moves: Mapping[str, Move] | None = None,
) -> FixOutcome:
    """Apply every safe fix (with `unsafe`, also unsafe ones) of `rules` (default: all chosen).

    With `within`, a span of the text, only fixes of findings that overlap or touch it. The rest is
    what `attempt` takes. Raises what `chosen_rules` raises.

    Where a round would leave text that does not parse, the text before that round is the outcome
    and `remaining.failure` says so.
    """
    text = source.text
    if path is not None and kind_of(path):
        return _fix_dependencies(source, settings, path, unsafe, rules)
    if not mentions_sentry(text, not lists_requirements(path), reexports or ()):
        unfixed = analyze(source, settings, path, reexports, taken, left, moves)
        return FixOutcome(text, (), (), unfixed)
    rounds: list[Sequence[Edit]] = []
    applied: list[Finding] = []

    def wanted(one: Judged) -> FixDraft | None:
        draft = one.draft.fix
        if draft is None or (rules is not None and one.rule.name not in rules):
            return None
        if within is not None and not (one.draft.start <= within[1] and within[0] <= one.draft.end):
            return None
        allowed = (Applicability.SAFE, Applicability.UNSAFE) if unsafe else (Applicability.SAFE,)
        return draft if draft.applicability in allowed else None

    analysis = attempt(text, settings, path, reexports, taken, left, moves)
    if isinstance(analysis, Failure):
        return FixOutcome(text, (), (), failed(text, analysis))
    asked: set[str] = set()

    drafts = [one.draft for one in analysis.judged if wanted(one) is not None]
    moved = moves_of(analysis.context, drafts) if left is not None else ()
    dropped = dropped_hubs(draft.fix for draft in drafts) if left is not None else ()

    def remaining(last: Analysis) -> CheckResult:
        still = set(last.context.rest.asked)
        last.context.rest.asked |= asked  # what was applied depends on it too
        result = last.result(left is not None, fixing=True)
        kept = tuple(one for one in moved if not looked_up(last.context, one.old))
        gone = tuple(one for one in dropped if gives_hub_key_of(one.kind) not in still)
        return replace(
            result, plan=replace(result.plan, moves=kept, sites=result.plan.sites + gone)
        )

    for _ in range(MAX_ROUNDS):
        asked |= analysis.context.rest.asked
        edits, done = _one_round(analysis, wanted)
        if not edits:
            break
        after = apply(text, edits)
        following = attempt(after, settings, path, reexports, taken, left, moves)
        if isinstance(following, Failure):
            failure = Failure(
                "crash", f"fix skipped, the result would not parse: {following.message}"
            )
            result = replace(remaining(analysis), failure=failure)
            return FixOutcome(text, compose(len(source.text), rounds), tuple(applied), result)
        whole = compose(len(source.text), rounds)
        for finding in map(analysis.finding, done):
            at = before(whole, finding.start), before(whole, finding.end)
            applied.append(replace(finding, start=at[0], end=max(at)))
        rounds.append(edits)
        if within is not None:
            within = grown(within, edits)
        text, analysis = after, following
    return FixOutcome(text, compose(len(source.text), rounds), tuple(applied), remaining(analysis))


def _fix_dependencies(
    source: Source,
    settings: Settings,
    path: PurePath,
    unsafe: bool,
    rules: frozenset[str] | None,
) -> FixOutcome:
    result = analyze_dependencies(source.text, settings, path)
    applied = tuple(
        finding
        for finding in result.findings
        if finding.fix is not None
        and (unsafe or finding.fix.applicability is Applicability.SAFE)
        and (rules is None or finding.name in rules)
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
    taken: set[tuple[Edit, ...]] = set()
    for one in analysis.judged:
        draft = wanted(one)
        if draft is not None and (draft.edits in taken or accepted.accept(draft.edits)):
            taken.add(draft.edits)  # several findings may share a fix
            chosen.append((one, draft))
    fewer = 1
    while chosen:
        try:
            return analysis.edits(draft for _, draft in chosen), [one for one, _ in chosen]
        except Exception as error:
            sound = [pair for pair in chosen if analysis.made(pair[1]) is not None]
            if len(sound) == len(chosen):  # each can be made, but not together
                # The later ones are left to the next round, but one goes in any case.
                fewer = max(1, min(fewer, len(chosen) - 1))
                sound = chosen[:-fewer]
                if not isinstance(error, OverlapError):  # two may need one import statement
                    unmade = chosen[-fewer:]
                    analysis.unmade.update((id(draft), described(error)) for _, draft in unmade)
                fewer *= 2
            chosen = sound
    return (), []
