"""What a program did, without what may differ between two runs, and how two such outcomes differ.

Ids become the order in which they first appear, so that who shares a trace, and which span is
whose parent, is compared while the ids are not. Left out is what a rewrite cannot influence: times,
the installed packages, the SDK's name, and the fields that 2.x adds to every event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PROGRAM = "program.py"

TAKEN = (
    "message",
    "level",
    "logger",
    "transaction",
    "transaction_info",
    "user",
    "tags",
    "fingerprint",
    "environment",
    "release",
    "dist",
    "measurements",
    "request",
)
"""Event fields compared as they are."""

SDK_DATA = ("thread.", "profiler", "sentry.", "code.", "server.", "http.response.status_code")
"""Beginnings of span data keys which 2.x sets by itself."""

SDK_CONTEXTS = frozenset({"trace", "runtime", "profile"})

SDK_EXTRA = frozenset({"sys.argv", "celery-job"})
"""2.x filters what the Celery integration notes."""

SDK_SPANS = ("middleware.", "queue.process")
"""Beginnings of the operations of spans which only the integrations of one version make."""

HEX = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
SAMPLE_RAND = re.compile(r",?sentry-sample_rand=[0-9.]+")
"""In the baggage of 2.x."""

DEPRECATION = re.compile("deprecat", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What can be compared, and what the SDK complained about."""

    sent: tuple[Any, ...] = ()
    out: tuple[Any, ...] = ()
    printed: str = ""
    error: str = ""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """Deprecations, as warnings or in the SDK's log, whichever file they are attributed to."""
    own_warnings: tuple[str, ...] = field(default=(), compare=False)
    """Those of `warnings` which Python attributes to the program."""
    internal_errors: tuple[str, ...] = field(default=(), compare=False)
    """What the SDK logged about its own failures."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not (self.sent or self.out or self.printed)


def outcome(raw: Mapping[str, Any]) -> Outcome:
    """The comparable part of one raw record."""
    ids: dict[str, str] = {}
    sent = tuple(
        _anonymous(_sort(_item(record, ids)), ids)
        for record in raw["sent"]
        if record["type"] in ITEMS
    )
    error = raw["error"]
    deprecations = [
        warning
        for warning in raw["warnings"]
        if "Deprecat" in warning["category"]
        and (warning["file"] == PROGRAM or _of_the_sdk(warning["file"], warning["message"]))
    ]
    return Outcome(
        sent=sent,
        out=tuple(_anonymous(value, ids) for value in raw["out"]),
        printed=_anonymous(raw["printed"], ids),
        error=f"{error['type']}: {_anonymous(error['message'], ids)}" if error else "",
        warnings=tuple(
            [f"{warning['file']}: {warning['message']}" for warning in deprecations]
            + [line for line in raw["logged"] if DEPRECATION.search(line)]
        ),
        own_warnings=tuple(
            warning["message"] for warning in deprecations if warning["file"] == PROGRAM
        ),
        internal_errors=tuple(
            line
            for line in raw["logged"]
            if line.startswith(("ERROR", "CRITICAL")) and not DEPRECATION.search(line)
        ),
    )


def _of_the_sdk(file: str, message: str) -> bool:
    return "sentry_sdk" in file or (file.endswith("contextlib.py") and "sentry" in message.lower())


def _alias(kind: str, value: Any, ids: dict[str, str]) -> Any:
    if value is None:
        return None
    key = str(value).replace("-", "")
    if key not in ids:
        number = sum(name.startswith(kind) for name in ids.values()) + 1
        ids[key] = f"{kind} {number}"
    return ids[key]


def _anonymous(value: Any, ids: dict[str, str]) -> Any:
    """Ids in a printed value by their alias; addresses of objects left out."""
    if isinstance(value, str):
        named = HEX.sub(lambda match: str(_alias("id", match.group(), ids)), value)
        return SAMPLE_RAND.sub("", ADDRESS.sub("", named))
    if isinstance(value, list):
        return [_anonymous(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: _anonymous(item, ids) for key, item in value.items()}
    return value


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, {}, [], "")}


def _sort(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sort(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sort(item) for item in value]
    return value


def _event(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    event = record["payload"]
    kind = record["type"]
    contexts = event.get("contexts") or {}
    entry = event.get("logentry") or {}
    extra = event.get("extra") or {}
    return _filled(
        {
            "type": kind,
            "id": _alias("event", event.get("event_id"), ids),
            **_filled({name: event.get(name) for name in TAKEN}),
            **_filled({"message": event.get("message") or entry.get("message")}),
            "params": entry.get("params"),
            "extra": {name: value for name, value in extra.items() if name not in SDK_EXTRA},
            "contexts": {
                name: value for name, value in contexts.items() if name not in SDK_CONTEXTS
            },
            "trace": _trace(kind, contexts.get("trace") or {}, ids),
            "exception": [_exception(value) for value in _values(event.get("exception"))],
            "stack": bool(_values(event.get("threads"))) or None,
            # The breadcrumbs of a transaction are left out by 2.x.
            "breadcrumbs": [_filled(_crumb(crumb)) for crumb in _values(event.get("breadcrumbs"))]
            if kind == "event"
            else None,
            "spans": [
                _span(span, ids)
                for span in event.get("spans") or ()
                if not str(span.get("op")).startswith(SDK_SPANS)
            ],
            "attachments": record.get("attachments"),
        }
    )


def _values(holder: Any) -> list[Any]:
    if isinstance(holder, dict):
        holder = holder.get("values")
    return [value for value in holder or () if value]


def _trace(kind: str, trace: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "trace": _alias("trace", trace.get("trace_id"), ids),
            "span": _alias("span", trace.get("span_id"), ids),
            "parent": _alias("span", trace.get("parent_span_id"), ids),
            "op": trace.get("op"),
            "status": trace.get("status"),
            "description": trace.get("description"),
            **({"tags": trace.get("tags"), "data": _data(trace)} if kind == "transaction" else {}),
        }
    )


def _span(span: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    tags = {name: value for name, value in (span.get("tags") or {}).items() if name != "status"}
    return _filled(
        {
            "span": _alias("span", span.get("span_id"), ids),
            "parent": _alias("span", span.get("parent_span_id"), ids),
            "trace": _alias("trace", span.get("trace_id"), ids),
            "op": span.get("op"),
            "description": span.get("description"),
            "status": span.get("status") or (span.get("tags") or {}).get("status"),
            "tags": tags,
            "data": _data(span),
        }
    )


def _data(span: Mapping[str, Any]) -> dict[str, Any]:
    data = span.get("data") or {}
    return {name: value for name, value in data.items() if not name.startswith(SDK_DATA)}


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    mechanism = value.get("mechanism") or {}
    frames = [
        frame
        for frame in (value.get("stacktrace") or {}).get("frames") or ()
        if str(frame.get("filename", "")).endswith(PROGRAM)
    ]
    return {
        "type": value.get("type"),
        "value": value.get("value"),
        "mechanism": _filled({name: mechanism.get(name) for name in ("type", "handled")}),
        "functions": [frame.get("function") for frame in frames],
        "locals": any("vars" in frame for frame in frames),
    }


def _crumb(crumb: Mapping[str, Any]) -> dict[str, Any]:
    return {name: crumb.get(name) for name in ("message", "category", "level", "type", "data")}


def _session(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    payload = record["payload"]
    return _filled(
        {
            "type": "session",
            "id": _alias("session", payload.get("sid"), ids),
            **{name: payload.get(name) for name in ("init", "status", "errors", "did", "attrs")},
        }
    )


def _sessions(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """Sessions by person. The SDK counts them by minute too, and a run may begin in one minute and
    end in the next."""
    payload = record["payload"]
    counts: dict[Any, Counter[str]] = {}
    for group in payload.get("aggregates") or ():
        ends = {name: value for name, value in group.items() if name not in ("started", "did")}
        counts.setdefault(group.get("did"), Counter()).update(ends)
    aggregates = [_filled({"did": did, **ends}) for did, ends in counts.items()]
    return {"type": "sessions", "aggregates": aggregates, "attrs": payload.get("attrs")}


def _check_in(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    payload = record["payload"]
    taken = ("monitor_slug", "status", "environment", "monitor_config")
    return _filled(
        {
            "type": "check_in",
            "id": _alias("check-in", payload.get("check_in_id"), ids),
            **{name: payload.get(name) for name in taken},
        }
    )


def _metrics(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    return {"type": record["type"]}


ITEMS = {
    "event": _event,
    "transaction": _event,
    "session": _session,
    "sessions": _sessions,
    "check_in": _check_in,
    "statsd": _metrics,
    "trace_metric": _metrics,
}


def _item(record: Mapping[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    return ITEMS[record["type"]](record, ids)


def unlinked(found: Outcome) -> Outcome:
    """The outcome without who shares a trace or is whose child."""
    ids = {"trace", "span", "parent"}

    def strip(item: dict[str, Any]) -> dict[str, Any]:
        if item["type"] == "event":
            return {name: value for name, value in item.items() if name != "trace"}
        spans = [
            {name: value for name, value in span.items() if name not in ids}
            for span in item.get("spans", ())
        ]
        trace = {name: value for name, value in item.get("trace", {}).items() if name not in ids}
        return _filled({**item, "spans": spans, "trace": trace})

    return replace(found, sent=tuple(strip(item) for item in found.sent))


def differences(one: Outcome, other: Outcome) -> tuple[str, ...]:
    """Where two outcomes differ, one line each: `sent[0].tags.a: '1' became nothing`."""
    found: list[str] = []
    for name in ("sent", "out", "printed", "error"):
        found.extend(_compare(name, getattr(one, name), getattr(other, name)))
    return tuple(found)


NOTHING = object()


def _compare(path: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from _compare(f"{path}.{name}", one.get(name, NOTHING), other.get(name, NOTHING))
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for index in range(max(len(one), len(other))):
            yield from _compare(
                f"{path}[{index}]",
                one[index] if index < len(one) else NOTHING,
                other[index] if index < len(other) else NOTHING,
            )
    elif one != other:
        yield f"{path}: {_shown(one)} became {_shown(other)}"


def _shown(value: Any) -> str:
    return "nothing" if value is NOTHING else repr(value)
