"""Every program of the tables, on 1.x as it is and on 2.x as the fixer leaves it.

That the fixer leaves it as its row says is asked in test_expectations.py, which needs no SDK.
"""

from __future__ import annotations

import json

import pytest

from differential import proof, shown
from differential.outcome import differences
from differential.program import Program, programs
from differential.proof import Laboratory, fixed, run
from sentry_migrate.report.proofs import TABLE

pytestmark = pytest.mark.network

PROGRAMS = programs()


def _with(*expectations: str) -> list[object]:
    return [
        pytest.param(program, id=program.id)
        for program in PROGRAMS
        if program.expect in expectations
    ]


@pytest.mark.parametrize("program", [pytest.param(program, id=program.id) for program in PROGRAMS])
def test_the_program_runs_on_the_old_sdk_and_records_something(
    program: Program, lab: Laboratory
) -> None:
    found = run(lab, lab.old, program)
    assert not found.error
    assert not found.empty


@pytest.mark.parametrize("program", _with("safe", "unsafe"))
def test_its_fixes_send_the_same(program: Program, lab: Laboratory) -> None:
    unsafe = program.expect == "unsafe"
    base = run(lab, lab.old, program)
    found = run(lab, lab.new, program, fixed(program, unsafe=unsafe).text)
    assert differences(base, found) == ()
    assert found.internal_errors == ()
    if not program.leaves:
        assert found.warnings == ()


@pytest.mark.parametrize("program", _with("differs"))
def test_its_best_rewrite_changes_what_is_said(program: Program, lab: Laboratory) -> None:
    base = run(lab, lab.old, program)
    changed = differences(base, run(lab, lab.new, program, fixed(program, unsafe=True).text))
    assert any(program.differs in line for line in changed), changed


@pytest.mark.parametrize("program", _with("safe", "unsafe", "differs", "manual"))
def test_its_safe_fixes_are_no_worse_than_leaving_it_alone(
    program: Program, lab: Laboratory
) -> None:
    assert proof.verdict(lab, program) == proof.Verdict((), ())


@pytest.mark.parametrize("program", _with("silent"))
def test_it_sends_the_same_as_it_is(program: Program, lab: Laboratory) -> None:
    found = run(lab, lab.new, program)
    assert differences(run(lab, lab.old, program), found) == ()
    assert found.own_warnings == ()


SHOWN = json.loads(TABLE.read_text(encoding="utf-8"))
_IDS = {entry.get("program") for entry in SHOWN["rules"].values()}


@pytest.mark.parametrize(
    "program",
    [pytest.param(program, id=program.id) for program in PROGRAMS if program.id in _IDS],
)
def test_the_page_of_its_rule_shows_what_it_sends(program: Program, lab: Laboratory) -> None:
    stored = [one for one in SHOWN["rules"].values() if one.get("program") == program.id]
    assert [shown.entry(lab, program)] * len(stored) == stored, "run tests/differential/shown.py"
