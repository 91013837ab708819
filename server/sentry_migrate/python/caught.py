"""Which exceptions code is prepared for.

Owns `try`, `suppress()` and `raises()`: what a handler names, and what stands where an exception
would reach it. Knows exceptions by the names they are written with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree, children

Attempt: TypeAlias = "cst.Try | cst.TryStar | cst.With"

ALL = ("Exception", "BaseException")
"""What is caught together with every other exception."""

RAISES = ("raises", "assertRaises", "assertRaisesRegex")
"""What tests write to say that code raises an exception."""

_ATTEMPTS: tuple[type[cst.CSTNode], ...] = (cst.Try, cst.TryStar, cst.With)


def catches(attempt: Attempt, *errors: str) -> bool:
    """Whether a handler is for one of these exceptions, or names none; whether `suppress()` is."""
    if isinstance(attempt, cst.With):
        return any(name in errors for item in attempt.items for name in _suppressed(item.item))
    return any(
        handler.type is None or any(name in errors for name in exceptions(handler.type))
        for handler in attempt.handlers
    )


def caught_by(tree: Tree, node: cst.CSTNode, *errors: str) -> Attempt | None:
    """The innermost statement of the same function that catches what `node` raises."""
    for attempt in around(tree, node):
        if catches(attempt, *errors) or _leaves_finally(attempt):
            return attempt
    return None


def around(tree: Tree, node: cst.CSTNode) -> Iterator[Attempt]:
    """The statements of the same function that may catch what `node` raises, innermost first."""
    at = tree.span(node)[0]
    for holder in tree.holders(node, *_ATTEMPTS, cst.FunctionDef, cst.Lambda):
        if not isinstance(holder, cst.Try | cst.TryStar | cst.With):
            return
        low, high = tree.span(holder.body)
        if low <= at < high:
            yield holder


def goes_on(attempt: Attempt, *errors: str) -> bool:
    """Whether it catches one of these exceptions, and does not raise again what it caught."""
    if isinstance(attempt, cst.With):
        return catches(attempt, *errors)
    return _leaves_finally(attempt) or any(
        (handler.type is None or any(name in errors for name in exceptions(handler.type)))
        and not _ends(handler.body, cst.Raise)
        for handler in attempt.handlers
    )


def _ends(block: cst.BaseSuite, kind: type[cst.CSTNode]) -> bool:
    """Whether a block ends with such a statement."""
    last = block.body[-1] if block.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, kind)


def _leaves_finally(attempt: Attempt) -> bool:
    """Whether its `finally` returns, which ends every exception."""
    final = None if isinstance(attempt, cst.With) else attempt.finalbody
    waiting: list[cst.CSTNode] = [] if final is None else [final]
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Return):
            return True
        if not isinstance(node, cst.FunctionDef | cst.ClassDef):
            waiting.extend(children(node))
    return False


def _suppressed(manager: cst.BaseExpression) -> Iterator[str]:
    if isinstance(manager, cst.Call):
        name = _last(manager.func)
        given = manager.args if name == "suppress" else manager.args[: name in RAISES]
        for arg in given:
            yield from exceptions(arg.value)


def exceptions(node: cst.BaseExpression) -> Iterator[str]:
    """The last names of an exception, or of each in a tuple."""
    if isinstance(node, cst.Tuple):
        for element in node.elements:
            yield from exceptions(element.value)
    else:
        yield _last(node)


def _last(node: cst.BaseExpression) -> str:
    return dotted(node).rpartition(".")[2]
