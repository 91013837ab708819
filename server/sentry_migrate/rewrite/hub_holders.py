"""Where a hub that is made is kept: a variable, an attribute of `self`, a parameter.

Owns finding every place of it in a text, or saying why some may be elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import attributes_by_name, strings_by_text
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.plan_words import DERIVED
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.taken_members import is_read_elsewhere
from sentry_migrate.python.bindings import Binding, walk
from sentry_migrate.rewrite.hub_caches import has_cache, is_cached_property
from sentry_migrate.rewrite.slots import is_closed, slot_of
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import is_nothing

Place = cst.Name | cst.Attribute | cst.Call | cst.Subscript
"""A name, the call of a function that returns the hub, or an entry of a dictionary."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A function or property that returns a hub which is kept, and where it is called or read."""

    function: cst.FunctionDef
    places: Sequence[Place]
    anew: bool = False
    """Whether it makes the hub, each time unless it is cached."""


class NoForm(Exception):
    """There is no form for a use of the hub. Its text says for which, to follow "because"."""


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
    if isinstance(context.parent(call), cst.Param):
        raise NoForm("it is the default of a parameter")
    binding = context.scopes.assigned_from(call)
    if binding is not None:
        of_class = binding.scope.kind == "class"
        return (_member if of_class else _variable)(context, binding)
    statement = context.parent(call)
    targets = statement.targets if isinstance(statement, cst.Assign) else ()
    target = targets[0].target if len(targets) == 1 else None
    if isinstance(statement, cst.AnnAssign):
        target = statement.target
    if binding is not None:
        raise NoForm("it is kept in an attribute of the class, which all instances share")
    if not isinstance(target, cst.Attribute):
        raise NoForm("the hub is not kept in a variable or an attribute")
    if context.values.instance(target, "Hub") is None:
        raise NoForm("the hub is kept in an attribute of something unknown")
    return target, tuple(_attributes(context, call, target))


def _variable(context: Context, binding: Binding) -> tuple[Place, Sequence[Place]]:
    several = len(binding.scope.bindings[binding.name]) > 1
    if several and not (made_late(context, binding) or is_cloned_over(context, binding)):
        raise NoForm(f"`{binding.name}` is assigned more than once")
    if is_reached_by_name(context, binding):
        raise NoForm(f"other code may take `{binding.name}` from here")
    if not isinstance(binding.node, cst.Name):
        raise NoForm("the hub is not kept in a variable or an attribute")
    if made_late(context, binding):
        return binding.node, tuple(_of_late(context, binding))
    return binding.node, tuple(context.scopes.possible_reads(binding))


def _member(context: Context, binding: Binding) -> tuple[Place, Sequence[Place]]:
    """What the body of a class assigns, and all places of it there and by its instances."""
    name, holder, made = binding.name, binding.scope.node, binding.value
    if len(binding.scope.bindings[name]) > 1 or context.scopes.attributes.get(name):
        raise NoForm(f"`{name}` is assigned more than once")
    if not isinstance(binding.node, cst.Name) or not isinstance(holder, cst.ClassDef):
        raise NoForm("the hub is not kept in a variable or an attribute")
    if holder.decorators or isinstance(context.parent(binding.node), cst.AnnAssign):
        raise NoForm(f"`{name}` may be a field of its class")
    scopes = context.scopes.scopes.values()
    if any(name in one.bindings for one in scopes if one is not binding.scope):
        raise NoForm(f"`{name}` refers to something else as well")
    if place := is_read_elsewhere(context, name):
        raise NoForm(f"`{name}` is read in {place}")
    if place := context.elsewhere(f"{DERIVED}{holder.name.value}"):
        raise NoForm(f"a class is derived from `{holder.name.value}` in {place}")
    reads: list[Place] = []
    for one in attributes_by_name(context).get(name, ()):
        hub = context.values.instance(one, "Hub")
        if hub is None and context.values.trigger(one):
            continue  # the module `sentry_sdk.hub`
        if hub is None or hub.node is not made:
            raise NoForm(f"`{context.code(one)}` may be another hub")
        reads.append(one)
    return binding.node, (*context.scopes.possible_reads(binding), *reads)


def _of_late(context: Context, binding: Binding) -> Iterator[cst.Name]:
    """All places of a variable that holds None at first, also where it is said to be global."""
    yield from context.scopes.reads_beside(binding)
    for one in binding.scope.bindings[binding.name]:
        if one is not binding and isinstance(one.node, cst.Name):
            yield one.node
    for item in context.tree.nodes(cst.NameItem):
        if item.name.value == binding.name and isinstance(item.name, cst.Name):
            yield item.name


def made_late(context: Context, binding: Binding) -> cst.CSTNode | None:
    """Where a variable of the module gets None, which holds that until a function makes the hub;
    else None."""
    others = [one for one in binding.scope.bindings[binding.name] if one is not binding]
    around = (cst.FunctionDef, cst.Lambda, cst.ClassDef)
    late = (
        len(others) == 1
        and others[0].whole
        and is_nothing(others[0].value)
        and isinstance(context.tree.enclosing(binding.node, *around), cst.FunctionDef)
        and isinstance(context.parent(context.tree.statement(others[0].node)), cst.Module)
    )
    return others[0].node if late else None


def is_cloned_over(context: Context, binding: Binding) -> bool:
    """Whether a variable or parameter gets a clone of the hub that it has, as `hub = Hub(hub)`
    does, and it is clear from where on."""
    bound = binding.scope.bindings[binding.name]
    if len(bound) != 2 or any(map(context.scopes.unclear_reads, bound)):
        return False
    first, then = sorted(bound, key=lambda one: one.at)
    call = then.value if then.whole else None
    return (
        isinstance(call, cst.Call)
        and len(call.args) == 1
        and context.values.instance(call, "Hub") is not None
        and any(one is call.args[0].value for one in context.scopes.reads_of(first))
    )


def require_import(context: Context, use: Use, above: cst.CSTNode | None = None) -> None:
    """Raise NoForm where code of the whole module cannot name the SDK as `use` does: the import is
    in a function, or may fail, or is not `above` this."""
    root = use.root if isinstance(use.root, cst.Name) else None
    for binding in context.scopes.reaching(root) if root is not None else ():
        statement = binding.statement or binding.node
        line = context.tree.enclosing(statement, cst.SimpleStatementLine)
        if not isinstance(context.parent(line) if line is not None else None, cst.Module):
            raise NoForm("the SDK may not be imported where the scopes are kept")
        if above is not None and binding.at > context.span(above)[0]:
            raise NoForm("the SDK is imported below where the scopes would be kept")


def asked_from(context: Context, place: cst.CSTNode, places: Sequence[cst.CSTNode]) -> Asked:
    """The function, or method of the class that has it, which returns the hub in a place, one of
    all `places`. Raises NoForm."""
    function = context.function(place)
    binding = context.scopes.bound_by(function) if function is not None else None
    if not isinstance(function, cst.FunctionDef) or binding is None:
        raise passed_on(context, place)
    name = binding.name
    known = {id(one) for one in places}
    for node in context.tree.nodes(cst.Return):
        if context.function(node) is function and id(node.value) not in known:
            if node.value is not None and not is_nothing(node.value):
                raise NoForm(f"`{name}()` also returns something else")
    if function.asynchronous is not None or contains(function.body, cst.Yield):
        raise passed_on(context, place)
    if binding.scope.kind == "class" and len(binding.scope.bindings[name]) == 1:
        found = sorted(_of_method(context, function), key=lambda one: context.span(one)[0])
        return Asked(function, found)
    undecorated = not function.decorators or has_cache(context, function)
    if not undecorated or binding.scope is not context.scopes.module:
        raise passed_on(context, place)
    if len(binding.scope.bindings[name]) > 1 or is_reached_by_name(context, binding):
        raise NoForm(f"other code may call `{name}()`")
    reads = context.scopes.possible_reads(binding)
    calls = [one for one in map(context.parent, reads) if isinstance(one, cst.Call)]
    if {id(one.func) for one in calls} != {*map(id, reads)}:
        raise NoForm(f"`{name}` is used without being called")
    return Asked(function, calls)


def _of_method(context: Context, method: cst.FunctionDef) -> Iterator[Place]:
    """Where a method is called, or a property is read, all in its class by the same `self`. Raises
    NoForm."""
    name, own = method.name.value, self_of(method)
    holder = context.tree.enclosing(method, cst.ClassDef, cst.FunctionDef)
    is_property = [context.code(one.decorator) for one in method.decorators] == ["property"]
    is_property = is_property or is_cached_property(context, method)
    others = [one for one in context.tree.nodes(cst.ClassDef) if one is not holder]
    inherit = isinstance(holder, cst.ClassDef) and any(
        holder.name.value in context.code(base.value) for one in others for base in one.bases
    )
    kept = is_cached_property(context, method) and context.scopes.attributes.get(name)
    if inherit or not own or kept or (method.decorators and not is_property):
        raise NoForm(f"other code may use `{name}`")
    if place := is_read_elsewhere(context, name):
        raise NoForm(f"`{name}` is read in {place}")
    for read in attributes_by_name(context).get(name, ()):
        within = context.tree.enclosing(read, cst.FunctionDef)
        call = context.parent(read)
        if not isinstance(within, cst.FunctionDef) or self_of(within) != own:
            raise NoForm(f"`{context.code(read)}` may be another hub")
        if context.code(read.value) != own or context.tree.enclosing(read, cst.ClassDef) != holder:
            raise NoForm(f"`{context.code(read)}` may be another hub")
        if is_property:
            yield read
        elif isinstance(call, cst.Call) and call.func is read:
            yield call
        else:
            raise NoForm(f"`{context.code(read)}` is used without being called")


def self_of(method: cst.FunctionDef) -> str:
    """The name of a method's first parameter."""
    return next((one.name.value for one in method.params.params), "")


def name_at(place: Place) -> cst.Name | cst.SimpleString:
    """The part of a place that is the name of what keeps the hub, or its key."""
    if isinstance(place, cst.Subscript):
        part = place.slice[0].slice
        assert isinstance(part, cst.Index)
        assert isinstance(part.value, cst.SimpleString)
        return part.value
    node: cst.BaseExpression = place.func if isinstance(place, cst.Call) else place
    node = node.attr if isinstance(node, cst.Attribute) else node
    assert isinstance(node, cst.Name)
    return node


def named(context: Context, place: Place, name: str) -> str:
    """The code of a place, with another name of what keeps the hub."""
    whole, part = context.span(place)[0], context.span(name_at(place))
    code = context.code(place)
    return code[: part[0] - whole] + name + code[part[1] - whole :]


def _attributes(
    context: Context, call: cst.BaseExpression, target: cst.Attribute
) -> Iterator[Place]:
    """The places of an attribute, all of which must hold this hub, or are known to hold another."""
    given = context.values.instance(call, "Hub")
    made = given.node if given is not None else call
    holding, unclear = _by_hub(context, target.attr.value)
    for one in unclear:
        if one is not target:
            raise NoForm(f"`{context.code(one)}` may be another hub")
    yield from (one for one in holding.get(id(made), ()) if one is not target)
    field = context.values.field_of(target)
    if field is not None and isinstance(field.target, cst.Name):
        yield field.target


@remembered
def _by_hub(
    context: Context, name: str
) -> tuple[Mapping[int, Sequence[cst.Attribute]], Sequence[cst.Attribute]]:
    """The attributes with a name, by the id of what gives the hub that they hold; and those of
    which that is unknown."""
    holding: dict[int, list[cst.Attribute]] = {}
    unclear: list[cst.Attribute] = []
    for one in attributes_by_name(context)[name]:
        hub = context.values.instance(one, "Hub")
        if hub is not None and hub.node is not None:
            holding.setdefault(id(hub.node), []).append(one)
        elif hub is not None or not context.values.trigger(one):  # the module `sentry_sdk.hub`
            unclear.append(one)
    return holding, unclear


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
        name in members or is_closed(context, place) or context.scopes.attributes.get(name)
        if isinstance(place, cst.Attribute)
        else context.scopes.lookup(name, context.scopes.scope_of(place))
        for place in places
    )


def is_spelled(context: Context, place: Place) -> bool:
    """Whether a text has the name of an attribute, as `getattr(self, "hub", None)` does."""
    if not isinstance(place, cst.Attribute):
        return False
    name, slot = place.attr.value, slot_of(context, place)
    return any(one is not slot for one in strings_by_text(context).get(name, ()))


@remembered
def _members(context: Context) -> Collection[str]:
    """What the bodies of the text's classes bind."""
    scopes = context.scopes.scopes.values()
    return {name for scope in scopes if scope.kind == "class" for name in scope.bindings}


def passed_on(context: Context, place: cst.CSTNode) -> NoForm:
    """Why a hub stays that code gets which is not followed."""
    return NoForm(f"`{context.code(place)}` is passed on")


def new_names(
    context: Context, target: Place, others: Sequence[Place], names: Sequence[str], late: bool
) -> tuple[str, str]:
    """What keeps the isolation scope in place of a hub, and the current scope beside it: `names`
    are what "hub" becomes. If it is made `late`, the latter is used where functions are called."""
    old = name_at(target).value
    isolation, current = (re.sub("hub", _in_case(new), old, flags=re.I) for new in names)
    if isolation == old:
        current = f"{old}_current_scope"
    places = (target, *others)
    if late:
        current = untaken(context, current)
    spelled = any(is_spelled(context, one) for one in places)
    stays = spelled or not is_free(context, isolation, places)
    return old if stays else isolation, current


def untaken(context: Context, name: str) -> str:
    """A name like this that nothing in the text has."""
    taken = {name for one in context.scopes.scopes.values() for name in one.bindings}
    several = (name, *(f"{name}_{number}" for number in range(2, 10)))
    return next((one for one in several if one not in taken), name)


def _in_case(new: str) -> Callable[[re.Match[str]], str]:
    def spelled(found: re.Match[str]) -> str:
        old = found.group()
        return new.upper() if old.isupper() else new

    return spelled


def annotate(context: Context, fix: FixDraft, made: Use, annotation: cst.Annotation) -> str:
    """Have an annotation name the class of scopes, and give its text. Raises NoForm."""
    hubs = [
        part
        for part in walk(annotation.annotation)
        if context.values.path(part) == "sentry_sdk.Hub"
    ]
    text = context.code(annotation.annotation)
    if len(hubs) != 1 or context.values.annotated(annotation.annotation) != "Hub":
        raise NoForm(f"`{text}` is more than a hub")
    scope = fix.api("Scope", hubs[0], made.root)
    fix.replace(hubs[0], scope)
    return text.replace(context.code(hubs[0]), scope)
