"""What a function that is `remembered` works out again, and what it does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sentry_migrate.kit.memory import remembered

pytestmark = pytest.mark.fast

ONE, OTHER = [1], [1]

# arguments of two calls: how often the function runs
RUNS = {
    "nothing": ((), (), 1),
    "the same text": (("a" * 9,), ("".join(["a"] * 9),), 1),
    "another text": (("a",), ("b",), 2),
    "the same thing": ((ONE,), (ONE,), 1),
    "an equal thing": ((ONE,), (OTHER,), 2),
    "more things": ((ONE,), (ONE, OTHER), 2),
    "another order": ((ONE, OTHER), (OTHER, ONE), 2),
}


@pytest.mark.parametrize(("first", "second", "expected"), RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("answer", [None, "", 1])
def test_how_often_it_runs(first: Any, second: Any, expected: int, answer: Any) -> None:
    runs: list[Any] = []

    @remembered
    def ask(context: Any, *rest: Any) -> Any:
        runs.append(rest)
        return answer

    context = cast(Any, SimpleNamespace(memory={}))
    assert (ask(context, *first), ask(context, *second)) == (answer, answer)
    assert len(runs) == expected
    ask(cast(Any, SimpleNamespace(memory={})), *first)
    assert len(runs) == expected + 1, "another text is another matter"


def test_two_functions_do_not_share() -> None:
    context = cast(Any, SimpleNamespace(memory={}))
    asked = [remembered(lambda context, number=number: number) for number in (1, 2)]
    assert [ask(context) for ask in asked] == [1, 2]


def test_a_failure_is_not_kept() -> None:
    context = cast(Any, SimpleNamespace(memory={}))
    left = [ValueError("on purpose")]

    @remembered
    def ask(context: Any) -> str:
        if left:
            raise left.pop()
        return "answer"

    with pytest.raises(ValueError, match="on purpose"):
        ask(context)
    assert ask(context) == "answer"


def test_what_is_gone_does_not_answer_for_what_comes() -> None:
    """Python gives a new list the id of one that is gone."""
    context = cast(Any, SimpleNamespace(memory={}))
    ask = remembered(lambda context, one: one[0])
    assert [ask(context, [number]) for number in range(99)] == list(range(99))
