"""Assignments to attributes of a scope: `scope.user = value`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.proof.classes import Classes, all_members
from sentry_migrate.rewrite.hub_holders import self_of
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


OWN_METHOD = (
    "The project has its own `{0}()` for this scope, which the assignment doesn't call. Call the "
    "SDK's method: `Scope.{0}(scope, value)`, or, where the project assigns to `Scope.{0}`, the "
    "method that was there before."
)


def has_own(context: Context, use: Use, method: str) -> bool:
    """Whether the scope's class, or one derived from it, has the method itself, or the assignment
    is what a function of that name does."""
    assert isinstance(use.node, cst.Attribute)
    function = context.function(use.node)
    if isinstance(function, cst.FunctionDef) and function.name.value == method:
        if self_of(function) == context.code(use.node.value):
            return True
    classes = Classes.of(context)
    own = classes.of_receiver(use.node.value)
    return own is not None and bool(all_members(classes.family(own)[0], method))


def setter(context: Context, use: Use, method: str) -> Iterator[Draft]:
    """The finding for `scope.user = value`, which is `scope.set_user(value)` by its `method`."""
    assign = assignment(context, use)
    if assign is None:
        if is_target(context, use):
            yield context.finding(use, remedy=CHAINED)
    elif has_own(context, use, method):
        yield context.finding(use, remedy=OWN_METHOD.format(method))
    else:
        fix = context.fix(f"Replace with `{method}()`")
        yield context.finding(use, fix.add(_as_call(context, use, assign, method)))


def _as_call(context: Context, use: Use, assign: cst.Assign, method: str) -> list[Edit]:
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
