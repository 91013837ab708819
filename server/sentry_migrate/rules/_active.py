"""Which hub is active where.

Owns what changes that between two places of one function: `with hub:`, and what a reader of its
lines does not see, a generator that goes on elsewhere. Refuses to know what a hub's members become.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.syntax.value_types import Obj

OTHER_ACTIVE = "another hub is activated around this line"
RESUMED = "a generator may go on where another hub is active than the one that was taken"


def since(context: Context, taken: int, node: cst.CSTNode) -> str:
    """Why another hub may be active at `node` than at the offset `taken` of the same function.

    Empty where nothing tells so.
    """
    if any(context.span(block)[0] > taken for block in activations(context, node)):
        return OTHER_ACTIVE
    for start, end, reason in _switches(context, context.function(node)):
        if taken < start and end <= context.span(node)[0]:
            return reason
    lazy = context.tree.enclosing(node, cst.GeneratorExp)
    return RESUMED if lazy is not None and taken < context.span(lazy)[0] else ""


def activations(context: Context, node: cst.CSTNode) -> list[cst.With]:
    """The `with hub:` blocks of the same function around a node, innermost first."""
    function = context.function(node)
    result = []
    for holder in context.tree.ancestors(node):
        if holder is function:
            break
        if not isinstance(holder, cst.With):
            continue
        ends = [context.span(item)[1] for item in holder.items if activates(context, item.item)]
        # The items after the hub's run with it active, as the body does.
        if ends and min(ends) <= context.span(node)[0]:
            result.append(holder)
    return result


def activates(context: Context, manager: cst.BaseExpression) -> bool:
    """A hub, or `isolation_scope()`, which is what a cloned hub has become."""
    value = context.value(manager)
    return isinstance(value, Obj) and (
        value.type == "Hub" or (value.type, value.origin) == ("Manager", "isolation_scope")
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Switches:
    by_function: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)


def _switches(context: Context, function: cst.CSTNode) -> list[tuple[int, int, str]]:
    """Spans in a function after which another hub may be active, and why."""
    known = context.memory.get(_Switches)
    if not isinstance(known, _Switches):
        known = context.memory[_Switches] = _Switches()
        for node, reason in _everywhere(context):
            inside = known.by_function.setdefault(id(context.function(node)), [])
            inside.append((*context.span(node), reason))
    return known.by_function.get(id(function), [])


def _everywhere(context: Context) -> Iterator[tuple[cst.CSTNode, str]]:
    for node in context.tree.by_type.get(cst.Yield, ()):
        yield node, RESUMED
    for call in context.tree.by_type.get(cst.Call, ()):
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
            called = call.func.attr.value
            if called == "__enter__" and activates(context, call.func.value):
                yield call, OTHER_ACTIVE
            elif called == "enter_context" and call.args:
                if activates(context, call.args[0].value):
                    yield call, OTHER_ACTIVE
