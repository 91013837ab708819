"""The documented rewrites, on 1.x as documented and on 2.x after them."""

from __future__ import annotations

import pytest

from differential.environments import Sandbox
from differential.examples import Example, examples, migrated, run, verdict
from differential.outcome import differences
from differential.proof import Laboratory, Verdict

pytestmark = pytest.mark.network

EXAMPLES = tuple(examples())

FAILS = {
    "init-experiments-metrics-2": "somebody else calls the function whose parameters change",
}
"""Examples whose fix is unsafe because it can break the program, and does."""


def _with(safe: bool) -> list[object]:
    return [pytest.param(example, id=example.id) for example in EXAMPLES if example.safe is safe]


def _sdk(example: Example, lab: Laboratory) -> Sandbox:
    return lab.since(example.version)


@pytest.mark.parametrize("example", _with(safe=True))
def test_a_safe_example_sends_the_same(example: Example, lab: Laboratory) -> None:
    base = run(lab.old, example.rewrite.before)
    assert not base.error
    assert not base.empty
    result = migrated(example)
    found = run(_sdk(example, lab), result.text)
    changed = differences(base, found)
    if result.remaining.findings:
        known = differences(base, run(_sdk(example, lab), example.rewrite.before))
        assert [line for line in changed if line not in known] == []
    else:
        assert changed == ()
        assert found.own_warnings == ()


@pytest.mark.parametrize("example", [*_with(safe=True), *_with(safe=False)])
def test_safe_fixes_are_no_worse_than_leaving_it_alone(example: Example, lab: Laboratory) -> None:
    assert verdict(lab, example) == Verdict((), ())


@pytest.mark.parametrize("example", _with(safe=False))
def test_an_unsafe_example_runs(example: Example, lab: Laboratory) -> None:
    assert not run(lab.old, example.rewrite.before).error
    result = migrated(example)
    found = run(_sdk(example, lab), result.text)
    assert bool(found.error) is (example.id in FAILS)
    if not result.remaining.findings:
        assert found.own_warnings == ()
