"""Where a hub that is made is kept: a variable, an attribute of `self`, a parameter.

Owns finding every place of it in a text, or saying why some may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.bindings import Binding, dotted, first_name
from sentry_migrate.rewrite.arguments import keyword


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


def holder(context: Context, call: cst.Call) -> tuple[Place, Sequence[Place]]:
    """What the hub is assigned to that `call` makes, and all other places of it. Raises NoForm."""
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


def _attributes(context: Context, call: cst.Call, target: cst.Attribute) -> Iterator[Place]:
    """The places of an attribute, all of which must hold this hub, or are known to hold another."""
    for one in _attributes_by_name(context)[target.attr.value]:
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
def _attributes_by_name(context: Context) -> Mapping[str, Sequence[cst.Attribute]]:
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
    return not any(
        context.scopes.attributes.get(name)
        if isinstance(place, cst.Attribute)
        else context.scopes.lookup(name, context.scopes.scope_of(place))
        for place in places
    )


def passed_on(context: Context, place: Place) -> NoForm:
    """Why a hub stays that code gets which is not followed."""
    return NoForm(f"`{context.code(place)}` is passed on")


def received(context: Context, place: Place) -> cst.Param:
    """The parameter that gets what is passed on in this place, to a function of this text that is
    used nowhere else: by a call, or by a thread that runs it. Raises NoForm."""
    name, index = _called(context, place)
    bindings = context.scopes.reaching(name) if isinstance(name, cst.Name) else ()
    function = bindings[0].node if len(bindings) == 1 else None
    if (
        not isinstance(name, cst.Name)
        or not isinstance(function, cst.FunctionDef)
        or list(context.scopes.reads_of_definition(function)) != [name]
        or bindings[0].scope.kind == "class"
        or is_reached_by_name(context, bindings[0])
        or function.decorators
    ):
        raise passed_on(context, place)
    params = [*function.params.posonly_params, *function.params.params]
    if index >= len(params) or params[index].default is not None:
        raise passed_on(context, place)
    return params[index]


def _called(context: Context, place: Place) -> tuple[cst.CSTNode | None, int]:
    """What is called with a place as its argument, and which argument that is."""
    holder = context.parent(place)
    if isinstance(holder, cst.Element):
        given = context.parent(holder)
        arg = context.parent(given) if given is not None else None
        call = context.parent(arg) if isinstance(arg, cst.Arg) else None
        if (
            isinstance(given, cst.Tuple)
            and isinstance(call, cst.Call)
            and _is_thread(context, call)
        ):
            target = keyword(call, "target")
            if arg is keyword(call, "args") and target is not None:
                return target.value, _position(given.elements, holder)
    elif isinstance(holder, cst.Arg) and holder.keyword is None and not holder.star:
        call = context.parent(holder)
        if isinstance(call, cst.Call):
            return call.func, _position(call.args, holder)
    raise passed_on(context, place)


def _position(all_: Sequence[cst.CSTNode], one: cst.CSTNode) -> int:
    before = list(all_[: list(map(id, all_)).index(id(one))])
    if any(isinstance(other, cst.StarredElement) or getattr(other, "star", "") for other in before):
        raise NoForm("its position among the arguments is not visible here")
    return len(before)


def _is_thread(context: Context, call: cst.Call) -> bool:
    root = first_name(call.func)
    bindings = context.scopes.reaching(root) if root is not None else ()
    if root is None or len(bindings) != 1 or bindings[0].kind != "import":
        return False
    return bindings[0].path + dotted(call.func)[len(root.value) :] == "threading.Thread"
