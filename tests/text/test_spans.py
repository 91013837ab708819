"""Asking a set of spans, against sets of characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.text.spans import Span, SpanSet

SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)).map(lambda s: (s[0], sum(s))))

OVERLAPS: dict[str, tuple[list[Span], Span, bool]] = {
    "no spans": ([], (0, 9), False),
    "ends where it begins": ([(2, 4)], (4, 6), False),
    "begins where it ends": ([(4, 6)], (2, 4), False),
    "between two": ([(0, 2), (4, 6)], (2, 4), False),
    "an empty span at the start": ([(3, 3)], (3, 4), False),
    "an empty span inside": ([(3, 3)], (2, 4), False),
    "asked of an empty one at the start": ([(2, 4)], (2, 2), False),
    "asked of an empty one inside": ([(2, 4)], (3, 3), True),
    "one character": ([(2, 4)], (3, 9), True),
    "inside": ([(0, 9)], (3, 4), True),
    "around": ([(3, 4)], (0, 9), True),
    "two that touch": ([(4, 6), (2, 4)], (3, 5), True),
    "one in another": ([(0, 9), (2, 3)], (5, 6), True),
}


@pytest.mark.parametrize(("spans", "asked", "expected"), OVERLAPS.values(), ids=OVERLAPS)
def test_overlaps(spans: list[Span], asked: Span, expected: bool) -> None:
    assert SpanSet(spans).overlaps(*asked) is expected


@given(SPANS, st.integers(0, 26), st.integers(1, 5))
def test_like_a_set_of_characters(spans: list[Span], start: int, length: int) -> None:
    characters = {at for span in spans for at in range(*span)}
    asked = SpanSet(spans)
    assert asked.holds(start) is (start in characters)
    assert asked.overlaps(start, start + length) is any(
        at in characters for at in range(start, start + length)
    )
