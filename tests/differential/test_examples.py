"""The documented rewrites, on 1.x as documented and on 2.x after them."""

from __future__ import annotations

import pytest

from differential.examples import Example, examples, migrated, run
from differential.outcome import differences
from differential.proof import Laboratory

pytestmark = pytest.mark.network

EXAMPLES = tuple(examples())

CANNOT_RUN: dict[str, str] = {}
"""Examples that do not run on 1.x as they stand, and why."""

FAILS = {
    "init-experiments-metrics-2": "somebody else calls the function whose parameters change",
}
"""Examples whose fix is unsafe because it can break the program, and does."""


def _with(safe: bool) -> list[object]:
    return [
        pytest.param(example, id=example.id)
        for example in EXAMPLES
        if example.safe is safe and example.id not in CANNOT_RUN
    ]


def test_every_example_runs_or_says_why_not(lab: Laboratory) -> None:
    broken = {
        example.id
        for example in EXAMPLES
        if (found := run(lab.old, example.rewrite.before)).error or found.empty
    }
    assert broken == set(CANNOT_RUN)


@pytest.mark.parametrize("example", _with(safe=True))
def test_a_safe_example_sends_the_same(example: Example, lab: Laboratory) -> None:
    result = migrated(example)
    found = run(lab.new, result.text)
    assert differences(run(lab.old, example.rewrite.before), found) == ()
    if not result.remaining.findings:
        assert found.own_warnings == ()


@pytest.mark.parametrize("example", _with(safe=False))
def test_an_unsafe_example_runs(example: Example, lab: Laboratory) -> None:
    result = migrated(example)
    found = run(lab.new, result.text)
    assert bool(found.error) is (example.id in FAILS)
    if not result.remaining.findings:
        assert found.own_warnings == ()
