"""Programs made at random: where the safe fixes leave nothing to do, they have changed nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from differential.generate import random_programs
from differential.program import Program
from differential.proof import Laboratory, Verdict, fixed, run, verdict

PROGRAMS = random_programs()
ROWS = [pytest.param(row, id=row.id) for row in PROGRAMS]


@pytest.mark.network
@pytest.mark.parametrize("program", ROWS)
def test_safe_fixes_change_nothing(program: Program, lab: Laboratory) -> None:
    base = run(lab, lab.old, program)
    assert not base.error
    assert verdict(lab, program) == Verdict((), ())
    result = fixed(program)
    if not result.remaining.findings:
        assert run(lab, lab.new, program, result.text).warnings == ()


@pytest.mark.parametrize(
    "program",
    [
        *ROWS[:20],
        *(pytest.param(*row.values, id=row.id, marks=pytest.mark.slow) for row in ROWS[20:]),
    ],
)
def test_safe_fixes_reach_an_end(program: Program) -> None:
    result = fixed(program)
    assert result.remaining.failure is None
    assert result.text != program.text
    assert fixed(replace(program, text=result.text)).text == result.text


@pytest.mark.slow
def test_most_are_migrated_by_safe_fixes_alone() -> None:
    some = PROGRAMS[:20]
    complete = [row.id for row in some if not fixed(row).remaining.findings]
    assert len(complete) > len(some) / 2
