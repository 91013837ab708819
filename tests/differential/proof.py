"""Fixing a program and running both: what the tests assert and the table counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from differential.environments import NEW, OLD, RELEASES, Sandbox
from differential.outcome import Outcome, differences, outcome, unlinked
from differential.program import SETUPS, Program
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import CheckResult, FixOutcome
from sentry_migrate.project.config import LATEST, Settings, Version
from sentry_migrate.project.versions import parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source


@dataclass(frozen=True)
class Laboratory:
    """The SDK versions programs are run on, each started once it is asked for."""

    _started: dict[str, Sandbox] = field(default_factory=dict, repr=False)
    _known: dict[tuple[str, str, str], Outcome] = field(default_factory=dict, repr=False)

    @property
    def old(self) -> Sandbox:
        """The last 1.x."""
        return self.at(OLD)

    @property
    def new(self) -> Sandbox:
        """The newest 2.x."""
        return self.at(NEW)

    def at(self, version: str) -> Sandbox:
        """The SDK of this version."""
        if version not in self._started:
            self._started[version] = Sandbox.start(version)
        return self._started[version]

    def since(self, oldest: Version) -> Sandbox:
        """The first of RELEASES that is at least the version."""
        return self.at(next(one for one in RELEASES if parse_version(one) >= oldest))

    def close(self) -> None:
        """End them all."""
        for sandbox in self._started.values():
            sandbox.close()

    def outcome(self, sandbox: Sandbox, text: str, setup: str) -> Outcome:
        """What a program does; asked twice, it is run once."""
        key = (sandbox.version, setup, text)
        if key not in self._known:
            self._known[key] = outcome(sandbox.run(text, setup=setup))
        return self._known[key]


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """The SDKs, which end with it."""
    started = Laboratory()
    try:
        yield started
    finally:
        started.close()


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


def names(result: CheckResult) -> frozenset[str]:
    return frozenset(finding.name for finding in result.findings)


@dataclass(frozen=True)
class Verdict:
    """What safe fixes, and nothing else, made of a program on 2.x. Empty lines of `differences`
    are good."""

    worse: tuple[str, ...]
    """What differs from 1.x that does not differ in the unchanged program: fixes may leave a
    difference, but never add to it."""
    different: tuple[str, ...]
    """What differs from 1.x though the fixes left nothing to do."""

    @classmethod
    def of(cls, base: Outcome, alone: Outcome, cautious: Outcome, complete: bool) -> Verdict:
        """`base` is the program on 1.x, `alone` the same on 2.x, `cautious` its safe fixes there."""
        known, found = differences(base, alone), differences(base, cautious)
        worse = tuple(line for line in found if line not in known)
        return cls(worse, found if complete else ())


def verdict(lab: Laboratory, program: Program) -> Verdict:
    """What the safe fixes of a program do, beside the program as it is."""
    cautious = fixed(program)
    return Verdict.of(
        run(lab, lab.old, program),
        run(lab, lab.new, program),
        run(lab, lab.new, program, cautious.text),
        not cautious.remaining.findings,
    )
