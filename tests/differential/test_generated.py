"""Programs made at random: where the safe fixes leave nothing to do, they have changed nothing."""

from __future__ import annotations

import pytest

from differential.generate import generate
from differential.outcome import differences
from differential.program import Program
from differential.proof import Laboratory, fixed, run

pytestmark = pytest.mark.network

PROGRAMS = tuple(
    Program(f"random/{number}", (), generate(number), "safe", setup="traced")
    for number in range(80)
)


@pytest.mark.parametrize("program", [pytest.param(row, id=row.id) for row in PROGRAMS])
def test_safe_fixes_change_nothing(program: Program, lab: Laboratory) -> None:
    base = run(lab, lab.old, program)
    assert not base.error
    result = fixed(program)
    assert result.remaining.failure is None
    assert result.text != program.text
    found = run(lab, lab.new, program, result.text)
    if not result.remaining.findings:
        assert differences(base, found) == ()
        assert found.warnings == ()
    again = Program(program.id, (), result.text, "safe")
    assert fixed(again).text == result.text


def test_most_are_migrated_by_safe_fixes_alone() -> None:
    some = PROGRAMS[:20]
    complete = [row.id for row in some if not fixed(row).remaining.findings]
    assert len(complete) > len(some) / 2
