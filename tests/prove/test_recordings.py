"""What of a payload counts, what two runs do not repeat, and how two sides differ."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sentry_migrate.prove.recordings import (
    Test as Recorded,
)
from sentry_migrate.prove.recordings import (
    Unsteady,
    by_hand,
    differences,
    equal,
    flat,
    read,
    releases,
    unsteady,
)

GIT = {"type": "subprocess", "category": "subprocess", "message": "git rev-parse HEAD"}
FLAT: dict[str, tuple[Any, dict[str, str]]] = {
    "values by place": (
        {"tags": {"a": 1}, "extra": {"l": ["x", "y"]}},
        {"tags.a": "1", "extra.l[0]": "x", "extra.l[1]": "y"},
    ),
    "no ids, times or SDK": (
        {"event_id": "1", "timestamp": 3, "sdk": {"name": "x"}, "level": "info"},
        {"level": "info"},
    ),
    "nothing empty": ({"user": {}, "tags": None, "message": ""}, {}),
    "false is a value": ({"extra": {"a": False, "b": 0}}, {"extra.a": "false", "extra.b": "0"}),
    "addresses": ({"message": "<a at 0x7f01>"}, {"message": "<a at <address>>"}),
    "frames without their code": (
        {"frames": [{"function": "f", "lineno": 3, "vars": {"scope": "1"}}]},
        {"frames[0].function": "f", "frames[0].lineno": "3", "frames[0].vars.scope": '"1"'},
    ),
    "a tag is a text": ({"tags": {"a": "1", "b": True}}, {"tags.a": "1", "tags.b": "true"}),
    "a text that shows a number is not it": (
        {"extra": {"a": "1", "b": 1, "c": "true", "d": "1 2"}},
        {"extra.a": '"1"', "extra.b": "1", "extra.c": '"true"', "extra.d": "1 2"},
    ),
    "no origin of spans": ({"spans": [{"op": "x", "origin": "manual"}]}, {"spans[0].op": "x"}),
    "an origin elsewhere": ({"extra": {"origin": "x"}}, {"extra.origin": "x"}),
    "no thread of a breadcrumb": (
        {"breadcrumbs": {"values": [{"data": {"thread.name": "x", "thread": "y"}}]}},
        {"breadcrumbs.values[0].data.thread": "y"},
    ),
    "no breadcrumb of Git that the SDK asks": (
        {"breadcrumbs": {"values": [GIT, {"message": "m"}]}},
        {"breadcrumbs.values[0].message": "m"},
    ),
    "nor in what a test leaves": (
        {"breadcrumbs": [{"message": "m"}, GIT]},
        {"breadcrumbs[0].message": "m"},
    ),
    "a breadcrumb of another command of Git": (
        {"breadcrumbs": [{**GIT, "message": "git rev-parse HEAD~1"}]},
        {
            "breadcrumbs[0].type": "subprocess",
            "breadcrumbs[0].category": "subprocess",
            "breadcrumbs[0].message": "git rev-parse HEAD~1",
        },
    ),
    "a breadcrumb by hand that says the same": (
        {"breadcrumbs": [{"message": "git rev-parse HEAD"}]},
        {"breadcrumbs[0].message": "git rev-parse HEAD"},
    ),
    "the same in a list of the user's": (
        {"extra": {"breadcrumbs": [{"category": "subprocess", "message": "git rev-parse HEAD"}]}},
        {
            "extra.breadcrumbs[0].category": "subprocess",
            "extra.breadcrumbs[0].message": "git rev-parse HEAD",
        },
    ),
    "no breadcrumbs that could be read": ({"breadcrumbs": ["m"]}, {"breadcrumbs[0]": "m"}),
    "a thread elsewhere": ({"extra": {"thread.name": "x"}}, {"extra.thread.name": "x"}),
    "frames of a stack": (
        {"stacktrace": {"frames": [{"function": "f", "lineno": 3, "vars": {"scope": "1"}}]}},
        {"stacktrace.frames[0].function": "f", "stacktrace.frames.have_local_variables": "true"},
    ),
    "frames without local variables": (
        {"stacktrace": {"frames": [{"function": "f"}]}},
        {"stacktrace.frames[0].function": "f"},
    ),
    "a UUID is a value": ({"tags": {"a": "0" * 32}}, {"tags.a": "0" * 32}),
    "no frames of the SDK": (
        {"stacktrace": {"frames": [{"module": "sentry_sdk.hub"}, {"module": "app"}]}},
        {"stacktrace.frames[0].module": "app"},
    ),
}


@pytest.mark.parametrize(("payload", "wanted"), FLAT.values(), ids=FLAT)
def test_what_of_a_payload_counts(payload: Any, wanted: dict[str, str]) -> None:
    assert dict(flat(payload)) == wanted


def recorded(*payloads: Any, outcome: str = "passed") -> Recorded:
    return Recorded(outcome, tuple(("event", dict(flat(payload))) for payload in payloads))


A, B = {"message": "a"}, {"message": "b"}
SIDES: dict[str, tuple[Recorded, Recorded, bool]] = {
    "the same": (recorded(A, B), recorded(A, B), True),
    "in another order": (recorded(A, B), recorded(B, A), True),
    "one more": (recorded(A), recorded(A, A), False),
    "one less": (recorded(A, B), recorded(A), False),
    "other tags": (recorded({"tags": {"a": 1}}), recorded({"tags": {"a": 2}}), False),
    "another type": (recorded({"tags": {"a": "1"}}), recorded({"tags": {"a": True}}), False),
    "it fails": (recorded(A), recorded(A, outcome="failed"), False),
    "another kind": (recorded(A), Recorded("passed", (("transaction", A),)), False),
    "nothing, twice": (recorded(), recorded(), True),
}


@pytest.mark.parametrize(("old", "new", "same"), SIDES.values(), ids=SIDES)
def test_sides(old: Recorded, new: Recorded, same: bool) -> None:
    assert equal(old, new, Unsteady()) == same
    assert bool([*differences(old, new, Unsteady())]) != same


def test_a_difference_is_shown_in_the_nearest_payload() -> None:
    old = recorded({"message": "m", "tags": {"a": 1, "b": 2}}, B)
    new = recorded(B, {"message": "m", "tags": {"a": 1, "c": 2}})
    shown = [*differences(old, new, Unsteady())]
    assert shown == ["  event 'm'", "-   tags.b: 2", "+   tags.c: 2"]


def random_tag(value: int) -> Recorded:
    return recorded({"message": "m", "tags": {"random": value, "a": 1}})


def test_what_does_not_repeat_is_not_compared() -> None:
    ignored = unsteady(random_tag(1), random_tag(2))
    assert ignored == Unsteady(places=frozenset({("event", "tags.random")}))
    assert equal(random_tag(1), random_tag(3), ignored)
    assert not equal(random_tag(1), recorded({"message": "m", "tags": {"a": 2}}), ignored)


def order(name: str) -> Recorded:
    return recorded({"message": f"order {name * 32} at 9", "tags": {"order": name * 32}})


def test_uuids_that_do_not_repeat_are_not_compared() -> None:
    ignored = unsteady(order("a"), order("b"))
    assert ignored == Unsteady(ids=True)
    assert equal(order("a"), order("c"), ignored)
    assert not equal(order("a"), recorded({"message": "order", "tags": {"order": "x"}}), ignored)
    assert unsteady(order("a"), order("a")) == Unsteady()
    assert not equal(order("a"), order("c"), Unsteady())


NOT_REPEATED: dict[str, tuple[Recorded, Recorded]] = {
    "how many": (recorded(A), recorded(A, A)),
    "the outcome": (recorded(A), recorded(A, outcome="failed")),
    "the kinds": (recorded(A), Recorded("passed", (("session", A),))),
}


@pytest.mark.parametrize(("one", "other"), NOT_REPEATED.values(), ids=NOT_REPEATED)
def test_a_test_that_proves_nothing(one: Recorded, other: Recorded) -> None:
    assert unsteady(one, other).whole


def spans(*ops: str) -> dict[str, str]:
    return {f"spans[{number}].op": op for number, op in enumerate(ops)}


BY_HAND: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "tags": ({"tags.a": "1"}, {"tags.a": "1"}),
    "the current span": ({"contexts.trace.op": "x", "contexts.mine.op": "x"}, {"contexts.mine.op": "x"}),
    "a context named alike": ({"contexts.traces.op": "x"}, {"contexts.traces.op": "x"}),
    "the request": ({"request.url": "x", "requests": "1"}, {"requests": "1"}),
    "spans of integrations": (spans("db", "db.sql.query", "view.render"), {}),
    "spans by hand": (spans("mine", "dbase"), spans("mine", "dbase")),
    "both": (spans("mine", "http.client", "other"), spans("mine", "other")),
    "whose parent is another of ours": (
        {**spans("mine", "http", "mine"), "spans[1].parent": "spans[0]", "spans[2].parent": "spans[1]"},
        {**spans("mine", "mine"), "spans[1].parent": "spans[0]"},
    ),
    "whose parents are all automatic": (
        {**spans("db", "db", "mine"), "spans[1].parent": "spans[0]", "spans[2].parent": "spans[1]"},
        spans("mine"),
    ),
    "whose parent was not sent": (
        {**spans("mine"), "spans[0].parent": "elsewhere"}, {**spans("mine"), "spans[0].parent": "elsewhere"},
    ),
    "what 2.x says of a logged text": (
        {"logentry.message": "%s", "logentry.formatted": "x", "logentry.formatted2": "y"},
        {"logentry.message": "%s", "logentry.formatted2": "y"},
    ),
    "the same of your own": (
        {"extra.logentry.formatted": "x", "breadcrumbs.values[0].message": "thread.name"},
        {"extra.logentry.formatted": "x", "breadcrumbs.values[0].message": "thread.name"},
    ),
    "a span without an operation": ({"spans[0].status": "ok"}, {"spans[0].status": "ok"}),
}  # fmt: skip


@pytest.mark.parametrize(("payload", "kept"), BY_HAND.values(), ids=BY_HAND)
def test_what_integrations_send(payload: dict[str, str], kept: dict[str, str]) -> None:
    left = {"transaction": "t", "span": "s"}
    test = Recorded(sent=(("headers", {}), ("event", payload), ("state", {"tags.a": "1", **left})))
    assert by_hand(test).sent == (("event", kept),)
    assert by_hand(test, states=True).sent == (("event", kept), ("state", {"tags.a": "1"}))
    assert by_hand(Recorded(sent=(("state", left),)), states=True).sent == ()


def line(**said: Any) -> str:
    return json.dumps({"test": "t", **said})


def test_a_recording_is_read() -> None:
    lines = [
        line(kind="started"),
        line(kind="event", payload={"message": "m"}, attachments=["a.txt 3"]),
        line(kind="ran", fix="f1"),
        line(kind="leak", payload=["tags"]),
        line(kind="warning", payload="old"),
        line(kind="outcome", phase="setup", outcome="passed"),
        line(kind="outcome", phase="call", outcome="failed"),
        line(kind="outcome", phase="teardown", outcome="passed"),
        '{"test": "t", "kind": "eve',  # of a process that was killed
    ]
    found = read("\n".join(lines).encode())["t"]
    assert found.sent == (("event", {"message": "m", "attachments[0]": "a.txt 3"}),)
    assert (found.outcome, found.left, found.warnings) == ("failed", ("tags",), 1)
    assert found.ran == {"f1"}


ENDS: dict[str, tuple[dict[str, str], str]] = {
    "all went well": ({"call": "passed"}, "passed"),
    "it only began": ({"call": ""}, ""),
    "skipped before it was called": ({"call": "", "setup": "skipped"}, "skipped"),
    "failed before it was called": ({"call": "", "setup": "failed"}, "failed"),
    "not afterwards": ({"call": "passed", "teardown": "failed"}, "failed"),
    "by unittest": ({"call": "failed"}, "failed"),
    "skipped": ({"setup": "skipped"}, "skipped"),
    "the process ended": ({}, ""),
}


@pytest.mark.parametrize(("phases", "outcome"), ENDS.values(), ids=ENDS)
def test_how_a_test_ends(phases: dict[str, str], outcome: str) -> None:
    lines = [line(kind="event", payload={})]
    lines += [line(kind="outcome", phase=phase, outcome=one) for phase, one in phases.items()]
    found = read("\n".join(lines).encode())["t"]
    assert (found.outcome, found.is_failure) == (outcome, outcome not in ("passed", "skipped"))


TOLD: dict[str, tuple[list[str], set[str]]] = {
    "sent after it": ([line(kind="ran", fix="f", at=1), line(kind="event", payload={}, at=2)], {"f"}),
    "sent before it": ([line(kind="event", payload={}, at=1), line(kind="ran", fix="f", at=2)], set()),
    "by another process": ([line(kind="event", payload={}, at=3), line(kind="ran", fix="f", at=2)], {"f"}),
    "nothing sent": ([line(kind="ran", fix="f", at=1), line(kind="warning", payload="", at=2)], set()),
    "something is left": (
        [line(kind="ran", fix="f", at=1), line(kind="leak", payload=["tags"], state={"tags": {"a": 1}}, at=2)],
        set(),
    ),
    "it ran twice": (
        [line(kind="ran", fix="f", at=5), line(kind="event", payload={}, at=3), line(kind="ran", fix="f", at=2)],
        {"f"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "told"), TOLD.values(), ids=TOLD)
def test_after_what_something_is_sent(lines: list[str], told: set[str]) -> None:
    found = read("\n".join(lines).encode())["t"]
    assert found.told == told
    assert found.ran == {"f"}


EARLIER: dict[str, tuple[dict[str, Any], set[str]]] = {
    "before": ({"test": "", "at": 1}, {"f"}),
    "later": ({"test": "", "at": 3}, set()),
    "in another test": ({"test": "u", "at": 1}, set()),
    "in the test": ({"test": "t", "at": 1}, set()),
}


@pytest.mark.parametrize(("said", "earlier"), EARLIER.values(), ids=EARLIER)
def test_what_runs_outside_of_tests_before_something_is_sent(
    said: dict[str, Any], earlier: set[str]
) -> None:
    lines = [line(kind="ran", fix="f", **said), line(kind="event", payload={}, at=2)]
    assert read("\n".join(lines).encode())["t"].earlier == earlier


def test_what_a_test_leaves_is_compared() -> None:
    def leaving(**tags: str) -> Recorded:
        said = line(kind="leak", payload=["tags"], state={"tags": tags, "user": None})
        return read(said.encode())["t"]

    assert equal(leaving(a="1"), leaving(a="1"), Unsteady())
    shown = [*differences(leaving(a="1"), leaving(a="2"), Unsteady())]
    assert shown == ["  what the test leaves in the SDK", "-   tags.a: 1", "+   tags.a: 2"]


def test_nothing_recorded_is_nothing() -> None:
    assert read(b"") == {}


RELEASES = {
    "one": (["1.45.1"], {"1.45.1"}),
    "the same twice": (["1.45.1", "1.45.1"], {"1.45.1"}),
    "two": (["1.45.1", "2.0.0"], {"1.45.1", "2.0.0"}),
    "none": ([], set()),
}


@pytest.mark.parametrize(("versions", "wanted"), RELEASES.values(), ids=RELEASES)
def test_releases_that_recorded(versions: list[str], wanted: set[str]) -> None:
    """Another word for a version, of the user's own, is none."""
    said = [{"payload": {"sdk": {"name": "sentry.python", "version": one}}} for one in versions]
    lines = [*said, {"payload": {"extra": {"version": "9"}}}]
    assert releases("\n".join(map(json.dumps, lines)).encode()) == wanted
