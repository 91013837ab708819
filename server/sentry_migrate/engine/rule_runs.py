"""Running the rules on one text.

Owns their order, and what an exception in one of them costs: its findings at one use, in whose
place one reports the bug. Refuses to know how a fix is finished.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Check, Gather, Rule
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import Severity
from sentry_migrate.proof import stand_ins
from sentry_migrate.rules import RULES

_KNOWN = frozenset(name for rule in RULES.values() for name in (rule.code, rule.name))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A draft with the rule that made it."""

    rule: Rule
    draft: Draft
    failed: bool = False
    """Whether it only says that the rule failed here."""


@dataclass(eq=False, slots=True)
class RuleFailures:
    """Which steps of which rules failed on one text. A step is a check on a use, or a gather."""

    _known: dict[tuple[str, object], Judged] = field(default_factory=dict)
    _new: int = 0

    def fresh(self) -> bool:
        """Whether any step failed since this was last asked.

        Then what the rules share may hold half of an answer, so that they have to run once more; a
        step that failed does not.
        """
        found, self._new = self._new > 0, 0
        return found

    def attempt(
        self,
        rule: Rule,
        step: object,
        span: tuple[int, int],
        work: Callable[..., Iterable[Draft]],
        *arguments: object,
    ) -> list[Judged]:
        """The findings of `work`, a step of `rule`; if it fails, one at `span` for the bug."""
        key = rule.name, step
        if key not in self._known:
            try:
                return [Judged(rule, draft) for draft in work(*arguments)]
            except Exception as error:
                self._known[key] = Judged(rule, failed(span, error), failed=True)
                self._new += 1
        return [self._known[key]]


def described(error: Exception) -> str:
    """An exception in a rule for a bug report: its type, message and place in our code."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "sentry_migrate" in frame.filename), None)
    place = f" ({PurePath(last.filename).name}, line {last.lineno})" if last else ""
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{words[:300]}{place}"


def not_made(reason: str) -> str:
    """The remedy where a fix, or the comment that suppresses a finding, failed."""
    said = f"No fix could be worked out here: {reason}."
    return f"{said} Please report this bug of sentry-migrate."


def failed(span: tuple[int, int], error: Exception) -> Draft:
    """The draft in place of the rule's findings: other rules see a use that has no fix."""
    return Draft(
        *span,
        message=f"This rule failed here and reports nothing about this code: {described(error)}",
        remedy="Check this code yourself, and please report this bug of sentry-migrate.",
        severity=Severity.ERROR,
    )


def judge(context: Context, failures: RuleFailures) -> list[Judged]:
    """The findings of every rule, chosen or not: a rule may build on what others found."""
    table, gathers = _dispatch()
    judged: list[Judged] = []
    for number, use in enumerate(context.uses):
        for at, (rule, check) in enumerate(table.get(use.trigger, ())):
            span = (use.start, use.end)
            found = failures.attempt(rule, (number, at), span, check, use, context)
            stand_ins.doubt(context, [one.draft for one in found])
            judged += found
    # By code: a later gather sees what the earlier ones found.
    first = context.uses[0] if context.uses else None
    span = (first.start, first.end) if first else (0, 0)
    for at, (rule, gather) in enumerate(gathers):
        drafts = [one.draft for one in judged]
        found = failures.attempt(rule, at, span, gather, context, drafts)
        stand_ins.doubt(context, [one.draft for one in found])
        judged += found
    return judged


def not_suppressed(
    context: Context,
    judged: Iterable[Judged],
    suppressions: Suppressions,
    active: Collection[str],
    failures: RuleFailures,
) -> tuple[list[Judged], list[Judged]]:
    """What is to be shown, by position: of chosen rules, and not suppressed; and the rest."""
    kept: list[Judged] = []
    hidden: list[Judged] = []
    for one in judged:
        suppressed = suppressions.cover(one.draft.start, one.rule.code, one.rule.name)
        (kept if one.rule.name in active and not suppressed else hidden).append(one)
    stay = {id(one.draft.fix) for one in hidden}
    for one in kept:
        if one.draft.alone is not None and id(one.draft.fix) in stay:
            one.draft.fix = one.draft.alone
    for rule in RULES.values():
        if rule.name in active:
            for check in rule.suppressed_checks:
                kept += failures.attempt(rule, "", (0, 0), check, suppressions, _KNOWN, context)
    kept.sort(key=lambda one: (one.draft.start, one.draft.end, one.rule.code))
    return kept, hidden


@lru_cache(maxsize=1)
def _dispatch() -> tuple[Mapping[str, Sequence[tuple[Rule, Check]]], Sequence[tuple[Rule, Gather]]]:
    table: dict[str, list[tuple[Rule, Check]]] = {}
    gathers: list[tuple[Rule, Gather]] = []
    for rule in RULES.values():
        for trigger, check in rule.checks:
            table.setdefault(trigger, []).append((rule, check))
        gathers.extend((rule, gather) for gather in rule.gathers)
    return table, gathers
