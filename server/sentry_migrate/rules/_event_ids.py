"""Where the id of the last event is asked for, and whether the function of 2.x knows it there."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._index import named
from sentry_migrate.syntax.uses import Use

APART = (
    "`hub.last_event_id()` is asked for in this file, and does not know of events that are not "
    "captured through the hub: both have to change"
)


def apart(context: Context) -> str:
    """Why events of this text cannot be captured in another way: something asks a hub for their
    ids, and the fix of that is not safe. Empty if nothing does."""
    for use in named(context, "Hub.last_event_id"):
        if not captured_here(context, use) or after_block(context, use):
            return APART
    return ""


def captured_here(context: Context, use: Use) -> bool:
    """Whether the event whose id is asked for is captured before it in the same function."""
    function = context.function(use.node)
    return any(
        other.start < use.start
        and other.call is not None
        and "capture_" in other.trigger
        and context.function(other.node) is function
        for other in context.uses
    )


def after_block(context: Context, use: Use) -> bool:
    """Whether a scope was pushed, or a hub activated, before the use in the same function."""
    function = context.function(use.node)
    return any(
        other.start < use.start
        and context.function(other.node) is function
        and (
            other.trigger in ("sentry_sdk.push_scope", "Hub.push_scope", "sentry_sdk.Hub")
            and isinstance(context.parent(other.call or other.node), cst.WithItem)
        )
        for other in context.uses
    )
