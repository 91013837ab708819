"""Which methods of its operands an operation calls.

Owns reading that off the syntax (the data model of Python's language reference, "Special method
names"). Refuses to know what the operands are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import libcst as cst

from sentry_migrate.proof.library import (
    COMPARISONS,
    HASHING,
    ITEMS,
    MATCHED,
    OPERATORS,
    REPEATS,
    TAKEN,
    TEXT,
    TRUTH,
)

_SIGNS = ("__invert__", "__neg__", "__pos__")


def iterated(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What the node loops over, or takes apart."""
    if type(node) not in ITERATING:
        return None
    if isinstance(node, cst.For | cst.CompFor):
        return node.iter
    if isinstance(node, cst.StarredElement | cst.StarredDictElement):
        return node.value
    if isinstance(node, cst.Arg) and node.star:
        return node.value
    if isinstance(node, cst.Assign):
        apart = any(isinstance(one.target, cst.Tuple | cst.List) for one in node.targets)
        return node.value if apart else None
    return None


_Operands: TypeAlias = Iterator[tuple[cst.BaseExpression, Sequence[str]]]


def operations(node: cst.CSTNode) -> _Operands:
    """The values that a node operates on, each with the methods that this calls on it."""
    read = _READERS.get(type(node))
    return iter(()) if read is None else read(node)


def _binary(node: cst.BinaryOperation) -> _Operands:
    name = OPERATORS[type(node.operator).__name__]
    yield node.left, (f"__{name}__", *REPEATS.get(name, ()))
    yield node.right, (f"__r{name}__", *TAKEN.get(name, ()))


def _augmented(node: cst.AugAssign) -> _Operands:
    name = OPERATORS[type(node.operator).__name__.removesuffix("Assign")]
    yield node.target, (f"__i{name}__", f"__{name}__", *REPEATS.get(name, ()))
    yield node.value, (f"__r{name}__", *TAKEN.get(name, ()))


def _unary(node: cst.UnaryOperation) -> _Operands:
    yield node.expression, TRUTH if isinstance(node.operator, cst.Not) else _SIGNS


def _comparison(node: cst.Comparison) -> _Operands:
    left = node.left
    for target in node.comparisons:
        hooks = COMPARISONS[type(target.operator).__name__]
        yield left, hooks
        yield target.comparator, hooks
        left = target.comparator


def _left(node: cst.BooleanOperation) -> _Operands:
    yield node.left, TRUTH


def _test(node: cst.If | cst.While | cst.Assert | cst.IfExp | cst.CompIf) -> _Operands:
    yield node.test, TRUTH


def _formatted(node: cst.FormattedStringExpression) -> _Operands:
    yield node.expression, TEXT


def _subscript(node: cst.Subscript) -> _Operands:
    yield node.value, ITEMS
    for part in node.slice:
        if isinstance(part.slice, cst.Index):
            yield part.slice.value, (*HASHING, "__index__")
        elif isinstance(part.slice, cst.Slice):
            for bound in (part.slice.lower, part.slice.upper, part.slice.step):
                if bound is not None:
                    yield bound, ("__index__",)


def _match(node: cst.Match) -> _Operands:
    yield node.subject, MATCHED


def _match_value(node: cst.MatchValue) -> _Operands:
    yield node.value, ("__eq__",)


def _match_class(node: cst.MatchClass) -> _Operands:
    yield node.cls, ("__instancecheck__", "__subclasshook__")


def _guard(node: cst.MatchCase) -> _Operands:
    if node.guard is not None:
        yield node.guard, TRUTH


def _key(node: cst.DictElement) -> _Operands:
    yield node.key, HASHING


def _members(node: cst.Set) -> _Operands:
    for element in node.elements:
        yield element.value, HASHING


_READERS: dict[type[cst.CSTNode], Callable[[Any], _Operands]] = {
    cst.BinaryOperation: _binary,
    cst.AugAssign: _augmented,
    cst.UnaryOperation: _unary,
    cst.Comparison: _comparison,
    cst.BooleanOperation: _left,
    **dict.fromkeys((cst.If, cst.While, cst.Assert, cst.IfExp, cst.CompIf), _test),
    cst.FormattedStringExpression: _formatted,
    cst.Subscript: _subscript,
    cst.Match: _match,
    cst.MatchValue: _match_value,
    cst.MatchClass: _match_class,
    cst.MatchCase: _guard,
    cst.DictElement: _key,
    cst.Set: _members,
}
OPERATING = frozenset(_READERS)
"""The kinds of nodes that `operations` says something of."""
ITERATING = frozenset(
    (
        *(cst.Arg, cst.Assign, cst.CompFor, cst.For),
        *(cst.StarredDictElement, cst.StarredElement),
    )
)
"""The kinds of nodes that `iterated` says something of."""


def is_stored(parent: Callable[[cst.CSTNode], cst.CSTNode | None], node: cst.CSTNode) -> bool:
    """Whether an expression is a target: it gets a value, or is deleted. `parent` tells what holds
    a node."""
    holder = parent(node)
    while isinstance(holder, cst.Element | cst.StarredElement | cst.Tuple | cst.List):
        node, holder = holder, parent(holder)
    if isinstance(holder, cst.For | cst.CompFor | cst.AnnAssign | cst.AugAssign):
        return holder.target is node
    return isinstance(holder, cst.AssignTarget | cst.AsName | cst.Del)
