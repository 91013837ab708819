"""What earlier runs found in files, for as long as nothing changes that it rests on.

Owns what an answer rests on: the question without what the rest of the project leaves, the files
that there are, the modules that were looked into, and of the rest only what was asked about.
Failures are not kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from sentry_migrate.cli.facts_cache import Facts
from sentry_migrate.project.plan_words import INIT
from sentry_migrate.worker.frames import Check, Checked, Left

_MOST = 3
"""Answers to one question that are kept, for different projects around it."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """What came of a question, and what it was told of that it asked about."""

    left: Left
    checked: Checked


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers to one question, the latest first."""

    known: tuple[_Answered, ...] = ()


class EarlierAnswers:
    """The answers about the files of one project."""

    def __init__(self, facts: Facts, listing: str) -> None:
        """`listing` stands for the paths of all files that there are."""
        self._facts = facts
        self._listing = listing

    def known(self, job: Check) -> Checked | None:
        """What is known to come of a question; None if that is unknown."""
        answers = (one.checked for one in self._known(job) if _told(job, one.checked) == one.left)
        return next((one for one in answers if all(it.holds() for it in one.looked)), None)

    def note(self, job: Check, checked: Checked) -> None:
        """Keep what came of a question."""
        if self._facts.keeps and checked.result.failure is None:
            fresh = _Answered(_told(job, checked), checked)
            answers = _Answers((fresh, *self._known(job)[: _MOST - 1]))
            self._facts.note(answers, *self._depends(job))

    def _known(self, job: Check) -> tuple[_Answered, ...]:
        found = self._facts.known(_Answers, *self._depends(job))
        return () if found is None else found.known

    def _depends(self, job: Check) -> tuple[str | bytes, ...]:
        """Which modules an import may mean is looked up among the files that there are; in a file
        that stays as it is, only if it may call `init()`."""
        looks = not job.context or INIT.search(job.data)
        listing = self._listing if looks else ""
        question = repr(replace(job, data=b"", left=()))
        return question, os.path.abspath(job.path), job.data, listing


def _told(job: Check, checked: Checked) -> Left:
    """What a question tells of the rest that the answer asked about."""
    asked = set(checked.result.plan.asked)
    return tuple(item for item in job.left if item[0] in asked)
