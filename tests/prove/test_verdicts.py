"""What the runs say of each fix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sentry_migrate.prove.recordings import Test as Recorded
from sentry_migrate.prove.verdicts import Comparison, Verdict, verdicts

SENT = (("event", {"message": "m"}),)
OTHER = (("event", {"message": "n"}),)


def ran(*fixes: str, sent: object = SENT) -> Recorded:
    told = frozenset(fixes if sent else ())
    return Recorded("passed", sent, frozenset(fixes), told)  # type: ignore[arg-type]


def after(*fixes: str) -> Recorded:
    return replace(ran(), earlier=frozenset(fixes))


ROWS: dict[str, tuple[dict[str, Recorded], dict[str, Recorded], dict[str, list[str]], Verdict]] = {
    "equal": ({"t": ran("f")}, {"t": ran()}, {}, Verdict("equal", ("t",))),
    "equal in two": (
        {"t": ran("f"), "u": ran("f"), "v": ran()},
        {"t": ran(), "u": ran(), "v": ran()},
        {},
        Verdict("equal", ("t", "u")),
    ),
    "nothing sent": (
        {"t": ran("f", sent=())},
        {"t": ran(sent=())},
        {},
        Verdict("nothing-sent", ("t",)),
    ),
    "nothing sent after it": (
        {"t": replace(ran("f"), told=frozenset())},
        {"t": ran()},
        {},
        Verdict("nothing-sent", ("t",)),
    ),
    "before the tests": (
        {"": ran("f", sent=()), "t": after("f"), "u": after(), "v": after("f")},
        {"": ran(sent=()), "t": ran(), "u": ran(), "v": ran(sent=OTHER)},
        {},
        Verdict("equal", ("t",)),
    ),
    "before the tests and in one": (
        {"": ran("f", sent=()), "t": after("f"), "u": ran("f")},
        {"": ran(sent=()), "t": ran(), "u": ran()},
        {},
        Verdict("equal", ("t", "u")),
    ),
    "before the tests, of which none sends": (
        {"": ran("f", sent=()), "t": ran(sent=())},
        {"": ran(sent=()), "t": ran(sent=())},
        {},
        Verdict("nothing-sent", ("",)),
    ),
    "never ran": ({"t": ran()}, {"t": ran()}, {}, Verdict("never-ran")),
    "blamed": ({"t": ran("f")}, {"t": ran(sent=OTHER)}, {"f": ["t"]}, Verdict("different", ("t",))),
    "different for another reason": (
        {"t": ran("f"), "u": ran("f")},
        {"t": ran(sent=OTHER), "u": ran()},
        {},
        Verdict("equal", ("u",)),
    ),
    "only where something else differs": (
        {"t": ran("f")},
        {"t": ran(sent=OTHER)},
        {},
        Verdict("untold", ("t",)),
    ),
}


@pytest.mark.parametrize(("old", "new", "blamed", "wanted"), ROWS.values(), ids=ROWS)
def test_verdict(
    old: dict[str, Recorded],
    new: dict[str, Recorded],
    blamed: dict[str, list[str]],
    wanted: Verdict,
) -> None:
    assert verdicts(["f"], Comparison(old, old, new), blamed) == {"f": wanted}


def test_a_test_that_does_not_repeat_proves_nothing() -> None:
    compared = Comparison({"t": ran("f")}, {"t": ran("f", sent=())}, {"t": ran(sent=OTHER)})
    assert compared.untold() == ["t"]
    assert compared.different() == []
    assert verdicts(["f"], compared, {})["f"].kind == "untold"


def test_a_test_that_is_gone_differs() -> None:
    compared = Comparison({"t": ran()}, {"t": ran()}, {})
    assert compared.different() == ["t"]


ONCE: dict[str, tuple[str, str, str, list[str]]] = {
    "another name each time": ("t[1] u", "t[2] u", "t[3] u", []),
    "one that came back": ("t[1] u", "t[2] u", "t[1] u", []),
    "gone, of those that repeat": ("t[1] t[2]", "t[1] t[2]", "t[1]", ["t[2]"]),
    "new, of those that repeat": ("t[1]", "t[1]", "t[1] t[2]", ["t[2]"]),
    "gone, where others do not repeat": ("t[1] t[2]", "t[1] t[3]", "t[2]", []),
    "of another function": ("t[1] u[1]", "t[2] u[1]", "t[3]", ["u[1]"]),
    "of a function named alike": ("t[1] tt", "t[2] tt", "t[3]", ["tt"]),
    "without parameters": ("t u", "t u", "u", ["t"]),
    "it ran once": ("t u", "u", "u", []),
}
"""Names of the tests that ran twice, and with the fixes; those that differ."""


@pytest.mark.parametrize(("old", "again", "new", "differ"), ONCE.values(), ids=ONCE)
def test_names_that_do_not_repeat(old: str, again: str, new: str, differ: list[str]) -> None:
    sides = [{name: ran("f") for name in names.split()} for names in (old, again, new)]
    compared = Comparison(*sides)
    assert compared.different() == differ
    assert not {*compared.different()} & {*compared.untold()}


def test_no_fix_is_blamed_where_the_name_is_gone_in_another_run() -> None:
    one, other, new = ({"t[1]": ran("f", sent=sent)} for sent in (SENT, SENT, OTHER))
    for gone, worse in ({"t[9]": ran()}, False), ({}, True):
        compared = Comparison({**one, **gone}, other, new, one)
        assert compared.different() == ["t[1]"]
        assert compared.is_worse("t[1]", {}) == worse
        assert compared.is_worse("t[1]", new)


def traced(op: str, **more: str) -> Recorded:
    return ran("f", sent=(("event", {"message": "m", "contexts.trace.op": op, **more}),))


FAILED = Recorded("failed")


def leaving(place: str) -> Recorded:
    test = traced("b")
    return replace(test, sent=(*test.sent, ("state", {place: "1"})))


# name → (old, with the fixes, without them on the new SDK, whether it counts as equal)
TRACES: dict[str, tuple[Recorded, Recorded, Recorded, bool]] = {
    "the SDK traces other things": (traced("a"), traced("b"), traced("b"), True),
    "the fix does": (traced("a"), traced("b"), traced("a"), False),
    "both do, in another way": (traced("a"), traced("b"), traced("c"), False),
    "a tag as well": (traced("a", **{"tags.t": "1"}), traced("b"), traced("b"), False),
    "not repeated": (traced("a"), traced("b"), ran("f", sent=()), False),
    "the code as it is fails": (traced("a"), traced("b"), FAILED, True),
    "it fails, and so do the fixes": (traced("a"), Recorded("failed"), Recorded("failed"), False),
    "it fails, and the fixes add a tag": (
        traced("a"),
        traced("b", **{"tags.t": "1"}),
        Recorded("failed"),
        False,
    ),
    "it fails, and the fixes leave a tag": (traced("a"), leaving("tags.a"), FAILED, False),
    "it fails, and the fixes leave a span": (traced("a"), leaving("span"), FAILED, True),
    "the SDK leaves a tag": (traced("a"), leaving("tags.a"), leaving("tags.a"), True),
    "it does not run": (traced("a"), traced("b"), Recorded(), True),
}


@pytest.mark.parametrize(("old", "new", "left", "same"), TRACES.values(), ids=TRACES)
def test_what_the_sdk_does_itself(old: Recorded, new: Recorded, left: Recorded, same: bool) -> None:
    compared = Comparison({"t": old}, {"t": old}, {"t": new}, {"t": left})
    assert compared.is_traced_differently("t") == same
    assert compared.different() == ["t"] * (not same)
    assert verdicts(["f"], compared, {})["f"].kind == ("equal" if same else "untold")


MENDED: dict[str, tuple[Recorded, Recorded, bool]] = {
    "it adds a tag": (traced("b", **{"tags.t": "1"}), traced("b"), True),
    "it traces other things": (traced("b"), traced("a"), True),
    "so does the code as it is": (traced("b"), traced("b"), False),
    "the code as it is fails": (traced("b"), FAILED, False),
    "it fails too": (FAILED, FAILED, False),
    "it fails alone": (FAILED, traced("a"), True),
    "it loses what is sent, where the rest fails": (ran("f", sent=()), FAILED, True),
    "equal": (traced("a"), FAILED, False),
}


@pytest.mark.parametrize(("alone", "left", "worse"), MENDED.values(), ids=MENDED)
def test_a_fix_is_blamed_if_it_makes_it_worse(alone: Recorded, left: Recorded, worse: bool) -> None:
    old = {"t": traced("a")}
    compared = Comparison(old, old, {"t": alone}, {"t": left})
    assert compared.is_worse("t", {"t": alone}) == worse


def test_what_the_new_sdk_does_not_repeat_is_not_compared() -> None:
    one, other, third = (traced("a", **{"extra.latency": value}) for value in "123")
    old = {"t": traced("a")}
    compared = Comparison(old, old, {"t": one}, {"t": other}, {"t": third})
    assert compared.different() == []
    assert Comparison(old, old, {"t": one}, {"t": other}).different() == ["t"]
