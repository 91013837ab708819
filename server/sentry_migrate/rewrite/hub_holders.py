"""Where a hub that is made is kept: a variable, an attribute of `self`, a parameter.

Owns finding every place of it in a text, or saying why some may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.bindings import Binding


class NoForm(Exception):
    """There is no form for a use of the hub. Its text says for which, to follow "because"."""


Place = cst.Name | cst.Attribute

_REFLECTION = frozenset(
    (
        *("__dict__", "__globals__", "__import__", "__main__", "eval", "exec", "globals"),
        *("import_module", "locals", "modules", "vars"),
    )
)
"""With these, code reaches variables and functions by names that are put together as it runs."""


def holder(context: Context, call: cst.BaseExpression) -> tuple[Place, Sequence[Place]]:
    """What the hub is assigned to that `call` gives, and all other places of it. Raises NoForm."""
    if isinstance(context.parent(call), cst.NamedExpr):
        raise NoForm("it is assigned inside an expression")
    binding = context.scopes.assigned_from(call)
    if binding is not None and binding.scope.kind != "class":
        return _variable(context, binding)
    statement = context.parent(call)
    targets = statement.targets if isinstance(statement, cst.Assign) else ()
    target = targets[0].target if len(targets) == 1 else None
    if isinstance(statement, cst.AnnAssign):
        target = statement.target
    if not isinstance(target, cst.Attribute):
        raise NoForm("the hub is not kept in a variable or an attribute")
    if context.values.instance(target, "Hub") is None:
        raise NoForm("the hub is kept in an attribute of something unknown")
    return target, tuple(_attributes(context, call, target))


def _variable(context: Context, binding: Binding) -> tuple[Place, Sequence[Place]]:
    if len(binding.scope.bindings[binding.name]) > 1:
        raise NoForm(f"`{binding.name}` is assigned more than once")
    if is_reached_by_name(context, binding):
        raise NoForm(f"other code may take `{binding.name}` from here")
    if not isinstance(binding.node, cst.Name):
        raise NoForm("the hub is not kept in a variable or an attribute")
    return binding.node, tuple(context.scopes.possible_reads(binding))


def _attributes(
    context: Context, call: cst.BaseExpression, target: cst.Attribute
) -> Iterator[Place]:
    """The places of an attribute, all of which must hold this hub, or are known to hold another."""
    for one in attributes_by_name(context)[target.attr.value]:
        hub = context.values.instance(one, "Hub")
        if one is target or (hub is None and context.values.trigger(one)):
            continue  # the module `sentry_sdk.hub`
        if hub is None or hub.node is None:
            raise NoForm(f"`{context.code(one)}` may be another hub")
        if hub.node is call:
            yield one
    field = context.values.field_of(target)
    if field is not None and isinstance(field.target, cst.Name):
        yield field.target


@remembered
def attributes_by_name(context: Context) -> Mapping[str, Sequence[cst.Attribute]]:
    """The attributes of the text."""
    found: dict[str, list[cst.Attribute]] = {}
    for one in context.tree.by_type.get(cst.Attribute, ()):
        assert isinstance(one, cst.Attribute)
        found.setdefault(one.attr.value, []).append(one)
    return found


def is_reached_by_name(context: Context, binding: Binding, known: int = 0) -> bool:
    """Whether code may get what a name is bound to without this name being seen in its scope, or in
    other files, of which `known` ones do not count."""
    in_module = binding.scope is context.scopes.module
    return _reflects(context) or (in_module and context.imports.is_interface(binding, known))


@remembered
def _reflects(context: Context) -> bool:
    return any(one.value in _REFLECTION for one in context.tree.nodes(cst.Name))


def is_free(context: Context, name: str, places: Iterable[Place]) -> bool:
    """Whether a name means nothing yet in all these places."""
    members = _members(context)
    return not any(
        name in members or "__slots__" in members or context.scopes.attributes.get(name)
        if isinstance(place, cst.Attribute)
        else context.scopes.lookup(name, context.scopes.scope_of(place))
        for place in places
    )


def is_spelled(context: Context, place: Place) -> bool:
    """Whether a text has the name of an attribute, as `getattr(self, "hub", None)` does."""
    if isinstance(place, cst.Name):
        return False
    name = place.attr.value
    return any(one.raw_value == name for one in context.tree.nodes(cst.SimpleString))


@remembered
def _members(context: Context) -> Collection[str]:
    """What the bodies of the text's classes bind."""
    scopes = context.scopes.scopes.values()
    return {name for scope in scopes if scope.kind == "class" for name in scope.bindings}


def passed_on(context: Context, place: cst.CSTNode) -> NoForm:
    """Why a hub stays that code gets which is not followed."""
    return NoForm(f"`{context.code(place)}` is passed on")
