"""What transports of the project do when an event is sent, besides sending it.

A transport runs where the event is captured, with the scope that is current there. Owns which
methods are meant, by the names under which the SDK calls them (`sentry_sdk/transport.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.handed_words import OF_TRANSPORTS, SENDING
from sentry_migrate.proof.classes import Classes
from sentry_migrate.proof.data_types import is_data
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.executed import executed
from sentry_migrate.proof.patches import called_by


def acting_while_sending(context: Context) -> Iterator[cst.CSTNode]:
    """The methods that may do more than keep what they are given, or pass it to the SDK, and what
    is put in the place of one, on whatever object."""
    effects = Effects.of(context)
    for name in OF_TRANSPORTS:
        for member in Classes.of(context).members(name):
            method = member.node
            if member.kind == "method" and isinstance(method, cst.FunctionDef):
                parts = executed(method.body)
                if any(effects.node(part) for part in parts if not _sends(context, part)):
                    yield method
    for name in SENDING:
        for target, value in _put(context, name):
            called = [target] if value is None else called_by(context, value)
            if any(map(effects.of_value, called)):
                yield target


def _put(context: Context, name: str) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression | None]]:
    """What gives an attribute of this name another value, with that; None for what is unknown."""
    yield from context.scopes.attributes.get(name, ())
    for put in context.scopes.replaced:
        if put.holder is not None and put.name == name and put.value is not None:
            yield put.node, put.value


def _sends(context: Context, node: cst.CSTNode) -> bool:
    """Whether a node is a part of `super().capture_event(event)`, or of `self.sent.append(event)`
    where that attribute is only ever given lists and the like here."""
    func = node.func if isinstance(node, cst.Call) else None
    if isinstance(func, cst.Name):
        return func.value == "super" and not context.scopes.reaching(func)
    if not isinstance(func, cst.Attribute):
        return False
    owner = func.value
    if isinstance(owner, cst.Call):
        return func.attr.value in OF_TRANSPORTS and _sends(context, owner)
    if not isinstance(owner, cst.Attribute) or func.attr.value not in ("append", "add"):
        return False
    stored = [value for _, value in context.scopes.attributes.get(owner.attr.value, ())]
    return bool(stored) and all(one is not None and is_data(context, one) for one in stored)
