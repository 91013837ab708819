"""The tables themselves."""

from __future__ import annotations

import ast
from collections import Counter

from differential.coverage import CANNOT_RUN
from differential.program import SETUPS, programs
from sentry_migrate.rules import RULES

PROGRAMS = programs()


def test_there_are_many_programs() -> None:
    assert len(PROGRAMS) >= 250


def test_no_id_is_used_twice() -> None:
    assert [name for name, count in Counter(row.id for row in PROGRAMS).items() if count > 1] == []


def test_every_rule_a_program_names_exists() -> None:
    named = {rule for row in PROGRAMS for rule in (*row.rules, *row.leaves)}
    assert sorted(named - set(RULES)) == []


def test_every_rule_has_a_program_or_a_reason() -> None:
    covered = {rule for row in PROGRAMS for rule in row.rules}
    assert sorted(set(RULES) - covered) == sorted(set(CANNOT_RUN) & set(RULES))


def test_every_program_is_python_with_a_known_setup() -> None:
    for row in PROGRAMS:
        ast.parse(row.text)
        assert row.setup in SETUPS


def test_a_known_difference_says_what_differs() -> None:
    assert [row.id for row in PROGRAMS if (row.expect == "differs") != bool(row.differs)] == []
