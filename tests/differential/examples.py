"""The examples in the documentation of the rules, as programs.

Only an example with a rewrite can be proved. It is a fragment: `inside/driver.py` calls what it
defines.
"""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from differential.coverage import CANNOT_RUN
from differential.environments import Sandbox
from differential.outcome import Outcome, outcome
from differential.program import SETUPS
from differential.proof import Laboratory, Verdict
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.rule import Rewrites
from sentry_migrate.model import FixOutcome
from sentry_migrate.project.config import Settings, Version
from sentry_migrate.project.versions import parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source

PREPARE = "import driver\n\ndriver.prepare()\n"
DRIVE = "import driver\n\ndriver.drive(program)\n"


@dataclass(frozen=True)
class Example:
    """One documented rewrite."""

    rule: str
    number: int
    """Among the rule's rewrites, from 1."""
    rewrite: Rewrites

    @property
    def id(self) -> str:
        return f"{self.rule}-{self.number}"

    @property
    def version(self) -> Version:
        """The oldest SDK it is for."""
        return parse_version(self.rewrite.sdk_version)

    @property
    def safe(self) -> bool:
        return not self.rewrite.reason


def examples() -> Iterator[Example]:
    """Every documented rewrite of Python."""
    for rule in RULES.values():
        if rule.name in CANNOT_RUN:
            continue
        for number, rewrite in enumerate(rule.rewrites(), 1):
            yield Example(rule.name, number, rewrite)


def migrated(example: Example) -> FixOutcome:
    """The documented result, and what the other rules make of the rest of it."""
    settings = Settings(sdk_version=example.version)
    return fix(Source(example.rewrite.after), settings, unsafe=not example.safe)


def verdict(lab: Laboratory, example: Example) -> Verdict:
    """What the safe fixes of the documented code do, beside the code as it is."""
    before, settings = example.rewrite.before, Settings(sdk_version=example.version)
    cautious = fix(Source(before), settings)
    sandbox = lab.since(example.version)
    return Verdict.of(
        run(lab.old, before),
        run(sandbox, before),
        run(sandbox, cautious.text),
        not cautious.remaining.findings,
    )


def run(sandbox: Sandbox, text: str) -> Outcome:
    """What the fragment does when it is called."""
    setup = SETUPS["traced"] + PREPARE
    return outcome(sandbox.run(text, setup=setup, coda=DRIVE, stubs=undefined(text)))


def undefined(text: str) -> tuple[str, ...]:
    """Names a fragment uses and nobody defines."""
    top = symtable.symtable(text, "example", "exec")
    defined = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned()}
    defined |= {symbol.get_name() for symbol in top.get_symbols() if symbol.is_imported()}
    used: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        used |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table is top)
        }
        tables.extend(table.get_children())
    return tuple(sorted(used - defined - set(dir(builtins)) - {"out", "cap", "exc"}))
