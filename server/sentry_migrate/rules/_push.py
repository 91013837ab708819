"""Rewriting `push_scope()` as a context manager, however it is reached.

Owns choosing between `new_scope()` and `isolation_scope()`. The rules for the function and for the
method of a hub share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import libcst as cst

from sentry_migrate.rules._bodies import contains, obstacle
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._index import calling, named, triggers
from sentry_migrate.rules._variables import (
    entered_at,
    reasons_of,
    route,
    uncalled,
    variable_of,
)
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

Fork = Literal["new_scope", "isolation_scope"]

LAST_EVENT = "`last_event_id()` inside the block is not visible after it"


def push(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `push_scope()` as a context manager."""
    call = use.call
    if call is None:
        yield from uncalled(context, use)
        return
    body = pushed_body(context, call)
    holder = context.parent(call)
    if isinstance(holder, cst.Expr):
        return  # a bare call is push-scope-without-with's
    entered = isinstance(holder, cst.WithItem) or entered_at(context, call) is not None
    best = push_fork(context, use, call)
    other: Fork = "isolation_scope" if best == "new_scope" else "new_scope"
    main = push_fix(context, use, call, best)
    if main is not None and not entered:
        main.unsafe("1.x pushes when called, 2.x when entered")
    alternative = push_fix(context, use, call, other)
    if alternative is not None:
        alternative.message += (
            ": also undoes what the block does to the isolation scope"
            if other == "isolation_scope"
            else ": only for data set on the yielded scope"
        )
        why = obstacle(context, body, call) if body else "the block is not in view"
        alternative.unsafe(why if other == "new_scope" else "not needed for this block")
    remedy = "" if main is not None else "`sentry_sdk` means something else here."
    yield context.finding(use, main, [alternative] if alternative else [], remedy)


def pushed_body(context: Context, call: cst.Call) -> Sequence[cst.CSTNode]:
    """What runs with the pushed scope, when it is in view: later `with` items and the body."""
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        if isinstance(block, cst.With):
            index = list(block.items).index(holder)
            return [*block.items[index + 1 :], block.body]
    return ()


def push_fork(context: Context, use: Use, call: cst.Call) -> Fork:
    """The context manager that keeps what the block does."""
    body = pushed_body(context, call)
    simple = bool(body) and not obstacle(context, body, call)
    return "new_scope" if simple else "isolation_scope"


def push_fix(context: Context, use: Use, call: cst.Call, fork: Fork) -> FixDraft | None:
    """Replace the function's name; route the yielded scope if it becomes an isolation scope."""
    fix = context.fix(f"Replace with `{fork}()`")
    try:
        low, high = context.span(call)
        fix.edit(low, high, fix.api(fork, use) + "()")
        variable = variable_of(context, call)
        for reason in reasons_of(variable):
            fix.unsafe(reason)
        if fork == "isolation_scope":
            route(context, fix, variable.routed)
            for reason in isolation_reasons(context, call):
                fix.unsafe(reason)
    except NoName:
        return None
    return fix


def isolation_reasons(context: Context, call: cst.Call) -> Iterator[str]:
    """What keeps `isolation_scope()` from being proved for a pushed scope."""
    body = pushed_body(context, call)
    after = context.span(call)[1]
    if body:
        after = context.span(body[-1])[1]
        if any(contains(part, cst.Yield) for part in body):
            yield "the block yields, and 2.x must leave it in the context it was entered in"
        if any(contains(part, cst.Await) for part in body):
            yield "the block awaits; tasks that share a 1.x hub see each other's scopes, in 2.x not"
    else:
        yield "the code that runs with the scope is not in view"
    for trigger in triggers(context):
        if trigger.endswith("last_event_id"):
            last = named(context, trigger)[-1]
            if last.start > after and last.call is not None:
                yield LAST_EVENT
                return


def pushed_around(context: Context, use: Use) -> Use | None:
    """The innermost `push_scope()` of the same function whose block the use stands in."""
    function = context.function(use.node)
    for holder in context.tree.ancestors(use.node):
        if holder is function:
            return None
        if not isinstance(holder, cst.With):
            continue
        for item in holder.items:
            for other in calling(context, item.item):
                if other.trigger in (
                    "sentry_sdk.push_scope",
                    "Hub.push_scope",
                ):
                    return other if context.span(item)[1] < use.start else None
    return None
