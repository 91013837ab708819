"""Rows of the rule tables: a program, what all fixes together make of it, how sure each fix is."""

from __future__ import annotations

import textwrap

import pytest
from _pytest.mark.structures import ParameterSet

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def run(rules: str, before: str) -> tuple[str, list[Applicability | None]]:
    """The text with every fix of some rules applied, and how sure each fix is."""
    settings = Settings(select=tuple(rules.split()))
    findings = analyze(Source(before), settings).findings
    after = fix(Source(before), settings, unsafe=True)
    assert after.remaining.failure is None
    compile(after.text, "after", "exec")
    assert fix(Source(after.text), settings, unsafe=True).text == after.text
    return after.text, [one.fix.applicability if one.fix else None for one in findings]


def row(id: str, rules: str, before: str, after: str, *sure: Applicability | None) -> ParameterSet:
    return pytest.param(
        rules, textwrap.dedent(before), textwrap.dedent(after), list(sure or (SAFE,)), id=id
    )
