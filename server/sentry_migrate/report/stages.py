"""What is left of a migration, in the order in which it is best done.

Owns the order, and what is said of each stage. Refuses to know how a stage is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sentry_migrate.model import Finding
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.questions import Question, questions
from sentry_migrate.report.summary import kind, plural

Key = Literal["requirement", "safe", "questions", "manual"]

REQUIREMENT = "requirements-pin"
"""The rule whose fixes come first: what the other fixes write needs 2.x."""

TITLES: dict[Key, str] = {
    "requirement": "Raise the requirement",
    "safe": "Apply safe fixes",
    "questions": "Answer questions",
    "manual": "Change by hand",
}
"""The stages, in order."""

UNCHECKED = (
    "Run the tests with sentry-sdk 2.x, and look at the deprecation warnings that they show.",
    "Trigger an error in each kind of process (web, worker, scheduled job, script) and compare the "
    "event in Sentry with an earlier one: tags, user, contexts, breadcrumbs, level, release.",
    "Compare a trace that crosses services: its transactions are still one trace, with the same "
    "names and sample rates.",
    "Look at `before_send`, `before_breadcrumb` and `traces_sampler`: integrations of 2.x send "
    "more, and name some things differently.",
    "Look at issues that are new after the deployment: a changed stack or message groups an old "
    "error as a new one, which may set off alerts.",
    "Look for sentry-sdk in what is not part of this checkout: images, lock files of other "
    "repositories, base packages that call `init()`.",
)
"""What no tool can check when nothing is left."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way."""

    key: Key
    findings: tuple[tuple[Entry, Finding], ...]
    """What the step is about, with the files."""

    @property
    def title(self) -> str:
        """What a person does in it."""
        return TITLES[self.key]

    @property
    def questions(self) -> tuple[Question, ...]:
        """What its fixes wait for; the answer that settles most comes first."""
        return questions(finding for _, finding in self.findings)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, as they are shown."""
        return tuple(dict.fromkeys(entry.path for entry, _ in self.findings))

    @property
    def amount(self) -> str:
        """How many fixes there are, in words."""
        return f"{plural(len(self.findings), 'fix', 'fixes')} in {plural(len(self.paths), 'file')}"

    @property
    def by_hand(self) -> tuple[tuple[Entry, Finding], ...]:
        """What of it no fix does, where a stage is done by fixes."""
        if self.key == "manual":
            return ()
        return tuple(pair for pair in self.findings if pair[1].fix is None)

    def fixes(self) -> Stage:
        """What of it fixes do."""
        by_hand = self.by_hand
        return replace(self, findings=tuple(one for one in self.findings if one not in by_hand))

    @property
    def size(self) -> str:
        """How much there is to do, in words; empty where there is nothing."""
        if not self.findings:
            return ""
        if self.by_hand:
            left = replace(self, key="manual", findings=self.by_hand).size
            return ", ".join(filter(None, (self.fixes().size, f"{left} without a fix")))
        count = len(self.findings)
        where = self.paths[0] if len(self.paths) == 1 else plural(len(self.paths), "file")
        if self.key == "manual":
            return f"{plural(count, 'place')} in {where}"
        fixes = plural(count, "fix", "fixes")
        if self.key == "questions":
            asked = plural(len(self.questions), "question")
            return f"{asked}, on which {fixes} in {where} depend{'s' * (count == 1)}"
        return f"{fixes} in {where}"


def stages(entries: Sequence[Entry]) -> tuple[Stage, ...]:
    """All stages in order, also those with nothing to do."""
    found: dict[Key, list[tuple[Entry, Finding]]] = {key: [] for key in TITLES}
    for entry in entries:
        for finding in entry.findings:
            found[_stage(finding)].append((entry, finding))
    return tuple(Stage(key, tuple(pairs)) for key, pairs in found.items())


def _stage(finding: Finding) -> Key:
    done = kind(finding)
    if finding.name == REQUIREMENT:  # also where a tool has to raise it: nothing else comes first
        return "requirement"
    if finding.fix is None or done == "manual":
        return "manual"
    if done == "safe":
        return "safe"
    return "questions" if finding.fix.doubts else "manual"
