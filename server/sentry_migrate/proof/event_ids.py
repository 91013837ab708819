"""Where the id of the last event is asked for, and whether the function of 2.x knows it there."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from sentry_migrate.doubts import LAST_EVENT_ID, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import HUB_EVENT_ID
from sentry_migrate.proof.call_graph import Moments
from sentry_migrate.sdk.names import CAPTURES, PUSHES
from sentry_migrate.sdk.uses import Use

_HUB = "`hub.last_event_id()`"
_KNOWS = "knows only events captured through the hub; migrate both"
APART = LAST_EVENT_ID.about(f"this file also calls {_HUB}, which {_KNOWS}")


@remembered
def apart(context: Context) -> Doubt | None:
    """Why events of this text cannot be captured in another way: something in the project asks a
    hub for their ids, and the fix of that is not safe. None if nothing does."""
    asks = any(
        not captured_here(context, use) or after_block(context, use)
        for use in named(context, "Hub.last_event_id")
    )
    if asks:
        return APART
    place = context.elsewhere(HUB_EVENT_ID)
    return LAST_EVENT_ID.about(f"{_HUB} in {place} {_KNOWS}") if place else None


def captured_here(context: Context, use: Use) -> bool:
    """Whether the event whose id is asked for is captured before it in the same function."""
    return _first_captures(context).get(id(context.function(use.node)), use.start) < use.start


def after_block(context: Context, use: Use) -> bool:
    """Whether a scope was pushed, or a hub activated, before the use in the same function."""
    return _first_blocks(context).get(id(context.function(use.node)), use.start) < use.start


IN_CLONE = LAST_EVENT_ID.about(
    "`last_event_id()` in the block gave None in 1.x until the block captured an event; 2.x gives "
    "the ID of an earlier one"
)


def read_in_clone(context: Context, block: cst.With) -> bool:
    """Whether a block may ask for an ID before it has captured an event."""
    return _asking(context).within(context, block, _first_capture(context, block))


@remembered
def _asking(context: Context) -> Moments:
    triggers = ("sentry_sdk.last_event_id", "Hub.last_event_id")
    return Moments.of(context, (use.node for name in triggers for use in named(context, name)))


def _first_capture(context: Context, block: cst.With) -> int:
    """Where the first statement of the block ends that does nothing but capture an event."""
    statements = block.body.body
    for line in statements:
        if isinstance(line, cst.SimpleStatementLine):
            for statement in line.body:
                value = getattr(statement, "value", None)
                if isinstance(value, cst.Call) and "capture_" in context.values.trigger(value.func):
                    return context.span(line)[1]
    return len(context.tree.text)


_FORKS = (*PUSHES, "sentry_sdk.Hub")


@remembered
def _first_captures(context: Context) -> dict[int, int]:
    return _firsts(context, (use for use in context.uses if use.calls(CAPTURES)))


@remembered
def _first_blocks(context: Context) -> dict[int, int]:
    uses = (use for trigger in _FORKS for use in named(context, trigger))
    return _firsts(
        context,
        (use for use in uses if isinstance(context.parent(use.call or use.node), cst.WithItem)),
    )


def _firsts(context: Context, uses: Iterable[Use]) -> dict[int, int]:
    """Where the first of the uses is in each function, by the function's id."""
    firsts: dict[int, int] = {}
    for use in uses:
        key = id(context.function(use.node))
        firsts[key] = min(use.start, firsts.get(key, use.start))
    return firsts
