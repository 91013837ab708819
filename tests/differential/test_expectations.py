"""What the fixer makes of every program of the tables: is it what the row says?

Whether both SDKs then send the same is another question, which test_programs.py asks of the SDKs.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from differential.program import Expectation, Program, programs
from differential.proof import fixed, names
from sentry_migrate.model import FixOutcome

ROWS = [pytest.param(program, id=program.id) for program in programs()]

# "unsafe" and "differs" are the same to the fixer: whether the SDKs differ is not known here.
SAME: dict[Expectation, Expectation] = {"differs": "unsafe"}


def made(program: Program, cautious: FixOutcome, bold: FixOutcome) -> set[Expectation]:
    """Every expectation that the fixer meets, with safe fixes alone and with all; of the row only
    its rules count."""
    rules, stay = set(program.rules), set(program.leaves)
    met: set[Expectation] = set()
    if cautious.text != program.text and names(cautious.remaining) <= stay:
        met.add("safe")
    if rules & names(cautious.remaining) - stay:
        if {one.name for one in bold.applied} & rules:
            met.add("unsafe")
        else:
            met.add("manual")
    if bold.text == program.text and not names(bold.remaining):
        met.add("silent")
    return met


@pytest.mark.parametrize("program", ROWS)
def test_it_is_what_the_row_says(program: Program) -> None:
    """A row that is migrated has a fix of each rule made, and nothing else stays; one that is
    left to a person has a finding of each. Another turn finds nothing more to do."""
    cautious = fixed(program)
    bold = fixed(program, unsafe=True) if cautious.remaining.findings else cautious
    assert made(program, cautious, bold) == {SAME.get(program.expect, program.expect)}
    result = cautious if program.expect == "safe" else bold
    applied, stay = {one.name for one in result.applied}, names(result.remaining)
    if program.expect == "manual":
        assert set(program.rules) <= stay
    elif program.expect != "differs":
        assert set(program.rules) <= applied
        assert stay <= set(program.leaves)
    again = replace(program, text=result.text)
    assert fixed(again, unsafe=program.expect != "safe").text == result.text
