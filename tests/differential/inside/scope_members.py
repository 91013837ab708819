"""What each member of 1.x's `Scope` does on the scopes of the sentry-sdk on the path.

Reads the members' names, as a list in JSON, from standard input; without any it lists them. Writes
by name and scope what using the member gives and what is sent afterwards, in a form that does not
tell the SDKs apart. Runs in the SDK's own environment; the project is not there.
"""

from __future__ import annotations

import collections
import contextvars
import datetime
import inspect
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import sentry_sdk
import sentry_sdk.api
from sentry_sdk.scope import Scope
from sentry_sdk.tracing import Span
from sentry_sdk.transport import Transport

warnings.simplefilter("ignore")

_NOW = datetime.datetime.now(datetime.timezone.utc)
_IDS = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b")
_BAGGAGE = re.compile(r"sentry-(?:trace_id|transaction|sample_rate)=[^,;\"]*")
_EVENT = ("type", "message", "level", "tags", "user", "extra", "breadcrumbs", "fingerprint")
_KEPT = (*_EVENT, "transaction", "transaction_info", "contexts", "exception", "attachments")
_TRACE = ("trace_id", "span_id", "parent_span_id", "op", "public_key")


def _other() -> Any:
    scope = Scope()
    scope.set_tag("given", "scope")
    return scope


def _mark(event: dict[str, Any], *_: object) -> dict[str, Any]:
    event.setdefault("tags", {})["processed"] = "yes"
    return event


ARGUMENTS: dict[str, Callable[[], Any]] = {
    **{name: lambda: "outer" for name in ("key", "name")},
    "value": lambda: "inner",
    "tags": lambda: {"outer": "inner"},
    "event": lambda: {"message": "given"},
    "hint": dict,
    "options": dict,
    "crumb": lambda: {"message": "inner"},
    "message": lambda: "given",
    "error": lambda: ValueError("given"),
    "func": lambda: _mark,
    "scope": _other,
    "environ_or_headers": lambda: {"sentry-trace": f"{'a' * 32}-{'b' * 16}-1"},
    "incoming_data": lambda: {"sentry-trace": f"{'a' * 32}-{'b' * 16}-1"},
    "bytes": lambda: b"given",
    "filename": lambda: "given.txt",
    "client": lambda: sentry_sdk.Hub.current.client,
    "user": lambda: {"id": "inner"},
    "level": lambda: "warning",
    "extras": lambda: {"outer": "inner"},
    "contexts": lambda: {"inner": {"a": 1}},
    "fingerprint": lambda: ["inner"],
}
"""By parameter, what a method is given for it."""

GIVEN = {
    "set_context": ("inner", {"a": 1}),
    "set_level": ("warning",),
    "set_tags": ({"outer": "inner"},),
    "set_user": ({"id": "inner"},),
    "remove_context": ("outer",),
}
"""By method, what it is given where the parameters' names do not tell."""

MORE = {
    "add_attachment": ("bytes", "filename"),
    "add_breadcrumb": ("crumb",),
    "capture_event": ("client",),
    "capture_exception": ("error", "client"),
    "capture_message": ("client",),
    "generate_propagation_context": ("incoming_data",),
    "update_from_kwargs": ("user", "level", "extras", "contexts", "tags", "fingerprint"),
}
"""Parameters that need not be given, without which nothing is seen of a call."""

CLIENT_TOO = ("get_baggage", "get_traceparent", "iter_trace_propagation_headers")
"""Methods that do something else in 1.x if they are given the client, as the hub's methods do."""

VALUES: dict[str, Callable[[], Any]] = {
    "_attachments": list,
    "_breadcrumbs": lambda: collections.deque([{"message": "inner", "timestamp": _NOW}]),
    "_contexts": lambda: {"inner": {"a": 1}},
    "_error_processors": list,
    "_event_processors": lambda: [_mark],
    "_extras": lambda: {"outer": "inner"},
    "_fingerprint": lambda: ["inner"],
    "_level": lambda: "warning",
    "_profile": lambda: None,
    "_session": lambda: None,
    "_should_capture": lambda: False,
    "_span": lambda: None,
    "_tags": lambda: {"outer": "inner"},
    "_transaction": lambda: "inner",
    "_transaction_info": lambda: {"source": "custom"},
    "_user": lambda: {"id": "inner"},
    "fingerprint": lambda: ["inner"],
    "level": lambda: "warning",
    "profile": lambda: None,
    "span": lambda: None,
    "transaction": lambda: "inner",
    "user": lambda: {"id": "inner"},
}
"""By attribute, what it is set to; those that are not here are only read."""


class Memory(Transport):
    """Keeps what it is given; 1.x calls either method."""

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self.sent: list[Any] = []

    def capture_event(self, event: Any) -> None:
        self.sent.append(event)

    def capture_envelope(self, envelope: Any) -> None:
        for item in envelope.items:
            event = item.get_event() or item.get_transaction_event()
            attached = item.headers.get("filename")
            self.sent.append(event if event is not None else {"attachments": attached or item.type})


def plain(value: Any, deep: int = 0) -> Any:
    """A value in which only what both SDKs mean by it is left."""
    if deep > 8:
        return "..."
    if isinstance(value, Span):
        return f"span {value.op}"
    if isinstance(value, str):
        return " ".join(_BAGGAGE.findall(value)) if "sentry-trace_id=" in value else value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        kept = _TRACE if "trace_id" in value else value
        return {key: plain(value[key], deep + 1) for key in sorted(kept) if key in value}
    if isinstance(value, (list, tuple, collections.deque)) or inspect.isgenerator(value):
        return [plain(one, deep + 1) for one in value]
    return "function" if callable(value) else type(value).__name__


def event(sent: dict[str, Any]) -> Any:
    """What an event says, without what differs from run to run or between SDKs."""
    kept = {key: sent[key] for key in _KEPT if sent.get(key)}
    crumbs = kept.get("breadcrumbs")
    if crumbs:
        values = crumbs["values"] if isinstance(crumbs, dict) else crumbs
        kept["breadcrumbs"] = [one.get("message") for one in values]
    if "exception" in kept:
        kept["exception"] = [one["type"] for one in kept["exception"]["values"]]
    kept["contexts"] = {
        key: one for key, one in kept.get("contexts", {}).items() if key != "runtime"
    }
    return plain(kept)


def labelled(found: Any) -> Any:
    """Random ids by when they are first met; those that a probe gives stay."""
    known: dict[str, str] = {}
    given = {"a" * 32, "b" * 16}
    text = json.dumps(found)
    return json.loads(
        _IDS.sub(
            lambda at: at[0] if at[0] in given else known.setdefault(at[0], f"id {len(known)}"),
            text,
        )
    )


def uses(name: str) -> Iterator[Callable[[Any], Any]]:
    """The ways in which a member is probed."""
    member = inspect.getattr_static(Scope, name)
    if not inspect.isfunction(member):
        yield lambda scope: getattr(scope, name)
        if name in VALUES:
            yield lambda scope: setattr(scope, name, VALUES[name]())
        return
    yield lambda scope: called(scope, name, {})
    if name in CLIENT_TOO or name == "trace_propagation_meta":
        yield lambda scope: called(scope, name, {"client": sentry_sdk.Hub.current.client})


def called(scope: Any, name: str, more: dict[str, Any]) -> Any:
    """What a method gives, and makes of its arguments; a span is active for a moment."""
    arguments = given(name, inspect.getattr_static(Scope, name))
    if name == "add_breadcrumb" and "hub" in places():
        more = {"client": sentry_sdk.Hub.current.client}
    result = getattr(scope, name)(**arguments, **more)
    if isinstance(result, Span):
        with result:
            sentry_sdk.capture_message("within")
    if name.endswith("_to_event"):
        return [plain(result), event(arguments["event"])]
    return plain(result)


def given(name: str, method: Any) -> dict[str, Any]:
    """Arguments for a call."""
    parameters = list(inspect.signature(method).parameters.values())[1:]
    if name in GIVEN:
        return {one.name: value for one, value in zip(parameters, GIVEN[name], strict=False)}
    return {
        one.name: ARGUMENTS[one.name]()
        for one in parameters
        if one.kind is one.POSITIONAL_OR_KEYWORD
        and (one.default is one.empty or one.name in MORE.get(name, ()))
    }


def observed(use: Callable[[Any], Any], where: str, traced: bool) -> Any:
    """What a use gives, and what is sent after it, where data was set and a span may be active."""
    transport = Memory()
    sentry_sdk.init(
        "http://key@localhost/1",
        transport=transport,
        traces_sample_rate=1.0,
        default_integrations=False,
        auto_session_tracking=False,
        max_breadcrumbs=5,
    )
    sentry_sdk.set_tag("outer", "outer")
    sentry_sdk.set_user({"id": "outer"})
    sentry_sdk.set_extra("outer", "outer")
    sentry_sdk.set_context("outer", {"a": 0})
    sentry_sdk.set_level("error")
    sentry_sdk.add_breadcrumb(message="outer")
    sentry_sdk.Hub.current.start_session()
    sentry_sdk.capture_message("before")
    found: list[Any] = []
    with ExitStack() as stack:
        if traced:
            stack.enter_context(sentry_sdk.start_transaction(name="tx", op="transaction"))
            stack.enter_context(sentry_sdk.start_span(op="span"))
        with ExitStack() as pushed:
            if where == "pushed":
                manager = getattr(sentry_sdk, "new_scope", sentry_sdk.push_scope)
                scope = pushed.enter_context(manager())
            elif where == "hub":
                scope = sentry_sdk.Hub.current.scope
            else:
                scope = getattr(Scope, f"get_{where}_scope")()
            try:
                found.append(plain(use(scope)))
            except Exception as error:
                found.append(f"raises {type(error).__name__}")
            sentry_sdk.capture_message("in")
        sentry_sdk.capture_exception(ValueError("after"))
    sentry_sdk.Hub.current.end_session()
    found.extend(map(event, transport.sent))
    return labelled(found)


def places() -> tuple[str, ...]:
    """The scopes that this SDK has."""
    two = hasattr(Scope, "get_isolation_scope")
    return ("current", "isolation", "pushed") if two else ("hub", "pushed")


def report(name: str) -> dict[str, Any]:
    """By scope, what each use does there, and the scope of the function of that name, if that is
    the current one; None for a member that this SDK lacks."""
    if not hasattr(Scope, name):
        return dict.fromkeys((*places(), "function"))
    top = getattr(sentry_sdk.api, name, None)
    current = inspect.isfunction(top) and "get_current_scope()." in inspect.getsource(top)
    return {"function": "current" if current else None} | {
        where: [
            [contextvars.Context().run(observed, use, where, traced) for traced in (False, True)]
            for use in uses(name)
        ]
        for where in places()
    }


def nothing(scope: Any) -> None:
    """What a use is compared with that nothing is seen of."""


def members() -> list[str]:
    """All of them but what every object has."""
    return sorted(set(dir(Scope)) - set(dir(object)) - {"__copy__", "__module__", "__slots__"})


asked = json.loads(sys.stdin.read().strip() or "[]") or members()
answer = {name: report(name) for name in asked}
answer[""] = {
    where: [
        [contextvars.Context().run(observed, nothing, where, traced) for traced in (False, True)]
    ]
    for where in places()
}
json.dump(answer, sys.stdout)
