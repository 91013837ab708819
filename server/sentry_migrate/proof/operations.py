"""Which methods of its operands an operation calls.

Owns reading that off the syntax (the data model of Python's language reference, "Special method
names"). Refuses to know what the operands are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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


def operations(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, Sequence[str]]]:
    """The values that a node operates on, each with the methods that this calls on it."""
    if isinstance(node, cst.BinaryOperation):
        name = OPERATORS[type(node.operator).__name__]
        yield node.left, (f"__{name}__", *REPEATS.get(name, ()))
        yield node.right, (f"__r{name}__", *TAKEN.get(name, ()))
    elif isinstance(node, cst.AugAssign):
        name = OPERATORS[type(node.operator).__name__.removesuffix("Assign")]
        yield node.target, (f"__i{name}__", f"__{name}__", *REPEATS.get(name, ()))
        yield node.value, (f"__r{name}__", *TAKEN.get(name, ()))
    elif isinstance(node, cst.UnaryOperation):
        yield node.expression, TRUTH if isinstance(node.operator, cst.Not) else _SIGNS
    elif isinstance(node, cst.Comparison):
        left = node.left
        for target in node.comparisons:
            hooks = COMPARISONS[type(target.operator).__name__]
            yield left, hooks
            yield target.comparator, hooks
            left = target.comparator
    elif isinstance(node, cst.BooleanOperation):
        yield node.left, TRUTH
    elif isinstance(node, cst.If | cst.While | cst.Assert | cst.IfExp | cst.CompIf):
        yield node.test, TRUTH
    elif isinstance(node, cst.FormattedStringExpression):
        yield node.expression, TEXT
    elif isinstance(node, cst.Subscript):
        yield node.value, ITEMS
        for part in node.slice:
            if isinstance(part.slice, cst.Index):
                yield part.slice.value, (*HASHING, "__index__")
            elif isinstance(part.slice, cst.Slice):
                for bound in (part.slice.lower, part.slice.upper, part.slice.step):
                    if bound is not None:
                        yield bound, ("__index__",)
    elif isinstance(node, cst.Match):
        yield node.subject, MATCHED
    elif isinstance(node, cst.MatchValue):
        yield node.value, ("__eq__",)
    elif isinstance(node, cst.MatchClass):
        yield node.cls, ("__instancecheck__", "__subclasshook__")
    elif isinstance(node, cst.MatchCase):
        if node.guard is not None:
            yield node.guard, TRUTH
    elif isinstance(node, cst.DictElement):
        yield node.key, HASHING
    elif isinstance(node, cst.Set):
        for element in node.elements:
            yield element.value, HASHING


def is_stored(parent: Callable[[cst.CSTNode], cst.CSTNode | None], node: cst.CSTNode) -> bool:
    """Whether an expression is a target: it gets a value, or is deleted. `parent` tells what holds
    a node."""
    holder = parent(node)
    while isinstance(holder, cst.Element | cst.StarredElement | cst.Tuple | cst.List):
        node, holder = holder, parent(holder)
    if isinstance(holder, cst.For | cst.CompFor | cst.AnnAssign | cst.AugAssign):
        return holder.target is node
    return isinstance(holder, cst.AssignTarget | cst.AsName | cst.Del)
