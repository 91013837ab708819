"""Where a text may call `push_scope()` or `configure_scope()` although nothing in it is known to.

`hub.push_scope()` of a parameter, `getattr(sentry_sdk, name)`, a name that is None without the SDK:
no rule finds them, so they stay. Owns finding them by what they spell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.proof.part_of_tests import is_test
from sentry_migrate.python.bindings import first_name
from sentry_migrate.sdk.names import canonical

_REFLECTS = ("getattr", "vars")


def hidden(context: Context, name: str) -> Iterator[cst.CSTNode]:
    """The nodes that may give the function of this name."""
    yield from _reflected(context)
    if name not in context.tree.text:
        return
    yield from _attributes(context, name)
    yield from _names(context, name)
    if not is_test(context):  # where strings say what is patched
        yield from _strings(context, name)


def _triggers(name: str) -> tuple[str, str]:
    return f"sentry_sdk.{name}", f"Hub.{name}"


def _reflected(context: Context) -> Iterator[cst.CSTNode]:
    """`getattr(sentry_sdk, name)` and `vars(hub)`."""
    for load in (load for name in _REFLECTS for load in context.scopes.loads.get(name, ())):
        call = context.parent(load)
        if not isinstance(call, cst.Call) or call.func is not load or not call.args:
            continue
        named = call.args[1].value if len(call.args) > 1 else None
        if not isinstance(named, cst.SimpleString) and _has_members(context, call.args[0].value):
            yield call


def _has_members(context: Context, node: cst.BaseExpression) -> bool:
    """Whether an expression is known to be something that has the function."""
    path = context.values.path(node)
    return path == "sentry_sdk" or context.values.instance(node, "Hub") is not None


def _attributes(context: Context, name: str) -> Iterator[cst.CSTNode]:
    """`x.push_scope`, unless it is a method of a class of the text, or of a module."""
    known = {id(use.node) for trigger in _triggers(name) for use in named(context, trigger)}
    methods = any(one.name.value == name for one in context.tree.nodes(cst.FunctionDef))
    for node in context.tree.nodes(cst.Attribute):
        if node.attr.value != name or id(node) in known:
            continue
        root = first_name(node)
        if root is not None and (
            (methods and root.value in ("self", "cls")) or _is_module(context, root)
        ):
            continue
        if not isinstance(context.parent(node), cst.AssignTarget):
            yield node


def _is_module(context: Context, root: cst.Name) -> bool:
    bindings = context.scopes.reaching(root)
    return bool(bindings) and all(
        isinstance(one.statement, cst.Import) and one.kind == "import" for one in bindings
    )


def _names(context: Context, name: str) -> Iterator[cst.CSTNode]:
    """What `import *` may bring, and imports for others of a name that has another value too."""
    if context.scopes.module.bindings.get("*"):
        for load in context.scopes.loads.get(name, ()):
            if not context.values.trigger(load) and not context.scopes.reaching(load):
                yield load
    for local, bindings in context.scopes.module.bindings.items():
        for one in bindings if len(bindings) > 1 and context.imports.is_taken(local) else ():
            if one.kind == "import" and canonical(one.path) in _triggers(name):
                yield one.node


def _strings(context: Context, name: str) -> Iterator[cst.CSTNode]:
    """`"push_scope"` and `"app.obs:push_scope"`, but not what `__all__` lists or nothing uses."""
    path = re.compile(rf"(?:[\w.]+[.:])?{name}")
    for node in context.tree.nodes(cst.SimpleString):
        if name not in node.value and "\\" not in node.value:
            continue  # without working out what it spells
        value = node.evaluated_value
        if not isinstance(value, str) or not path.fullmatch(value):
            continue
        if "__all__" in context.code(context.tree.statement(node)):
            continue
        if not isinstance(context.parent(node), cst.Expr):
            yield node
