"""Whether code waits for the `AttributeError` that a member of None raises.

Owns finding the `except` or `suppress()` around a use of a client, or around its function's calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._index import named
from sentry_migrate.rules._truth import test_around

CAUGHT = "an `AttributeError` for None may be what the `except` waits for"

_NAMED = re.compile(r"\bAttributeError\b")
_BROAD = re.compile(r"\b(?:AttributeError|Exception|BaseException)\b")


def why_caught(context: Context, node: cst.CSTNode) -> str:
    """Why a use of the client is not the same without None; empty if nothing waits for the error.

    Where the function asks whether there is a client, it does not wait for any error.
    """
    function = context.function(node)
    if _catches(context, node, _NAMED if id(function) in _asking(context) else _BROAD):
        return CAUGHT
    if isinstance(function, cst.FunctionDef) and _NAMED.search(context.tree.text):
        for call in _calls(context).named.get(function.name.value, ()):
            if _catches(context, call, _NAMED):
                return CAUGHT
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class _Calls:
    named: dict[str, list[cst.CSTNode]] = field(default_factory=dict)
    """By the last name of what is called."""


def _calls(context: Context) -> _Calls:
    """All calls of the text, looked through once, however many uses ask."""
    known = context.memory.get(_Calls)
    if not isinstance(known, _Calls):
        known = context.memory[_Calls] = _Calls()
        for call in context.tree.by_type.get(cst.Call, ()):
            func = call.func if isinstance(call, cst.Call) else None
            name = func.attr if isinstance(func, cst.Attribute) else func
            if isinstance(name, cst.Name):
                known.named.setdefault(name.value, []).append(call)
    return known


def _asking(context: Context) -> set[int]:
    """The functions, by id, that test a hub's client for None or truth."""
    known = context.memory.get(_asking)
    if not isinstance(known, set):
        known = context.memory[_asking] = {
            id(context.function(use.node))
            for trigger in ("Hub.client", "=Client")
            for use in named(context, trigger)
            if isinstance(use.node, cst.BaseExpression)
            and test_around(context, use.node) is not None
        }
    return known


def _catches(context: Context, node: cst.CSTNode, error: re.Pattern[str]) -> bool:
    """Whether the function holds the node in a `try` or `with` that waits for such an error."""
    at = context.span(node)[0]
    for holder in context.tree.ancestors(node):
        if isinstance(holder, cst.FunctionDef | cst.Lambda):
            return False
        if isinstance(holder, cst.Try | cst.TryStar):
            low, high = context.span(holder.body)
            if low <= at < high and any(
                handler.type is None or error.search(context.code(handler.type))
                for handler in holder.handlers
            ):
                return True
        if isinstance(holder, cst.With) and any(
            "suppress" in (text := context.code(item.item)) and error.search(text)
            for item in holder.items
        ):
            return True
    return False
