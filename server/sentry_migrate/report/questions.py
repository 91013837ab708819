"""What findings wait for: the answers that would make their fixes safe, and how many each would.

Owns the counting and the sentences, for the terminal and the migration report alike; knows
findings and nothing of the analysis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sentry_migrate.doubts import DOUBTS, REST_MIGRATED, Doubt
from sentry_migrate.model import Applicability, Finding, Fix


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt that keeps fixes from being safe."""

    doubt: Doubt
    alone: int
    """How many fixes wait for nothing else."""
    together: int
    """How many wait for another answer too."""


def questions(findings: Iterable[Finding]) -> tuple[Question, ...]:
    """What the unsafe fixes wait for; the answer that helps most comes first, and last whether the
    rest is migrated, which nobody can say before."""
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.applicability is Applicability.UNSAFE:
            (alone if len(fix.doubts) == 1 else together).update(fix.doubts)
    found = (
        Question(doubt, alone[code], together[code])
        for code, doubt in DOUBTS.items()
        if alone[code] or together[code]
    )

    def order(one: Question) -> tuple[bool, int, int]:
        return one.doubt.code == REST_MIGRATED.code, -one.alone, -one.together

    return tuple(sorted(found, key=order))


def waiting(question: Question) -> str:
    """How many fixes depend on an answer, without which: `2 fixes depend on one question`."""
    if question.alone:
        more = f", and {question.together} more for others too" if question.together else ""
        return f"{_fixes(question.alone)} on one question{more}"
    return f"{_fixes(question.together)} on this question and others"


def remedy(doubt: Doubt, strict: bool = False) -> str:
    """What to do if the answer is yes; where settings are `strict`, no answer counts."""
    if strict:
        return "If yes, apply the fixes by `apply ID`: `strict` assumes nothing."
    return f'If yes, add `assume = ["{doubt.code}"]`.'


def assumptions(fix: Fix) -> Sequence[str]:
    """What the fix rests on, one text for each."""
    return [f"assumes `{one.code}`: {one.reason}" for one in fix.assumes]


def resting(fixes: Iterable[Fix]) -> tuple[int, tuple[str, ...]]:
    """How many safe fixes rest on assumptions, and on which."""
    safe = [fix for fix in fixes if fix.applicability is Applicability.SAFE and fix.assumes]
    return len(safe), tuple(dict.fromkeys(one.code for fix in safe for one in fix.assumes))


def _fixes(count: int) -> str:
    return f"{count:,} {'fix depends' if count == 1 else 'fixes depend'}"
