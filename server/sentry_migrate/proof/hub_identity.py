"""Where code asks which hub it has. A block without a hub gives another answer."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import HUB_IDENTITY

_FINDS_THE_SAME = "compares hubs, and finds the same hub inside and outside of the block"
_ASKS = frozenset(("hash", "id"))
_LOOKS_UP = frozenset(
    (
        *("add", "count", "discard", "get", "index", "pop", "remove", "setdefault"),
        *("__contains__", "__getitem__", "__setitem__"),
    )
)
"""Methods of containers that compare what they are given."""


@remembered
def compared(context: Context) -> Doubt | None:
    """Why no hub can be given up: something in the project compares hubs."""
    own = next(comparisons(context), None)
    if own is not None:
        line = context.tree.lines.line_of(context.span(own)[0]) + 1
        return differs(f"line {line} {_FINDS_THE_SAME}")
    place = context.elsewhere(HUB_IDENTITY)
    return differs(f"{place} {_FINDS_THE_SAME}") if place else None


def comparisons(context: Context) -> Iterator[cst.CSTNode]:
    """Where a hub is compared with something, or is a key."""
    if "hub" not in context.tree.text.lower():
        return
    for node in context.tree.nodes(cst.Comparison):
        sides = [node.left, *(one.comparator for one in node.comparisons)]
        if not any(_is_none(one) for one in sides) and any(_is_hub(context, one) for one in sides):
            yield node
    for index in context.tree.nodes(cst.Index):
        if _is_hub(context, index.value):
            yield index.value
    for call in context.tree.nodes(cst.Call):
        func = call.func
        asks = isinstance(func, cst.Name) and func.value in _ASKS and len(call.args) == 1
        looks = isinstance(func, cst.Attribute) and func.attr.value in _LOOKS_UP
        if (asks or looks) and call.args and _is_hub(context, call.args[0].value):
            yield call


def _is_hub(context: Context, node: cst.BaseExpression) -> bool:
    return context.values.instance(node, "Hub") is not None


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
