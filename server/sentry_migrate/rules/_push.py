"""Rewriting `push_scope()` as a context manager, however it is reached.

Owns choosing between `new_scope()` and `isolation_scope()`. The rules for the function and for the
method of a hub share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import libcst as cst

from sentry_migrate.rules._bodies import awaits, executed, obstacle, pushed_body
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
from sentry_migrate.syntax.value_types import Obj

Fork = Literal["new_scope", "isolation_scope"]

LAST_EVENT = "`last_event_id()` inside the block is not visible after it"
_STARTED = "a span started outside the block is entered in it: 2.x sets it on the scope outside"
BINDS = "1.x binds the client inside the block for the block only, 2.x for all that follows"


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
        for reason in (*reasons_of(variable_of(context, call)), *_started(context, call)):
            fix.unsafe(reason)
        if fork == "isolation_scope":
            route(context, fix, variable_of(context, call).routed)
            for reason in isolation_reasons(context, call):
                fix.unsafe(reason)
    except NoName:
        return None
    return fix


def _started(context: Context, call: cst.Call) -> Iterator[str]:
    """What spans that the block enters keep any fork of a scope from being proved."""
    body = pushed_body(context, call)
    for node in (node for part in body for node in executed(part)):
        if not isinstance(node, cst.Name | cst.Attribute) or not _is_entered(context, node):
            continue
        span = context.value(node)
        if not isinstance(span, Obj) or span.type not in ("Span", "Transaction"):
            continue
        made = span.node
        if isinstance(made, cst.Call):
            if span.origin == "made" or context.code(made.func).endswith(("_child", "new_span")):
                continue  # has no scope of its own, and enters on the current one
            if context.span(made)[0] >= context.span(body[0])[0]:
                continue
        yield _STARTED


def _is_entered(context: Context, node: cst.CSTNode) -> bool:
    holder = context.parent(node)
    if isinstance(holder, cst.Arg):
        entering = context.parent(holder)
        return isinstance(entering, cst.Call) and context.code(entering.func).endswith(
            ".enter_context"
        )
    return isinstance(holder, cst.WithItem) and holder.item is node


def isolation_reasons(context: Context, call: cst.Call) -> Iterator[str]:
    """What keeps `isolation_scope()` from being proved for a pushed scope."""
    body = pushed_body(context, call)
    nodes = [node for part in body for node in executed(part)]
    if not body:
        yield "the code that runs with the scope is not in view"
    if any(isinstance(node, cst.Yield) for node in nodes):
        yield "the block yields, and 2.x must leave it in the context it was entered in"
    if any(map(awaits, nodes)):
        yield "the block awaits; tasks that share a 1.x hub see each other's scopes, in 2.x not"
    called = [context.values.trigger(node.func) for node in nodes if isinstance(node, cst.Call)]
    if "sentry_sdk.init" in called or "Hub.bind_client" in called:
        yield BINDS
    if any(_sees_after(context, use, call) for use in _last_events(context)):
        yield LAST_EVENT


def _last_events(context: Context) -> Iterator[Use]:
    for trigger in triggers(context):
        if trigger.endswith("last_event_id"):
            yield from (use for use in named(context, trigger) if use.call is not None)


def _sees_after(context: Context, use: Use, call: cst.Call) -> bool:
    """Whether the id that is asked for may be that of an event that the block sent before."""
    around = context.tree.ancestors(use.node)
    block = context.parent(context.parent(call) or call)
    if block in around:
        # Inside the block it is, if the block itself captured before.
        low = context.span(call)[1]
        return not any(
            low < other.start < use.start and "capture_" in other.trigger for other in context.uses
        )
    if context.function(use.node) is not context.tree.module or use.start > context.span(call)[0]:
        return True
    loops = [holder for holder in around if isinstance(holder, cst.For | cst.While)]
    return any(loop in loops for loop in context.tree.ancestors(call))


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
