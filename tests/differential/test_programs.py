"""Every program of the tables, on 1.x as it is and on 2.x as the fixer leaves it."""

from __future__ import annotations

import pytest

from differential import proof
from differential.outcome import differences
from differential.program import Program, programs
from differential.proof import Laboratory, fixed, names, ready, run

pytestmark = pytest.mark.network

PROGRAMS = programs()


def _with(expectation: str) -> list[object]:
    return [
        pytest.param(program, id=program.id)
        for program in PROGRAMS
        if program.expect == expectation and ready(program)
    ]


@pytest.mark.parametrize("program", [pytest.param(program, id=program.id) for program in PROGRAMS])
def test_the_program_runs_on_the_old_sdk_and_records_something(
    program: Program, lab: Laboratory
) -> None:
    found = run(lab, lab.old, program)
    assert not found.error
    assert not found.empty


@pytest.mark.parametrize("program", _with("safe"))
def test_safe_fixes_migrate_it(program: Program, lab: Laboratory) -> None:
    result = fixed(program)
    assert {finding.name for finding in result.applied} >= set(program.rules)
    assert names(result.remaining) <= set(program.leaves)
    _sends_the_same(program, lab, result.text)


@pytest.mark.parametrize("program", _with("unsafe"))
def test_unsafe_fixes_migrate_it(program: Program, lab: Laboratory) -> None:
    cautious = fixed(program)
    assert names(cautious.remaining) & set(program.rules)
    assert proof.harm(lab, program, run(lab, lab.old, program), cautious) == []
    result = fixed(program, unsafe=True)
    assert {finding.name for finding in result.applied} >= set(program.rules)
    assert names(result.remaining) <= set(program.leaves)
    _sends_the_same(program, lab, result.text)


def _sends_the_same(program: Program, lab: Laboratory, text: str) -> None:
    assert text != program.text
    again = Program(program.id, program.rules, text, program.expect)
    assert fixed(again, unsafe=program.expect == "unsafe").text == text
    found = run(lab, lab.new, program, text)
    assert differences(run(lab, lab.old, program), found) == ()
    assert found.internal_errors == ()
    if not program.leaves:
        assert found.warnings == ()


@pytest.mark.parametrize("program", _with("differs"))
def test_no_fix_that_changes_it_is_safe(program: Program, lab: Laboratory) -> None:
    base = run(lab, lab.old, program)
    cautious = fixed(program)
    assert names(cautious.remaining) & set(program.rules)
    assert proof.harm(lab, program, base, cautious) == []
    result = fixed(program, unsafe=True)
    assert {finding.name for finding in result.applied} & set(program.rules)
    changed = differences(base, run(lab, lab.new, program, result.text))
    assert any(program.differs in line for line in changed), changed


@pytest.mark.parametrize("program", _with("manual"))
def test_it_is_reported_and_left_alone(program: Program) -> None:
    result = fixed(program, unsafe=True)
    assert names(result.remaining) >= set(program.rules)
    assert not {finding.name for finding in result.applied} & set(program.rules)


@pytest.mark.parametrize("program", _with("silent"))
def test_there_is_nothing_to_do(program: Program, lab: Laboratory) -> None:
    result = fixed(program, unsafe=True)
    assert names(result.remaining) == frozenset()
    assert result.text == program.text
    found = run(lab, lab.new, program)
    assert differences(run(lab, lab.old, program), found) == ()
    assert found.own_warnings == ()


@pytest.mark.parametrize(
    "program",
    [pytest.param(row, id=row.id) for row in PROGRAMS if row.expect == "safe" and ready(row)],
)
def test_the_rewrite_for_an_older_2_x_runs_there(program: Program, lab: Laboratory) -> None:
    if program.floor:
        pytest.skip(program.floor)
    base = run(lab, lab.old, program)
    texts = {fixed(program, floor=floor).text for floor in (proof.MIDDLE, proof.FIRST)}
    for text in texts - {program.text}:
        found = run(lab, lab.floor, program, text)
        assert differences(base, found) == ()
        assert program.leaves or found.own_warnings == ()
