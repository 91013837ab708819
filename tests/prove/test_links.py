"""What links say of payloads that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from sentry_migrate.prove.links import linked, links

Sent = tuple[str, Mapping[str, Any]]


def event(trace: str, span: str = "", parent: str = "") -> Sent:
    known = {"trace_id": trace, "span_id": span, "parent_span_id": parent}
    return "event", {"contexts": {"trace": known}}


def transaction(name: str, trace: str, span: str, *spans: str, parent: str = "") -> Sent:
    """Spans as `ID of parent`."""
    made = [one.split(" of ") for one in spans]
    return "transaction", {
        "transaction": name,
        "contexts": {"trace": {"trace_id": trace, "span_id": span, "parent_span_id": parent}},
        "spans": [{"span_id": one, "parent_span_id": other, "op": f"op {one}"} for one, other in made],
    }  # fmt: skip


def headers(trace: str, span: str) -> Sent:
    return "headers", {"trace_id": trace, "span_id": span}


OF = {"contexts.trace.of": "1 × transaction 'x'"}
IN = {**OF, "contexts.trace.in": "transaction 'x'"}
# what is sent, and the links of each
ROWS: dict[str, tuple[list[Sent], list[dict[str, str]]]] = {
    "no trace": ([("event", {}), ("session", {"status": "ok"})], [{}, {}]),
    "what is no mapping": ([("event", {"contexts": {"trace": "x"}})], [{}]),
    "events alone, of one trace or two": ([event("t"), event("t"), event("u")], [{}, {}, {}]),
    "an event in a transaction": ([event("t", "1"), transaction("x", "t", "1")], [IN, {}]),
    "an event in a span of it": (
        [event("t", "2"), transaction("x", "t", "1", "2 of 1")],
        [{**OF, "contexts.trace.in": "'op 2' in transaction 'x'"}, {}],
    ),
    "an event beside it": ([event("t", "9"), transaction("x", "t", "1")], [OF, {}]),
    "an event after it": ([transaction("x", "t", "1"), event("u", "9")], [{}, {}]),
    "spans in spans": (
        [transaction("x", "t", "1", "2 of 1", "3 of 2", "4 of 7")],
        [{"spans[1].parent": "spans[0]", "spans[2].parent": "a span that was not sent"}],
    ),
    "a transaction that goes on": (
        [transaction("x", "t", "1", "2 of 1"), transaction("y", "t", "5", parent="2")],
        [{}, {"contexts.trace.parent": "'op 2' in transaction 'x'"}],
    ),
    "an event of both": (
        [event("t"), transaction("x", "t", "1"), transaction("y", "t", "5", parent="1")],
        [
            {"contexts.trace.of": "1 × transaction 'x', 1 × transaction 'y'"},
            {},
            {"contexts.trace.parent": "transaction 'x'"},
        ],
    ),
    "a transaction that goes on from outside": (
        [transaction("x", "t", "1", parent="8")],
        [{"contexts.trace.parent": "a span that was not sent"}],
    ),
    "headers of a span": ([headers("t", "1"), transaction("x", "t", "1")], [IN, {}]),
    "headers without a transaction": ([headers("t", "1"), event("t")], [{}, {}]),
}


@pytest.mark.parametrize(("sent", "wanted"), ROWS.values(), ids=ROWS)
def test_links_in_whatever_order(sent: list[Sent], wanted: list[dict[str, str]]) -> None:
    for order in permutations(range(len(sent))):
        found = [*links([linked(*sent[at]) for at in order])]
        assert found == [wanted[at] for at in order]
