"""Rewrites that look right and are not: the comparison has to refuse each of them.

Their programs are rows of the tables, so that what is refused is a rewrite of something real.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """One edit of one program."""

    program: str
    """The id of the row."""
    edits: tuple[tuple[str, str], ...]
    """Texts in it, and what stands there after the wrong rewrite."""
    differs: str
    """Words in a line of the comparison."""


def _wrong(program: str, differs: str, *edits: tuple[str, str]) -> Wrong:
    dedented = tuple((textwrap.dedent(old), textwrap.dedent(new)) for old, new in edits)
    return Wrong(program, dedented, differs)


NEW_SCOPE = ("push_scope()", "new_scope()")
ISOLATION_SCOPE = ("push_scope()", "isolation_scope()")
CURRENT = (
    "with sentry_sdk.configure_scope() as scope:",
    "if scope := sentry_sdk.get_current_scope():",
)
ISOLATION = (
    "with sentry_sdk.configure_scope() as scope:",
    "if scope := sentry_sdk.get_isolation_scope():",
)
HUB_ISOLATION = ("Hub.current.scope", "sentry_sdk.get_isolation_scope()")

WRONG = (
    # new_scope() around what goes past the scope, or has to hide something
    _wrong("push-scope/top-level-setters", "tags", NEW_SCOPE),
    _wrong("push-scope/top-level-setter-wins", "tags", NEW_SCOPE),
    _wrong("push-scope/breadcrumb-inside", "breadcrumbs", NEW_SCOPE),
    _wrong("push-scope/logging-inside", "breadcrumbs", NEW_SCOPE),
    _wrong("push-scope/clear-inside", "tags", NEW_SCOPE),
    _wrong("push-scope/removers-inside", "extra", NEW_SCOPE),
    _wrong("push-scope/helper-writes-top-level", "extra", NEW_SCOPE),
    _wrong("push-scope/worker-loop", "user", NEW_SCOPE),
    _wrong("push-scope/read-private-state", "out", NEW_SCOPE),
    _wrong("push-scope/continue-trace-inside", "trace", NEW_SCOPE),
    _wrong("push-scope/user-code-inside", "tags", NEW_SCOPE),
    _wrong("asyncio/await-inside-push-scope", "tags", NEW_SCOPE),
    _wrong("flask/push-with-top-level-setter-and-a-later-error", "tags", NEW_SCOPE),
    _wrong(
        "push-scope/configure-scope-inside",
        "tags",
        NEW_SCOPE,
        (
            "with sentry_sdk.configure_scope() as inner:",
            "if inner := sentry_sdk.get_isolation_scope():",
        ),
    ),
    _wrong("push-scope/hub-scope-inside", "tags", NEW_SCOPE, HUB_ISOLATION),
    # isolation_scope() without sending span, transaction and name to the current scope
    _wrong("push-scope/transaction-read", "out", ISOLATION_SCOPE),
    _wrong("push-scope/transaction-name", "transaction", ISOLATION_SCOPE),
    _wrong("push-scope/last-event-id-after-simple-block", "out", ISOLATION_SCOPE),
    # get_current_scope() for a scope that others write, too
    _wrong("configure-scope/later-setter-wins", "tags", CURRENT),
    _wrong("configure-scope/removers", "tags", CURRENT),
    _wrong("configure-scope/clear", "tags", CURRENT),
    _wrong("configure-scope/name-and-tags-mixed", "tags", CURRENT),
    # get_isolation_scope() for span, transaction and name
    _wrong("configure-scope/transaction-read", "transaction", ISOLATION),
    _wrong("configure-scope/span-read", "error", ISOLATION),
    _wrong("configure-scope/transaction-name", "transaction", ISOLATION),
    _wrong("configure-scope/transaction-assigned", "transaction", ISOLATION),
    _wrong("hub/scope-span-and-transaction", "out", HUB_ISOLATION),
    _wrong("wrappers/span-by-hand", "trace", HUB_ISOLATION),
    # a scope that is thrown away, and one that is none
    _wrong(
        "configure-scope/every-setter",
        "tags",
        ("configure_scope()", "isolation_scope()"),
    ),
    _wrong(
        "configure-scope/every-setter",
        "error",
        ("configure_scope()", "get_current_scope()"),
    ),
    # a client that is never None
    _wrong("hub/client-none-tests", "out", ("Hub.current.client", "sentry_sdk.get_client()")),
    _wrong(
        "hub/client-variable-tested",
        "out",
        ("Hub.current.client", "sentry_sdk.get_client()"),
    ),
    # options
    _wrong("enable-tracing/false-and-rate", "out", (" enable_tracing=False,", "")),
    _wrong("enable-tracing/true", "out", (", enable_tracing=True", "")),
    _wrong("with-locals/false", "locals", ("with_locals=False, ", "")),
    _wrong("request-bodies/never", "request", (' request_bodies="never",', "")),
    # spans and measurements
    _wrong(
        "span-description/attribute-stays",
        "description",
        ("span.description =", "span.name ="),
    ),
    _wrong(
        "measurement/transaction",
        "measurements",
        ('set_measurement("memory", 12, "megabyte")', 'set_data("memory", 12)'),
    ),
    # clones
    _wrong(
        "hub-clone/with",
        "tags",
        ("Hub(Hub.current)", "sentry_sdk.new_scope()"),
    ),
    _wrong(
        "hub/sessions-through-a-variable",
        "did",
        ("Hub.current", "sentry_sdk.get_current_scope()"),
    ),
    _wrong(
        "hub/trace-headers",
        "out",
        ("Hub.current", "sentry_sdk.get_isolation_scope()"),
    ),
    _wrong(
        "hub/bind-client-in-a-clone",
        "release",
        ("Hub(Hub.current) as hub", "sentry_sdk.isolation_scope()"),
        ("hub.bind_client", "sentry_sdk.get_global_scope().set_client"),
    ),
    _wrong(
        "hub-clone/handed-to-a-thread-with-a-span",
        "spans",
        ("Hub(Hub.current)", "sentry_sdk.get_isolation_scope().fork()"),
        ("with hub:", "with __import__('sentry_sdk.scope').scope.use_isolation_scope(hub):"),
    ),
    _wrong(
        "scope/capture-with-the-client-detached-among-tags",
        "tags",
        ('"x", client=Hub.current.client', '"x"'),
    ),
    _wrong(
        "threading/propagate-hub-false",
        "tags",
        ("propagate_hub", "propagate_scope"),
    ),
)
