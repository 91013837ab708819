"""Which options reach the same `init()`, and what of that is out of view.

Owns following a dictionary of options to every call it serves, and the doubts that follow: options
given on one path only, mappings from elsewhere, dictionaries that serve other ends too.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.syntax.bindings import walk
from sentry_migrate.syntax.options import TARGETS, Option, subscript_key

_READS = frozenset(("get", "setdefault"))


def given_to(context: Context, call: cst.Call) -> list[Option]:
    """The options that reach a call, those of a dictionary it shares with others included."""
    found = [use.option for use in context.uses if use.option is not None]
    return [option for option in found if call in calls_of(context, option)]


def calls_of(context: Context, option: Option) -> list[cst.Call]:
    """The `init()` and `Client()` calls that an option reaches."""
    calls = [option.call]
    for name in [] if option.direct else _variables(context, option):
        for load in _loads(context, name):
            for holder in context.tree.ancestors(load):
                if isinstance(holder, cst.Call) and context.values.path(holder.func) in TARGETS:
                    calls.append(holder)
    return calls


def given(context: Context, option: Option, *keys: str) -> list[Option]:
    """The options with one of these names that go to `init()` together with `option`."""
    found = (other for call in calls_of(context, option) for other in given_to(context, call))
    return list(dict.fromkeys(other for other in found if other.key in keys))


def comes_with(context: Context, option: Option, other: Option) -> bool:
    """Whether `other` is surely given whenever `option` is."""
    tree = context.tree
    if other.container is option.container and other.form != "store":
        return True
    here = tree.statement(other.name)
    for holder in tree.ancestors(other.name):
        if holder is here:
            break
        if isinstance(holder, cst.IfExp | cst.BooleanOperation):
            return False
    if other.direct:
        return True
    names = _variables(context, other)
    if other.form == "store" or not isinstance(tree.parent(names[0]) if names else None, _TARGET):
        return tree.parent(here) is tree.parent(tree.statement(option.name))
    scope = context.scopes.lookup(names[0].value, context.scopes.scope_of(names[0]))
    return scope is not None and len(scope.bindings[names[0].value]) == 1


_TARGET = (cst.AssignTarget, cst.AnnAssign, cst.NamedExpr)


def for_both_lines(context: Context, call: cst.CSTNode) -> bool:
    """Whether the call is one of two attempts: with new options, and with old ones if they fail."""
    for holder in context.tree.ancestors(call):
        if isinstance(holder, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return False
        if isinstance(holder, cst.Try) and any(
            handler.type is not None and "TypeError" in context.code(handler.type)
            for handler in holder.handlers
        ):
            parts: list[cst.CSTNode] = [holder.body, *holder.handlers]
            return sum(1 for part in parts if _calls_sdk(context, part)) > 1
    return False


def _calls_sdk(context: Context, part: cst.CSTNode) -> bool:
    return any(
        isinstance(node, cst.Call) and context.values.path(node.func) in TARGETS
        for node in walk(part)
    )


def doubt(context: Context, option: Option, *keys: str) -> str:
    """Why it is not proved that `option` is the only one to matter; empty when it is.

    `keys` are the names that a dictionary out of view would have to be free of.
    """
    names = " or ".join(f"`{key}`" for key in keys)
    for call in calls_of(context, option):
        for arg in call.args:
            if arg.star and not _closed(context, arg.value, option.key):
                return f"`{arg.star}{context.code(arg.value)}` may hold {names} too"
    if not option.direct:
        for node in _variables(context, option):
            if not _serves_init(context, node, option.key):
                return f"`{node.value}` is used for more than `init()`"
    return ""


def _closed(
    context: Context, node: cst.BaseExpression, key: str, above: tuple[str, ...] = ()
) -> bool:
    """Whether a mapping is written out in view; `above` are the variables being looked at."""
    if isinstance(node, cst.Dict):
        return all(
            _closed(context, element.value, key, above)
            if isinstance(element, cst.StarredDictElement)
            else isinstance(getattr(element, "key", None), cst.SimpleString)
            for element in node.elements
        )
    if isinstance(node, cst.Call) and context.code(node.func) == "dict":
        return all(arg.keyword or _closed(context, arg.value, key, above) for arg in node.args)
    if isinstance(node, cst.IfExp):
        return all(_closed(context, one, key, above) for one in (node.body, node.orelse))
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return all(_closed(context, one, key, above) for one in (node.left, node.right))
    if not isinstance(node, cst.Name):
        return False
    if node.value in above:
        return True
    scope = context.scopes.lookup(node.value, context.scopes.scope_of(node))
    return (
        scope is not None
        and all(
            binding.kind == "assign"
            and binding.whole
            and isinstance(binding.value, cst.BaseExpression)
            and _closed(context, binding.value, key, (*above, node.value))
            for binding in scope.bindings[node.value]
        )
        and _serves_init(context, node, key)
    )


def _variables(context: Context, option: Option) -> list[cst.Name]:
    """The names of the variable that holds the dictionary an option is written in."""
    for node in [option.name, *context.tree.ancestors(option.name)]:
        if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name):
            return [node.value]
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return [node.func.value] if isinstance(node.func.value, cst.Name) else []
        if isinstance(node, cst.AnnAssign | cst.NamedExpr):
            return [node.target] if isinstance(node.target, cst.Name) else []
        if isinstance(node, cst.Assign):
            targets = [target.target for target in node.targets]
            return [target for target in targets if isinstance(target, cst.Name)]
    return []


def _loads(context: Context, name: cst.Name) -> list[cst.Name]:
    """All reads of a variable."""
    home = context.scopes.lookup(name.value, context.scopes.scope_of(name))
    return [
        load
        for load in context.scopes.loads.get(name.value, ())
        if context.scopes.lookup(load.value, context.scopes.scope_of(load)) is home
    ]


def _serves_init(context: Context, name: cst.Name, key: str) -> bool:
    """Whether every read of a variable feeds `init()`, changes it, or asks for another key."""
    return not _exported(context, name) and all(
        _harmless(context, load, key) for load in _loads(context, name)
    )


def _exported(context: Context, name: cst.Name) -> bool:
    """Whether `__all__` names the variable."""
    return any(
        isinstance(element.value, cst.SimpleString) and element.value.evaluated_value == name.value
        for binding in context.scopes.module.bindings.get("__all__", ())
        if isinstance(binding.value, cst.List | cst.Tuple)
        for element in binding.value.elements
    )


def _harmless(context: Context, load: cst.Name, key: str) -> bool:
    parent = context.parent(load)
    if isinstance(parent, cst.Subscript) and parent.value is load:
        asked = subscript_key(parent)
        holder = context.parent(parent)
        stored = isinstance(holder, cst.AssignTarget)
        taken = isinstance(holder, cst.Del)
        return asked is not None and not taken and (stored or asked.evaluated_value != key)
    if isinstance(parent, cst.Attribute):
        call = context.parent(parent)
        if not isinstance(call, cst.Call) or call.func is not parent:
            return False
        if parent.attr.value == "update":
            return all(arg.keyword or _closed(context, arg.value, key) for arg in call.args)
        first = call.args[0].value if call.args else None
        return (
            parent.attr.value in _READS
            and isinstance(first, cst.SimpleString)
            and (parent.attr.value == "setdefault" or first.evaluated_value != key)
        )
    at: cst.CSTNode | None = parent
    while isinstance(at, cst.Arg | cst.StarredDictElement | cst.Dict | cst.IfExp):
        at = context.parent(at)
        if isinstance(at, cst.Call):
            if context.values.path(at.func) in TARGETS:
                return True
            if context.code(at.func) != "dict":
                return False
            at = context.parent(at)
    return False
