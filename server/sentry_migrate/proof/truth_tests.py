"""Truth tests and `None` tests around an expression.

Owns finding what asks whether a client is there, and the text that asks 2.x the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.sdk.value_types import is_nothing


@dataclass(frozen=True, slots=True)
class Test:
    """A test of an expression: what to replace, and whether it asks for absence."""

    node: cst.BaseExpression
    negated: bool


def test_around(context: Context, node: cst.BaseExpression) -> Test | None:
    """The test that `node` is the subject of; None when its value is used in another way."""
    parent = context.parent(node)
    if isinstance(parent, cst.NamedExpr) and parent.value is node:
        return test_around(context, parent)
    if isinstance(parent, cst.ComparisonTarget | cst.Comparison):
        return _comparison(context, node, parent)
    if isinstance(parent, cst.Arg):
        call = context.parent(parent)
        if isinstance(call, cst.Call) and context.code(call.func) == "bool" and len(call.args) == 1:
            return Test(call, False)
        return None
    return Test(node, False) if is_tested(context, node) else None


def is_tested(context: Context, node: cst.BaseExpression) -> bool:
    """Whether only the truth of an expression matters."""
    parent = context.parent(node)
    passed: list[int] = []
    while isinstance(parent, cst.BooleanOperation):
        known = _tested(context).get(id(parent))
        if known is not None:
            return _remember(context, passed, known)
        passed.append(id(parent))
        node, parent = parent, context.parent(parent)
    return _remember(context, passed, _is_tested(context, node, parent))


def _remember(context: Context, passed: Sequence[int], tested: bool) -> bool:
    """Note the answer for the whole of each `and` and `or`, which many expressions share."""
    _tested(context).update(dict.fromkeys(passed, tested))
    return tested


@remembered
def _tested(context: Context) -> dict[int, bool]:
    """Whether only the truth of an `and` or `or` matters, by its id, as far as that is known."""
    return {}


def _is_tested(context: Context, node: cst.BaseExpression, parent: cst.CSTNode | None) -> bool:
    if isinstance(parent, cst.If | cst.While | cst.Assert | cst.IfExp | cst.CompIf):
        return parent.test is node
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    if isinstance(parent, cst.Arg):
        call = context.parent(parent)
        return (
            isinstance(call, cst.Call) and len(call.args) == 1 and context.code(call.func) == "bool"
        )
    return False


def guards_right(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the expression is the left side of an `and` whose value is used."""
    parent = context.parent(node)
    return (
        isinstance(parent, cst.BooleanOperation)
        and parent.left is node
        and isinstance(parent.operator, cst.And)
    )


def _comparison(
    context: Context, node: cst.BaseExpression, parent: cst.Comparison | cst.ComparisonTarget
) -> Test | None:
    if not isinstance(parent, cst.Comparison) or parent.left is not node:
        return None
    if len(parent.comparisons) != 1:
        return None
    target = parent.comparisons[0]
    if not isinstance(target.comparator, cst.Name) or target.comparator.value != "None":
        return None
    if not is_nothing(target.comparator):
        return None
    if isinstance(target.operator, cst.Is | cst.Equal):
        return Test(parent, True)
    if isinstance(target.operator, cst.IsNot | cst.NotEqual):
        return Test(parent, False)
    return None


def negation(context: Context, test: Test, text: str) -> str:
    """`not text` for a negated test, in parentheses where `not` would not bind as wanted."""
    if not test.negated:
        return text
    parent = context.parent(test.node)
    tight = isinstance(
        parent,
        cst.Comparison | cst.ComparisonTarget | cst.BinaryOperation | cst.Await | cst.Attribute,
    )
    return f"(not {text})" if tight and not test.node.lpar else f"not {text}"
