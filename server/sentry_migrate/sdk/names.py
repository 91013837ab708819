"""The names of sentry-sdk 1.45 and 2.x that the value model knows.

Data only: where a name lives, what calling or reading it gives. Sources: both SDKs' modules.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentry_migrate.sdk.changes import reexported

API = frozenset(
    [
        "add_breadcrumb",
        "capture_event",
        "capture_exception",
        "capture_message",
        "configure_scope",
        "continue_trace",
        "flush",
        "get_baggage",
        "get_current_span",
        "get_traceparent",
        "last_event_id",
        "push_scope",
        "set_context",
        "set_extra",
        "set_level",
        "set_measurement",
        "set_tag",
        "set_user",
        "start_span",
        "start_transaction",
        "set_tags",
        "get_client",
        "is_initialized",
        "new_scope",
        "isolation_scope",
        "get_current_scope",
        "get_isolation_scope",
        "get_global_scope",
        "init",
    ]
)
"""Functions of `sentry_sdk.api`, all of them also top-level."""

CAPTURES = {"capture_event": 2, "capture_exception": 1, "capture_message": 2}
"""Functions, and methods of hubs and scopes, that send an event: which positional argument is the
scope, or the client for a method of scopes of 1.x."""

STAR = frozenset(
    [
        "Hub",
        "Scope",
        "Client",
        "Transport",
        "HttpTransport",
        "init",
        "integrations",
        "capture_event",
        "capture_message",
        "capture_exception",
        "add_breadcrumb",
        "configure_scope",
        "push_scope",
        "flush",
        "last_event_id",
        "start_span",
        "start_transaction",
        "set_tag",
        "set_context",
        "set_extra",
        "set_user",
        "set_level",
        "set_measurement",
        "get_current_span",
        "get_traceparent",
        "get_baggage",
        "continue_trace",
        "trace",
    ]
)
"""What `from sentry_sdk import *` binds in 1.45.1."""

STAR_2 = (STAR - {"Hub", "configure_scope", "push_scope"}) | {
    "get_client",
    "get_current_scope",
    "get_global_scope",
    "get_isolation_scope",
    "is_initialized",
    "isolation_scope",
    "new_scope",
    "set_tags",
}
"""What it binds in the 2.x releases that have the name at all."""

IN_BOTH = STAR - {"last_event_id"}
"""Names of the SDK that 1.45.1 and every 2.x have: asking for one tells nothing of the version."""

STARRED: Mapping[str, frozenset[str]] = {
    "sentry_sdk": STAR | STAR_2,
    "sentry_sdk.api": frozenset(
        name for name in STAR | STAR_2 if name.islower() and name != "integrations"
    ),
    "sentry_sdk.hub": frozenset({"Hub", "init"}),
}
"""What a star import binds of the modules that people use it with, in 1.45.1 or in 2.x."""

_HOMES = {
    "sentry_sdk.hub.Hub": "sentry_sdk.Hub",
    "sentry_sdk.hub.init": "sentry_sdk.init",
    "sentry_sdk.scope.Scope": "sentry_sdk.Scope",
    "sentry_sdk.client.Client": "sentry_sdk.Client",
    "sentry_sdk.Transport": "sentry_sdk.transport.Transport",
    "sentry_sdk.HttpTransport": "sentry_sdk.transport.HttpTransport",
    "sentry_sdk.hub.GLOBAL_HUB": "sentry_sdk.Hub.main",
    "sentry_sdk.tracing.trace": "sentry_sdk.trace",
    "sentry_sdk.tracing.start_span": "sentry_sdk.start_span",
    "sentry_sdk.tracing_utils.get_current_span": "sentry_sdk.get_current_span",
}


def canonical(path: str) -> str:
    """The one spelling rules use for a dotted path that starts at `sentry_sdk`."""
    home = _HOMES.get(path)
    if home is not None:
        return home
    head, _, tail = path.rpartition(".")
    if head == "sentry_sdk.api" and tail in API:
        return f"sentry_sdk.{tail}"
    stands_for = reexported(path)
    if stands_for.startswith("sentry_sdk."):
        return canonical(stands_for)
    for prefix, replacement in (
        ("sentry_sdk.hub.Hub.", "sentry_sdk.Hub."),
        ("sentry_sdk.scope.Scope.", "sentry_sdk.Scope."),
    ):
        if path.startswith(prefix):
            return replacement + path[len(prefix) :]
    return path


PUSHES = ("sentry_sdk.push_scope", "Hub.push_scope")
"""How `push_scope()` is reached."""
