"""Classes that list the attributes of their instances in `__slots__`, or have it done.

Owns whether an attribute can get a neighbour, and where it is listed.
"""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.bindings import dotted
from sentry_migrate.sdk.value_types import is_nothing

_LISTS = (cst.Tuple, cst.List)


def is_closed(context: Context, place: cst.CSTNode) -> bool:
    """Whether an attribute may be of a class that lists its attributes, where no other can be
    added."""
    if not isinstance(place, cst.Attribute) or not _slots(context):
        return False
    holder = class_of_self(context, place)
    return (holder is None or holder in _slots(context)) and slot_of(context, place) is None


def slot_of(context: Context, place: cst.Attribute) -> cst.SimpleString | None:
    """Where the class of `self` lists this attribute of it."""
    listed = _slots(context).get(holder) if (holder := class_of_self(context, place)) else None
    for one in listed.elements if isinstance(listed, _LISTS) else ():
        if isinstance(one.value, cst.SimpleString) and one.value.raw_value == place.attr.value:
            return one.value
    return None


def class_of_self(context: Context, place: cst.Attribute) -> cst.ClassDef | None:
    """The class whose method has `self.name`."""
    method = context.tree.enclosing(place, cst.FunctionDef)
    around = context.parent(context.parent(method) or method) if method is not None else None
    first = method.params.params[:1] if isinstance(method, cst.FunctionDef) else ()
    known = [one.name.value for one in first] == [context.code(place.value)]
    return around if known and isinstance(around, cst.ClassDef) else None


@remembered
def _slots(context: Context) -> Mapping[cst.ClassDef, cst.CSTNode | None]:
    """The classes that have `__slots__`, and what that is; None where it is not plain."""
    found: dict[cst.ClassDef, cst.CSTNode | None] = {}
    for scope in context.scopes.scopes.values():
        for one in scope.bindings.get("__slots__", ()) if scope.kind == "class" else ():
            assert isinstance(scope.node, cst.ClassDef)
            found[scope.node] = one.value if one.whole and scope.node not in found else None
    for holder in context.tree.nodes(cst.ClassDef):
        if any(_gives_slots(one.decorator) for one in holder.decorators):
            found[holder] = None
    return found


_SLOTTED = frozenset(("define", "frozen", "mutable"))
"""Decorators that give a class slots unless they are told not to."""


def _gives_slots(decorator: cst.BaseExpression) -> bool:
    """Whether a decorator lists a class's fields as its slots, as `@dataclass(slots=True)` does."""
    call = decorator if isinstance(decorator, cst.Call) else None
    name = dotted(call.func if call is not None else decorator).rpartition(".")[2]
    for arg in call.args if call is not None else ():
        if arg.keyword is not None and arg.keyword.value == "slots":
            return not is_nothing(arg.value)
    return name in _SLOTTED
