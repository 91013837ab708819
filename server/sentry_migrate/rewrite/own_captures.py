"""`hub.capture_exception(e)` of a hub that is never active → the same by its client itself.

Processors of all events, such as the one that drops an exception which was sent before, ask the
integrations of the client that is active. In 1.x that was the application's, whichever hub
captured. Owns the form that leaves it so.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import Doubt, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import named
from sentry_migrate.plan import OWN_HUB
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.library_modules import reach_module
from sentry_migrate.sdk.uses import Use

ASKED = differs(
    "an exception that the application captures too is sent once in 1.x, and twice in 2.x: the"
    " integrations of the client are asked that is active, here the hub's own"
)


_STARTS = (
    "with this, the program starts in 2.x, and `Hub(client)`, which stays in {}, takes the place of"
    " its client: all events go where that sends them"
)


def own_hubs(context: Context) -> Iterator[cst.Call]:
    """The calls that make a hub which has a client of its own, or may have."""
    for use in named(context, "sentry_sdk.Hub"):
        hub = context.values.instance(use.call, "Hub")
        if use.call is None or hub is None or hub.origin not in ("client", "given"):
            continue
        if hub.origin == "client" or "hub" not in context.code(use.call.args[0].value).lower():
            yield use.call


def leak(context: Context, stays: cst.Call | None = None) -> Doubt | None:
    """Why code that 2.x refuses is better left: with it, a hub that `stays` here, or in another
    file, never gets to work."""
    line = context.tree.lines.line_of(context.span(stays)[0]) + 1 if stays is not None else 0
    place = f"line {line}" if line else context.elsewhere(OWN_HUB)
    return differs(_STARTS.format(place)) if place else None


class NeedsActive(Exception):
    """A use of the hub has no form unless its scopes are active there."""


def capture(context: Context, fix: FixDraft, made: Use, call: cst.Call, scope: str) -> None:
    """Have the client of `scope` capture what `call`, of a member of a hub, captures. Raises
    NeedsActive where the arguments are not visible, and NoName."""
    member = call.func
    assert isinstance(member, cst.Attribute)
    name, args = member.attr.value, [arg.value for arg in call.args]
    if any(arg.star or arg.keyword is not None for arg in call.args[:1]):
        raise NeedsActive
    opening, closing = context.tree.outer(member)[1], context.span(call)[1] - 1
    end = context.tree.outer(args[0])[1] if args else closing
    tail = f"scope={scope}"
    if name == "capture_exception" and len(args) < 2:
        event = fix.api("utils.event_from_exception", call, made.root)
        error = "" if args else _exc_info(context, fix, made, call)
        if args and not _is_error(context, args[0]):
            error = f" or {_exc_info(context, fix, made, call)}"
        begins = f"*{event}("
        ends = f"{error}, client_options={scope}.client.options), {tail}"
    elif name == "capture_message" and args and (level := _level(context, call)):
        begins, ends = '{"message": ', f', "level": {level}}}, {tail}'
    elif (
        name == "capture_event"
        and 0 < len(args) < 3
        and not any(
            arg.star or (arg.keyword is not None and arg.keyword.value != "hint")
            for arg in call.args
        )
    ):
        begins, ends, end = "", f", {tail}", context.tree.outer(args[-1])[1]
    else:
        raise NeedsActive
    start = context.tree.outer(args[0])[0] if args else closing
    if "#" in context.tree.text[opening:start] + context.tree.text[end:closing]:
        raise NeedsActive
    fix.replace(member, f"{scope}.client.capture_event")
    if start == end:
        fix.edit(start, closing, begins + ends)
        return
    if begins:
        fix.edit(start, start, begins)
    fix.edit(end, closing, ends)


def _level(context: Context, call: cst.Call) -> str:
    """The level of a message; empty where it is not visible, or there are other arguments."""
    rest = call.args[1:]
    if not rest:
        return '"info"'
    only = rest[0] if len(rest) == 1 else None
    if only is None or only.star or not isinstance(only.value, cst.SimpleString):
        return ""
    named = only.keyword is None or only.keyword.value == "level"
    return context.code(only.value) if named else ""


def _is_error(context: Context, node: cst.BaseExpression) -> bool:
    """Whether an expression gives an exception, and never None."""
    bindings = context.scopes.reaching(node) if isinstance(node, cst.Name) else ()
    return bool(bindings) and all(map(_binds_error, bindings))


def _binds_error(binding: Binding) -> bool:
    annotation = binding.node.annotation if isinstance(binding.node, cst.Param) else None
    named = annotation.annotation if annotation is not None else None
    return binding.kind == "except" or (
        isinstance(named, cst.Name) and named.value.endswith(("Error", "Exception"))
    )


def _exc_info(context: Context, fix: FixDraft, made: Use, call: cst.Call) -> str:
    """The exception that is being handled, where `sys` is, or can be, the module."""
    if not reach_module(context, fix, made, call, "sys"):
        raise NeedsActive
    return "sys.exc_info()"
