"""Which transaction, and which span of it, each payload of a test belongs to.

IDs do not repeat, and neither does the order in which threads send. So a link says what the other
end is called, and nothing of IDs or order. Which events share a trace does not count without a
transaction: in a pool of threads, that depends on which thread takes what.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TRACE = "contexts.trace"
_ELSEWHERE = "a span that was not sent"


@dataclass(frozen=True, slots=True)
class Linked:
    """The IDs in one payload."""

    name: str = ""
    """What it is called in the links of others."""
    trace: str = ""
    span: str = ""
    parent: str = ""
    is_transaction: bool = False
    spans: tuple[tuple[str, str, str], ...] = ()
    """ID, that of the parent, and operation."""


def linked(kind: str, payload: Mapping[str, Any]) -> Linked:
    """The IDs in a payload of an event, transaction, session or headers."""
    name = f"{kind} {payload.get('transaction')!r}" if kind == "transaction" else kind
    trace = (payload.get("contexts") or {}).get("trace") if kind != "headers" else payload
    if not isinstance(trace, Mapping):
        return Linked(name)
    spans = payload.get("spans")
    return Linked(
        name,
        str(trace.get("trace_id") or ""),
        str(trace.get("span_id") or ""),
        str(trace.get("parent_span_id") or ""),
        kind == "transaction",
        tuple(_span(one) for one in spans) if isinstance(spans, list) else (),
    )


def _span(span: Any) -> tuple[str, str, str]:
    known = span if isinstance(span, Mapping) else {}
    span, parent, op = (str(known.get(key) or "") for key in ("span_id", "parent_span_id", "op"))
    return span, parent, op


def links(payloads: Sequence[Linked]) -> Iterator[dict[str, str]]:
    """For each payload of a test where links stand, as places in it, and what they lead to."""
    spans: dict[str, str] = {}
    traces: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in payloads:
        if one.is_transaction:
            traces[one.trace][one.name] += 1
            spans[one.span] = one.name
            spans.update((span, f"{op!r} in {one.name}") for span, _, op in one.spans)
    shared = {trace: _others(names) for trace, names in traces.items()}
    for one in payloads:
        found = {}
        if not one.is_transaction and one.trace in shared:
            found[f"{_TRACE}.of"] = shared[one.trace]
        if not one.is_transaction and one.span in spans:
            found[f"{_TRACE}.in"] = spans[one.span]
        elif one.is_transaction and one.parent:
            found[f"{_TRACE}.parent"] = spans.get(one.parent, _ELSEWHERE)
        here = {span: f"spans[{number}]" for number, (span, _, _) in enumerate(one.spans)}
        for number, (_, parent, _) in enumerate(one.spans):
            if parent and parent != one.span:
                found[f"spans[{number}].parent"] = here.get(parent, _ELSEWHERE)
        yield found


def _others(names: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in sorted(names.items()))
