"""Applying, collecting, composing and shifting, against oracles that work on marked characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.text.edits import (
    Edit,
    EditSet,
    OverlapError,
    apply,
    collide,
    compose,
    difference,
    grown,
    ordered,
    shift,
)

NEW = st.text("xyz", max_size=3)


@st.composite
def edit_lists(draw: st.DrawFn, length: int) -> list[Edit]:
    """Edits on a text of `length` that do not overlap, in any order."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        edit = Edit(start, end, draw(NEW))
        if not any(collide(edit, other) for other in edits):
            edits.append(edit)
    return draw(st.permutations(edits))


def naive_apply(text: str, edits: list[Edit]) -> str:
    """From the last to the first, so that offsets before stay right."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


# what: (left, right, collide?)
PAIRS = {
    "insertions at one place": (Edit(2, 2, "a"), Edit(2, 2, "b"), True),
    "same replacement": (Edit(1, 3, "a"), Edit(1, 3, "a"), True),
    "one inside the other": (Edit(1, 5, ""), Edit(2, 3, ""), True),
    "sharing one character": (Edit(1, 3, ""), Edit(2, 5, ""), True),
    "insertion inside": (Edit(1, 5, ""), Edit(2, 2, "a"), True),
    "insertion before": (Edit(2, 5, ""), Edit(2, 2, "a"), False),
    "insertion after": (Edit(2, 5, ""), Edit(5, 5, "a"), False),
    "next to each other": (Edit(1, 3, ""), Edit(3, 5, ""), False),
    "insertions apart": (Edit(1, 1, "a"), Edit(2, 2, "a"), False),
}


@pytest.mark.parametrize(("left", "right", "expected"), PAIRS.values(), ids=PAIRS)
def test_collide(left: Edit, right: Edit, expected: bool) -> None:
    assert collide(left, right) is collide(right, left) is expected


@pytest.mark.parametrize(
    ("left", "right"), [(left, right) for left, right, bad in PAIRS.values() if bad]
)
def test_apply_refuses_overlaps(left: Edit, right: Edit) -> None:
    with pytest.raises(OverlapError):
        apply("abcdef", [left, right])


def test_apply_refuses_an_overlap_behind_an_insertion() -> None:
    with pytest.raises(OverlapError):
        ordered([Edit(0, 4, ""), Edit(4, 4, "x"), Edit(3, 5, "")])


# what: (edits, "abcdef" after them)
APPLIED = {
    "none": ([], "abcdef"),
    "insert at the ends": ([Edit(6, 6, ">"), Edit(0, 0, "<")], "<abcdef>"),
    "delete all": ([Edit(0, 6, "")], ""),
    "insert before and after a replacement": (
        [Edit(3, 3, ">"), Edit(1, 3, "X"), Edit(1, 1, "<")],
        "a<X>def",
    ),
}


@pytest.mark.parametrize(("edits", "after"), APPLIED.values(), ids=APPLIED)
def test_apply(edits: list[Edit], after: str) -> None:
    assert apply("abcdef", edits) == after


@given(
    st.text("abcdefgh\r\n", max_size=12).flatmap(
        lambda text: st.tuples(st.just(text), edit_lists(len(text)))
    )
)
def test_apply_agrees_with_the_oracle(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply(text, edits) == naive_apply(text, edits)
    start = min((edit.start for edit in edits), default=0)
    end = max((edit.end for edit in edits), default=0)
    part = apply(text, edits, start, end)
    assert text[:start] + part + text[end:] == naive_apply(text, edits)


@given(st.data())
def test_compose_does_all_rounds_at_once(data: st.DataObject) -> None:
    text = data.draw(st.text("abcdefgh", max_size=12))
    rounds, after = [], text
    for _ in range(data.draw(st.integers(0, 4))):
        edits = data.draw(edit_lists(len(after)))
        rounds.append(edits)
        after = naive_apply(after, edits)
    composed = compose(len(text), rounds)
    assert apply(text, composed) == after
    assert list(composed) == ordered(composed)


def test_compose_leaves_untouched_text_alone() -> None:
    rounds = [[Edit(0, 1, "AA")], [Edit(5, 6, "EE")]]
    assert compose(6, rounds) == (Edit(0, 1, "AA"), Edit(4, 5, "EE"))


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), NEW), max_size=6))
def test_an_edit_set_keeps_what_it_accepted(spans: list[tuple[int, int, str]]) -> None:
    edits = [Edit(start, start + length, text) for start, length, text in spans]
    chosen, kept = EditSet(), []
    for edit in edits:
        repeated = edit in kept and edit.start != edit.end
        fits = repeated or not any(collide(edit, other) for other in kept)
        assert chosen.accept([edit]) is fits
        if fits and not repeated:
            kept.append(edit)
    assert sorted(chosen.edits()) == sorted(kept)
    assert list(chosen.edits()) == ordered(kept)


# what: (accepted, offered, taken?)
GROUPS = {
    "all or nothing": ([Edit(0, 2, "a")], [Edit(4, 5, "b"), Edit(1, 3, "c")], False),
    "an insertion twice": ([Edit(1, 1, "a")], [Edit(1, 1, "a")], False),
    "a replacement twice": ([Edit(1, 2, "a")], [Edit(1, 2, "a"), Edit(3, 4, "")], True),
    "a long edit over a short one": ([Edit(2, 3, "a")], [Edit(0, 9, "")], False),
    "behind many": ([Edit(at, at + 1, "") for at in range(8)], [Edit(7, 8, "x")], False),
    "into a gap": ([Edit(0, 1, ""), Edit(4, 5, "")], [Edit(1, 4, "")], True),
}


@pytest.mark.parametrize(("accepted", "offered", "taken"), GROUPS.values(), ids=GROUPS)
def test_an_edit_set_takes_a_group_or_none(
    accepted: list[Edit], offered: list[Edit], taken: bool
) -> None:
    chosen = EditSet()
    assert chosen.accept(accepted)
    before = chosen.edits()
    assert chosen.accept(offered) is taken
    if not taken:
        assert chosen.edits() == before


@given(st.data())
def test_shift_follows_every_place_between_characters(data: st.DataObject) -> None:
    length = data.draw(st.integers(0, 12))
    edits = ordered(data.draw(edit_lists(length)))
    for offset in range(length + 1):
        if any(edit.start < offset < edit.end for edit in edits):
            assert shift(offset, edits) is None
            continue
        # Put a mark at the place and see where the edits carry it; what is inserted there comes
        # before it, what replaces the text behind it comes after.
        marked = "." * offset + "!" + "." * (length - offset)
        moved = [
            edit if edit.end <= offset else Edit(edit.start + 1, edit.end + 1, edit.text)
            for edit in edits
        ]
        assert shift(offset, edits) == naive_apply(marked, moved).index("!")


# what: (edits of a text, and where the span 10 to 20 is afterwards)
GROWN = {
    "nothing": ([], (10, 20)),
    "before": ([Edit(2, 5, "abcde")], (12, 22)),
    "removed before": ([Edit(2, 5, "")], (7, 17)),
    "up to the place before": ([Edit(2, 9, "")], (3, 13)),
    "up to the start": ([Edit(2, 10, "abc")], (2, 15)),
    "over the start": ([Edit(8, 12, "abcde")], (8, 21)),
    "inserted at the start": ([Edit(10, 10, "ab")], (10, 22)),
    "inside": ([Edit(12, 15, "abcde")], (10, 22)),
    "over the end": ([Edit(18, 25, "a")], (10, 19)),
    "from the end": ([Edit(20, 22, "abc")], (10, 23)),
    "inserted at the end": ([Edit(20, 20, "ab")], (10, 22)),
    "from the place behind": ([Edit(21, 22, "abc")], (10, 20)),
    "all of it": ([Edit(5, 30, "x")], (5, 6)),
    "two before, two inside": (
        [Edit(0, 1, "abc"), Edit(3, 5, ""), Edit(10, 11, ""), Edit(13, 13, "abcd")],
        (10, 23),
    ),
    "in any order": ([Edit(13, 13, "abcd"), Edit(0, 1, "abc")], (12, 26)),
}


@pytest.mark.parametrize(("edits", "after"), GROWN.values(), ids=GROWN)
def test_a_span_grows_with_what_touches_it(edits: list[Edit], after: tuple[int, int]) -> None:
    assert grown((10, 20), edits) == after


@given(st.text("ab\n", max_size=8), st.text("ab\n", max_size=8))
def test_the_difference_makes_one_text_of_the_other(before: str, after: str) -> None:
    edit = difference(before, after)
    assert apply(before, [edit]) == after
    if before == after:
        assert edit == Edit(len(before), len(before), "")
    elif edit.text and edit.start < edit.end:
        old = before[edit.start : edit.end]
        assert old[0] != edit.text[0]
        assert old[-1] != edit.text[-1]
