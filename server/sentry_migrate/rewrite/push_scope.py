"""Rewriting `push_scope()` as a context manager, however it is reached.

Owns choosing between `new_scope()` and `isolation_scope()`. The rules for the function and for the
method of a hub share it.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from sentry_migrate import doubts
from sentry_migrate.doubts import (
    BLOCK_RUNS_OTHER_CODE,
    FORKS_ISOLATION,
    GENERATOR_CONTEXT,
    LATER_LOOKUP,
    ONE_CLIENT,
    SHARED_HUB_TASKS,
    SPAN_FROM_OUTSIDE,
    Doubt,
)
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand, unspelled
from sentry_migrate.kit.index import calling
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import LAST_EVENT_ID
from sentry_migrate.project.plan_words import TASKS
from sentry_migrate.project.sdk_members import SPANS
from sentry_migrate.proof.entered_generators import stays_in_context
from sentry_migrate.proof.executed import Inner, awaits, own, pushed_body
from sentry_migrate.proof.hub_activation import binds_between
from sentry_migrate.proof.scope_blocks import obstacle_or_doubt
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.scope_uses import doubts_of, overriding, route, uncalled, variable_of
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.names import CAPTURES, PUSHES
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

Fork = Literal["new_scope", "isolation_scope"]
FORKS: tuple[Fork, ...] = ("new_scope", "isolation_scope")

_UNSEEN = LATER_LOOKUP.about(
    "the call isn't visible here: 1.x pushes the scope when called, 2.x when entered"
)
_STARTS = SHARED_HUB_TASKS.about(
    "the block starts a task, or copies the context for what runs later; what that sets after the "
    "block is kept for other code in 1.x only, and what it sends has the block's data in 2.x only"
)
_HOLDERS = (
    *(cst.Arg, cst.Assign, cst.AnnAssign, cst.Return, cst.Param, cst.Lambda, cst.IfExp),
    *(cst.Element, cst.DictElement, cst.NamedExpr),
)
"""What has a value for code elsewhere to call."""
_STARTED = SPAN_FROM_OUTSIDE.about(
    "the block enters a span started outside it, which 2.x sets on the outer scope"
)
BINDS = ONE_CLIENT.about("1.x binds the client for this block only, 2.x also for what follows")
_NOT_KEPT = (
    "Enter `isolation_scope()` in a `with` statement, or in an `ExitStack` that is closed where "
    "the scope was popped. No automatic fix: in 2.x the scope ends at once here, as nothing keeps "
    "what `isolation_scope()` gives."
)


def push(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `push_scope()` as a context manager."""
    call = use.call
    if call is None:
        yield from _passed_on(context, use)
        return
    body = pushed_body(context, call)
    holder = context.parent(call)
    if isinstance(holder, cst.Expr):
        return  # a bare call is push-scope-without-with's
    if isinstance(holder, cst.Attribute) and holder.attr.value == "__enter__":
        yield context.finding(use, remedy=_NOT_KEPT)
        return
    best = push_fork(context, use, call)
    other: Fork = "isolation_scope" if best == "new_scope" else "new_scope"
    main = push_fix(context, use, call, best)
    if main is not None and not _is_entered(context, call):
        main.unsafe(LATER_LOOKUP)
    alternative = push_fix(context, use, call, other)
    if alternative is not None:
        if other == "isolation_scope":
            alternative.unsafe(FORKS_ISOLATION)
        elif not body:
            alternative.unsafe(BLOCK_RUNS_OTHER_CODE)
        elif why := obstacle_or_doubt(context, body, call)[0]:
            alternative.unsafe(BLOCK_RUNS_OTHER_CODE.about(why))
    remedy = unspelled(context, use) if main is None else ""
    yield context.finding(use, main, [alternative] if alternative else [], remedy)


def push_fork(context: Context, use: Use, call: cst.Call) -> Fork:
    """The context manager that keeps what the block does."""
    body = pushed_body(context, call)
    simple = bool(body) and not obstacle_or_doubt(context, body, call)[0]
    return "new_scope" if simple else "isolation_scope"


def _passed_on(context: Context, use: Use) -> Iterator[Draft]:
    """The finding for the function itself, given to code that calls it."""
    node = use.node
    if (
        use.trigger != "sentry_sdk.push_scope"
        or not isinstance(node, cst.BaseExpression)
        or not isinstance(context.parent(node), _HOLDERS)
        or test_around(context, node) is not None
    ):
        yield from uncalled(context, use)
        return
    fix = context.fix("Replace with `isolation_scope`").unsafe(_UNSEEN).unsafe(FORKS_ISOLATION)
    try:
        fix.replace(node, fix.api("isolation_scope", use))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
    else:
        yield context.finding(use, fix)


def push_fix(context: Context, use: Use, call: cst.Call, fork: Fork) -> FixDraft | None:
    """Replace the function's name; route the yielded scope if it becomes an isolation scope."""
    fix = context.fix(f"Replace with `{fork}()`")
    try:
        low, high = context.span(call)
        fix.edit(low, high, fix.api(fork, use) + "()")
        for doubt in (*doubts_of(context, variable_of(context, call)), _started(context, call)):
            fix.unsafe(doubt)
        if fork == "isolation_scope":
            routed = variable_of(context, call).routed
            route(context, fix, routed)
            for doubt in (*isolation_doubts(context, call), *overriding(context, routed)):
                fix.unsafe(doubt)
        elif body := pushed_body(context, call):
            fix.unsafe(obstacle_or_doubt(context, body, call)[1])
    except NoName:
        return None
    return fix


@dataclass(slots=True, eq=False)
class _Facts:
    """What runs with a pushed scope."""

    yields: bool = False
    awaits: bool = False
    starts: bool = False
    """Whether a task is started, which may go on after the block."""
    taken: int = sys.maxsize
    """Where the first of the spans is made that are entered and have a scope of their own."""


@remembered
def _facts(context: Context, call: cst.Call) -> _Facts:
    facts = _Facts()
    for node in own(context, pushed_body(context, call)):
        if isinstance(node, Inner):
            inner = _facts(context, node.call)
            facts.yields |= inner.yields
            facts.awaits |= inner.awaits
            facts.starts |= inner.starts
            facts.taken = min(facts.taken, inner.taken)
            continue
        facts.yields |= isinstance(node, cst.Yield)
        facts.awaits |= awaits(node)
        facts.starts |= _starts_task(node)
        if isinstance(node, cst.Name | cst.Attribute) and _is_entered(context, node):
            facts.taken = min(facts.taken, _taken(context, node))
    return facts


def _starts_task(node: cst.CSTNode) -> bool:
    """Whether a node calls what starts a task, has the event loop call something later, or keeps
    the context."""
    return isinstance(node, cst.Call) and dotted(node.func).rpartition(".")[2] in TASKS


def _taken(context: Context, node: cst.BaseExpression) -> int:
    """Where a span is made that is entered at `node`; past all code if it needs no care."""
    span = context.value(node)
    if not isinstance(span, Obj) or span.type not in SPANS:
        return sys.maxsize
    made = span.node
    if not isinstance(made, cst.Call):
        return -1
    if span.origin == "made" or context.code(made.func).endswith(("_child", "new_span")):
        return sys.maxsize  # has no scope of its own, and enters on the current one
    return context.span(made)[0]


def _started(context: Context, call: cst.Call) -> Doubt | None:
    """Why spans that the block enters keep any fork of a scope from being proved."""
    body = pushed_body(context, call)
    return _STARTED if body and _facts(context, call).taken < context.span(body[0])[0] else None


def _is_entered(context: Context, node: cst.CSTNode) -> bool:
    by_with = isinstance(context.parent(node), cst.WithItem)
    return by_with or entering(context.tree, node) is not None


def isolation_doubts(context: Context, call: cst.Call) -> Iterator[Doubt]:
    """What keeps `isolation_scope()` from being proved for a pushed scope."""
    facts = _facts(context, call)
    body = pushed_body(context, call)
    if not body:
        yield BLOCK_RUNS_OTHER_CODE
    if facts.yields and not stays_in_context(context, call, awaits=False):
        yield GENERATOR_CONTEXT
    if facts.awaits:
        yield SHARED_HUB_TASKS
    elif facts.starts:
        yield _STARTS
    if body and _binds(context, body):
        yield BINDS
    if _sees_after(context, call):
        yield doubts.LAST_EVENT_ID
    else:
        asked = context.elsewhere(LAST_EVENT_ID)
        if asked:
            last = doubts.LAST_EVENT_ID
            yield last.about(f"{last.reason}, which {asked} may ask for")


@dataclass(frozen=True, slots=True, eq=False)
class _LastEvents:
    """Where the id of the last event is asked for, and where events are captured, by position."""

    asked: list[int] = field(default_factory=list)
    captured: list[int] = field(default_factory=list)
    in_function: list[int] = field(default_factory=list)
    """Those of `asked` that are in a function."""


@remembered
def _last_events(context: Context) -> _LastEvents:
    found = _LastEvents()
    for use in context.uses:
        if use.calls(CAPTURES):
            found.captured.append(use.start)
        if use.trigger.endswith("last_event_id") and use.call is not None:
            found.asked.append(use.start)
            if context.function(use.node) is not context.tree.module:
                found.in_function.append(use.start)
    return found


def _binds(context: Context, body: Sequence[cst.CSTNode]) -> bool:
    low, high = context.span(body[0])[0], context.span(body[-1])[1]
    return binds_between(context, context.function(body[0]), low, high)


def _sees_after(context: Context, call: cst.Call) -> bool:
    """Whether the id that is asked for somewhere may be that of an event that the block sent."""
    events = _last_events(context)
    if not events.asked:
        return False
    block = context.parent(context.parent(call) or call)
    low, high = context.span(block) if isinstance(block, cst.With) else context.span(call)
    inside = bisect_left(events.asked, low)
    if inside < len(events.asked) and events.asked[inside] < high:
        # Inside the block it is, if the block itself captured before.
        begin = context.span(call)[1]
        captured = bisect_right(events.captured, begin)
        first = events.captured[captured] if captured < len(events.captured) else high
        if events.asked[inside] <= first:
            return True
    if events.asked[-1] >= high or (events.in_function and events.in_function[0] < low):
        return True
    loops = list(context.tree.holders(call, cst.For, cst.While))
    start = context.span(loops[-1])[0] if loops else low
    return bisect_left(events.asked, start) < inside


def pushed_around(context: Context, use: Use) -> Use | None:
    """The innermost `push_scope()` of the same function whose block the use stands in."""
    function = context.function(use.node)
    for holder in context.tree.holders(use.node, cst.With, type(function)):
        if holder is function:
            return None
        if not isinstance(holder, cst.With):
            continue
        for item in holder.items:
            for other in calling(context, item.item):
                if other.trigger in PUSHES:
                    return other if context.span(item)[1] < use.start else None
    return None
