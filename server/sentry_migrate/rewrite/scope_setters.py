"""Assignments to attributes of a scope: `scope.user = value`."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import Edit

SAME_CALL = "Safe: the same call on the same scope."
CHAINED = "Split the assignment, and call the method for each target."


def is_target(context: Context, use: Use) -> bool:
    """Whether the attribute is assigned to."""
    parent = context.parent(use.node)
    if isinstance(parent, cst.Element):
        holder = context.parent(parent)
        return holder is not None and isinstance(context.parent(holder), cst.AssignTarget)
    return isinstance(parent, cst.AssignTarget) or (
        isinstance(parent, cst.AnnAssign) and parent.target is use.node
    )


def assignment(context: Context, use: Use) -> cst.Assign | None:
    """The statement, where the attribute is its only target."""
    target = context.parent(use.node)
    assign = context.parent(target) if isinstance(target, cst.AssignTarget) else None
    if isinstance(assign, cst.Assign) and len(assign.targets) == 1:
        return assign
    return None


def as_call(context: Context, use: Use, assign: cst.Assign, method: str) -> list[Edit]:
    """`scope.user = value` as `scope.set_user(value)`."""
    assert isinstance(use.node, cst.Attribute)
    start = context.span(use.node.attr)[0]
    value = assign.value
    low, high = context.tree.outer(value)
    bare = isinstance(value, cst.Tuple | cst.Yield)
    if len(value.lpar) == 1 and not bare:
        # The value's own parentheses become the call's.
        return [Edit(start, low, method)]
    opening, closing = ("((", "))") if bare and not value.lpar else ("(", ")")
    return [Edit(start, low, method + opening), Edit(high, high, closing)]
