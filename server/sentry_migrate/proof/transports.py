"""What transports of the project do when an event is sent, besides sending it.

A transport runs where the event is captured, with the scope that is current there. Owns which
methods are meant, by the names under which the SDK calls them (`sentry_sdk/transport.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.proof.classes import Classes
from sentry_migrate.proof.data_types import is_data
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.executed import executed

_METHODS = ("capture_envelope", "capture_event")
"""What the SDK calls at once; the rest of a transport runs in a thread of its own."""


def acting_while_sending(context: Context) -> Iterator[cst.FunctionDef]:
    """The methods that may do more than keep what they are given, or pass it to the SDK."""
    effects = Effects.of(context)
    for name in _METHODS:
        for member in Classes.of(context).members(name):
            method = member.node
            if member.kind == "method" and isinstance(method, cst.FunctionDef):
                parts = executed(method.body)
                if any(effects.node(part) for part in parts if not _sends(context, part)):
                    yield method


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
        return func.attr.value in _METHODS and _sends(context, owner)
    if not isinstance(owner, cst.Attribute) or func.attr.value not in ("append", "add"):
        return False
    stored = [value for _, value in context.scopes.attributes.get(owner.attr.value, ())]
    return bool(stored) and all(one is not None and is_data(context, one) for one in stored)
