"""What a text gives the names of its classes and of their instances.

A method of another file, which such a class is derived from, may call it by that name. Owns finding
it. Refuses to know who is derived from what.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.plan import later_key
from sentry_migrate.project.plan_words import ASSIGNED, OVERRIDES
from sentry_migrate.proof.classes import Classes
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.patches import called_by


def assigned(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for that reason, and where. On an instance that is not
    the method's own it counts for whatever class."""
    effects, classes = Effects.of(context), Classes.of(context)
    for one in classes.by_node.values():
        for name, members in one.members.items():
            if one.node.bases:
                yield OVERRIDES + name, members[0].node
            for member in members:
                if member.kind == "value" and effects.of_value(member.node):
                    yield ASSIGNED + name, member.node
    for name, target, value in _stored(context):
        called = [target] if value is None else called_by(context, value)
        if any(map(effects.of_value, called)):
            own = classes.of_receiver(target) if isinstance(target, cst.Name) else None
            yield later_key(f".{name}") if own is None else ASSIGNED + name, target


_STORING = (cst.AnnAssign, cst.Assign, cst.AugAssign, cst.For, cst.With)


def _stored(
    context: Context,
) -> Iterator[tuple[str, cst.BaseExpression, cst.BaseExpression | None]]:
    """By name, what has the attribute and what it gets; None for what is not known."""
    for name, stored in context.scopes.attributes.items():
        for target, _ in stored:
            statement = context.tree.enclosing(target, *_STORING)
            if isinstance(statement, cst.Assign | cst.AnnAssign):
                yield name, target.value, statement.value
            elif not isinstance(statement, cst.AugAssign):
                yield name, target.value, None
    for put in context.scopes.replaced:
        if put.holder is not None and put.name and put.value is not None:
            yield put.name, put.holder, put.value
