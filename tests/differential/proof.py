"""Fixing a program and running both: what the tests assert and the table counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from differential.environments import FLOOR, NEW, OLD, Sandbox
from differential.outcome import Outcome, differences, outcome, unlinked
from differential.program import SETUPS, Program
from sentry_migrate.config import LATEST, Settings, Version
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import FixOutcome, Report
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source

MIDDLE: Version = (2, 12, 0)
FIRST: Version = (2, 0, 0)


@dataclass(frozen=True)
class Laboratory:
    """The SDK versions programs are run on."""

    old: Sandbox
    new: Sandbox
    floor: Sandbox
    _known: dict[tuple[str, str, str], Outcome] = field(default_factory=dict, repr=False)

    def outcome(self, sandbox: Sandbox, text: str, setup: str) -> Outcome:
        """What a program does; asked twice, it is run once."""
        key = (sandbox.version, setup, text)
        if key not in self._known:
            self._known[key] = outcome(sandbox.run(text, setup=setup))
        return self._known[key]


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """Start the SDKs, and end them."""
    sandboxes = [Sandbox.start(version) for version in (OLD, NEW, FLOOR)]
    try:
        yield Laboratory(*sandboxes)
    finally:
        for sandbox in sandboxes:
            sandbox.close()


def run(lab: Laboratory, sandbox: Sandbox, program: Program, text: str | None = None) -> Outcome:
    """What the program does, or what `text` does in its place."""
    taken = program.text if text is None else text
    found = lab.outcome(sandbox, taken, SETUPS[program.setup])
    return found if program.linked else unlinked(found)


def fixed(program: Program, *, unsafe: bool = False, floor: Version = LATEST) -> FixOutcome:
    """The program after all its fixes. Informational rules are off unless the program names one."""
    chosen = tuple(
        rule.name for rule in RULES.values() if rule.default or rule.name in program.rules
    )
    settings = Settings(select=chosen, sdk_version=floor)
    only = frozenset(program.rules) if program.alone else None
    return fix(Source(program.text), settings, unsafe=unsafe, rules=only)


def names(report: Report) -> frozenset[str]:
    return frozenset(finding.name for finding in report.findings)


def ready(program: Program) -> bool:
    """Whether every rule the program exercises exists."""
    return all(name in RULES for name in program.rules)


def harm(lab: Laboratory, program: Program, base: Outcome, cautious: FixOutcome) -> list[str]:
    """What the safe fixes, where they are not enough, change for the worse.

    The measure is the unchanged program on 2.x: it may differ already, and no fix may add to it.
    """
    known = differences(base, run(lab, lab.new, program))
    found = differences(base, run(lab, lab.new, program, cautious.text))
    return [line for line in found if line not in known]
