"""The comparison itself: it refuses rewrites known to be wrong, and accepts what is the same."""

from __future__ import annotations

import pytest

from differential.outcome import Outcome, differences, outcome
from differential.program import SETUPS, programs
from differential.proof import Laboratory, run
from differential.wrong import WRONG, Wrong

ROWS = {program.id: program for program in programs()}


@pytest.mark.network
@pytest.mark.parametrize(
    "wrong", [pytest.param(wrong, id=f"{wrong.program}-{wrong.edits[0][1]}") for wrong in WRONG]
)
def test_a_wrong_rewrite_is_refused(wrong: Wrong, lab: Laboratory) -> None:
    program = ROWS[wrong.program]
    text = program.text
    for old, new in wrong.edits:
        assert old in text
        text = text.replace(old, new)
    compile(text, wrong.program, "exec")
    found = differences(run(lab, lab.old, program), run(lab, lab.new, program, text))
    assert any(wrong.differs in line for line in found), found


@pytest.mark.network
@pytest.mark.parametrize(
    "name", ["configure-scope/transaction-read", "hub/sessions", "flask/error-handler"]
)
def test_one_program_gives_one_outcome(name: str, lab: Laboratory) -> None:
    program = ROWS[name]
    first, second = (
        outcome(lab.old.run(program.text, setup=SETUPS[program.setup])) for _ in range(2)
    )
    assert first == second


@pytest.mark.network
def test_programs_do_not_see_each_other(lab: Laboratory) -> None:
    lab.new.run("import sentry_sdk\nsentry_sdk.set_tag('left', 'behind')\nLEFT = 1\n")
    raw = lab.new.run(
        "import sentry_sdk\nsentry_sdk.init(default_integrations=False)\n"
        "sentry_sdk.capture_message('x')\nout('LEFT' in globals())\n"
    )
    found = outcome(raw)
    assert found.out == (False,)
    assert "tags" not in found.sent[0]


@pytest.mark.network
def test_nothing_leaves_the_process(lab: Laboratory) -> None:
    raw = lab.new.run(
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\n"
        "except OSError as error:\n    out(str(error))\n"
    )
    assert raw["out"] == ["programs have no network"]


@pytest.mark.network
def test_a_deprecation_is_noted_with_its_file(lab: Laboratory) -> None:
    text = "import sentry_sdk\nwith sentry_sdk.configure_scope():\n    pass\n"
    assert len(outcome(lab.new.run(text)).own_warnings) == 1
    assert outcome(lab.old.run(text)).own_warnings == ()


def _sent(**payload: object) -> dict[str, object]:
    return {"sent": [{"type": "event", "payload": payload}], **EMPTY}


EMPTY: dict[str, object] = {
    "out": [],
    "printed": "",
    "error": None,
    "warnings": [],
    "logged": [],
}


def _trace(trace: str, span: str, parent: str | None = None) -> dict[str, object]:
    return {"trace": {"trace_id": trace, "span_id": span, "parent_span_id": parent}}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        pytest.param({"tags": {"a": "1"}}, {"tags": {"a": "2"}}, False, id="tag"),
        pytest.param({"tags": {}}, {"tags": None}, True, id="nothing-is-nothing"),
        pytest.param({"timestamp": "1"}, {"timestamp": "2"}, True, id="time"),
        pytest.param({"event_id": "a" * 32}, {"event_id": "b" * 32}, True, id="event-id"),
        pytest.param({"modules": {"a": "1"}}, {"modules": {}}, True, id="packages"),
        pytest.param({"user": {"id": "1"}}, {}, False, id="user"),
        pytest.param(
            {"contexts": _trace("a" * 32, "b" * 16)},
            {"contexts": _trace("c" * 32, "d" * 16)},
            True,
            id="other-ids-same-shape",
        ),
        pytest.param(
            {"contexts": _trace("a" * 32, "b" * 16)},
            {"contexts": _trace("a" * 32, "b" * 16, "e" * 16)},
            False,
            id="another-parent",
        ),
        pytest.param(
            {"breadcrumbs": {"values": [{"message": "m", "timestamp": "1"}]}},
            {"breadcrumbs": {"values": [{"message": "m", "timestamp": "2"}]}},
            True,
            id="breadcrumb-time",
        ),
        pytest.param(
            {"breadcrumbs": {"values": [{"message": "m"}]}},
            {"breadcrumbs": {"values": []}},
            False,
            id="breadcrumb",
        ),
    ],
)
def test_what_counts_as_the_same(
    one: dict[str, object], other: dict[str, object], equal: bool
) -> None:
    assert (differences(outcome(_sent(**one)), outcome(_sent(**other))) == ()) is equal


def test_a_shared_trace_is_told_from_two_traces() -> None:
    def events(*traces: str) -> Outcome:
        items = [
            {"type": "event", "payload": {"contexts": _trace(trace, "b" * 16)}} for trace in traces
        ]
        return outcome({**EMPTY, "sent": items})

    assert differences(events("a" * 32, "a" * 32), events("c" * 32, "c" * 32)) == ()
    assert differences(events("a" * 32, "a" * 32), events("a" * 32, "c" * 32)) != ()


def test_a_printed_event_id_stands_for_its_event() -> None:
    def printed(event: str, value: str) -> Outcome:
        raw = {**_sent(event_id=event), "out": [value]}
        return outcome(raw)

    assert differences(printed("a" * 32, "a" * 32), printed("b" * 32, "b" * 32)) == ()
    assert differences(printed("a" * 32, "a" * 32), printed("b" * 32, "a" * 32)) != ()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        pytest.param([("8:01", 2)], [("8:01", 1), ("8:02", 1)], True, id="over a minute's end"),
        pytest.param([("8:01", 1)], [("9:30", 1)], True, id="at another time"),
        pytest.param([("8:01", 2)], [("8:01", 1)], False, id="one less"),
        pytest.param([("8:01", 2)], [("8:01", 2), ("8:02", 1)], False, id="one more"),
        pytest.param([("8:01", 1)], [], False, id="none"),
    ],
)
def test_sessions_are_counted_over_minutes(
    one: list[tuple[str, int]], other: list[tuple[str, int]], equal: bool
) -> None:
    def counted(groups: list[tuple[str, int]]) -> Outcome:
        aggregates = [{"started": minute, "exited": number} for minute, number in groups]
        item = {"type": "sessions", "payload": {"aggregates": aggregates}}
        return outcome({**EMPTY, "sent": [item]})

    assert (differences(counted(one), counted(other)) == ()) is equal
