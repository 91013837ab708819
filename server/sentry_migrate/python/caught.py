"""Which exceptions code is prepared for.

Owns `try` and `suppress()`: what a handler names, and what stands where an exception would reach
it. Knows exceptions by the names they are written with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree

Attempt: TypeAlias = "cst.Try | cst.TryStar | cst.With"

ALL = ("Exception", "BaseException")
"""What is caught together with every other exception."""

_ATTEMPTS: tuple[type[cst.CSTNode], ...] = (cst.Try, cst.TryStar, cst.With)


def catches(attempt: Attempt, *errors: str) -> bool:
    """Whether a handler is for one of these exceptions, or names none; whether `suppress()` is."""
    if isinstance(attempt, cst.With):
        return any(name in errors for item in attempt.items for name in _suppressed(item.item))
    return any(
        handler.type is None or any(name in errors for name in _names(handler.type))
        for handler in attempt.handlers
    )


def caught_by(tree: Tree, node: cst.CSTNode, *errors: str) -> Attempt | None:
    """The innermost statement of the same function that catches what `node` raises."""
    at = tree.span(node)[0]
    for holder in tree.holders(node, *_ATTEMPTS, cst.FunctionDef, cst.Lambda):
        if not isinstance(holder, cst.Try | cst.TryStar | cst.With):
            return None
        low, high = tree.span(holder.body)
        if low <= at < high and catches(holder, *errors):
            return holder
    return None


def _suppressed(manager: cst.BaseExpression) -> Iterator[str]:
    if isinstance(manager, cst.Call) and _last(manager.func) == "suppress":
        for arg in manager.args:
            yield from _names(arg.value)


def _names(node: cst.BaseExpression) -> Iterator[str]:
    """The last names of an exception, or of each in a tuple."""
    if isinstance(node, cst.Tuple):
        for element in node.elements:
            yield from _names(element.value)
    else:
        yield _last(node)


def _last(node: cst.BaseExpression) -> str:
    return dotted(node).rpartition(".")[2]
