"""Functions that a text has others run as members of classes, without a class statement or an
assignment that says so: `equip(base, "label", loud)`, `type("Impl", (Base,), {"label": loud})`.

Owns finding these by what they may be called. Refuses to know what calling them does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.plan import later_key
from sentry_migrate.project.plan_words import ANY_MEMBER, SETTER
from sentry_migrate.proof.classes import Classes, decorator_path, path_of
from sentry_migrate.proof.joined_text import literal
from sentry_migrate.proof.library import KNOWN_DECORATORS, PROPERTIES
from sentry_migrate.proof.other_files import FOREIGN
from sentry_migrate.python.bindings import dotted, first_name, walk
from sentry_migrate.python.replaced import Replaced

Put: TypeAlias = "tuple[str, cst.BaseExpression | cst.FunctionDef]"
"""The path of what may be replaced, a member's with no module, and what may come in its place."""

_REFLECTING = frozenset(("__dict__", "dir", "getmembers", "vars"))
_LOCALS_OF = ("locals", "vars")
_LOCALS = re.compile(r"\b(?:locals|vars)\(\)")
_METACLASS = ("__new__", "__prepare__", "__init__")


def put_members(context: Context) -> Iterator[Put]:
    """All of a text."""
    for put in context.scopes.replaced:
        if not put.name and isinstance(put.node, cst.Call) and put.holder is not None:
            if put.value is not None and _wraps_all(context, put):
                yield ANY_MEMBER, put.value
            elif put.value is not None and _is_function(context, put.value):
                yield from ((f".{name}", put.value) for name in _listed(context, put.node))
    for node in context.tree.nodes(cst.ClassDef):
        if any(path_of(context, base.value) == "type" for base in node.bases):
            yield from ((ANY_MEMBER, value) for value in _wrapped_by_metaclass(node))
    for assign in context.tree.nodes(cst.Assign) if _LOCALS.search(context.tree.text) else ():
        for target in (one.target for one in assign.targets):
            if isinstance(target, cst.Subscript) and _is_own_names(target.value):
                if isinstance(index := target.slice[0].slice, cst.Index):
                    yield f".{literal(index.value)}", assign.value
    for element in context.tree.nodes(cst.DictElement):
        name = literal(element.key)
        if name.isidentifier() and _is_function(context, element.value):
            yield f".{name}", element.value
    for call in context.tree.nodes(cst.Call):
        if call.args:
            yield from _given(context, call)
    for decorator in context.tree.nodes(cst.Decorator):
        function = context.parent(decorator)
        given = isinstance(decorator.decorator, cst.Call) and decorator.decorator.args
        if given and isinstance(function, cst.FunctionDef) and _has_setter(context):
            path = decorator_path(context, decorator)
            if (
                path not in KNOWN_DECORATORS
                and path.partition(".")[0] not in sys.stdlib_module_names
            ):
                yield f".{function.name.value}", function


def setters(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kind of the plan for code that replaces what it is told the name of, and where."""
    for call in _setting(context):
        yield later_key(SETTER), call


def _setting(context: Context) -> Iterator[cst.Call]:
    for call in context.tree.nodes(cst.Call) if "setattr" in context.tree.text else ():
        if isinstance(call.func, cst.Name) and call.func.value == "setattr":
            if len(call.args) == 3 and not literal(call.args[1].value):
                yield call


def _has_setter(context: Context) -> bool:
    here = next(_setting(context), None) is not None
    return here or bool(context.elsewhere(later_key(SETTER)))


def _given(context: Context, call: cst.Call) -> Iterator[Put]:
    """What a call gives by a keyword, or beside a string that is a name."""
    functions = [arg.value for arg in call.args if _is_function(context, arg.value)]
    for arg in call.args:
        if arg.keyword is not None and arg.value in functions:
            yield f".{arg.keyword.value}", arg.value
    if not _is_of_project(context, call.func):
        return
    names = [name for arg in call.args if (name := literal(arg.value)).isidentifier()]
    modules = [path for arg in call.args if (path := _module(context, arg.value))]
    if not (functions or names) or not _has_setter(context):
        return
    for name in names:
        for value in functions or [call]:
            yield f".{name}", value
            yield from ((f"{path}.{name}", value) for path in modules)
    for value in () if names else functions:
        if isinstance(value, cst.Name):
            yield f".{value.value}", value
            yield from ((f"{path}.{value.value}", value) for path in modules)


def _is_function(context: Context, value: cst.BaseExpression) -> bool:
    """Whether a value may be a function of the project, or a property of one."""
    if isinstance(value, cst.Lambda):
        return True
    if isinstance(value, cst.Call):
        return path_of(context, value.func) in PROPERTIES and bool(value.args)
    if isinstance(value, cst.Attribute):
        members = Classes.of(context).members(value.attr.value)
        return any(isinstance(one.node, cst.FunctionDef) for one in members)
    if not isinstance(value, cst.Name):
        return False
    return any(isinstance(one.node, cst.FunctionDef) for one in context.scopes.reaching(value))


def _is_of_project(context: Context, func: cst.BaseExpression) -> bool:
    """Whether a call is of a function that the project has."""
    first = first_name(func)
    bindings = () if first is None else context.scopes.reaching(first)
    return any(
        binding.kind in ("class", "def")
        or (binding.kind == "import" and binding.path.partition(".")[0] not in FOREIGN)
        for binding in bindings
    )


def _is_own_names(value: cst.BaseExpression) -> bool:
    """Whether it is the dictionary of the names of a class, where that is being made."""
    return isinstance(value, cst.Call) and not value.args and dotted(value.func) in _LOCALS_OF


def _module(context: Context, value: cst.BaseExpression) -> str:
    """The path of what is imported, which may be a module."""
    return context.scopes.imported(value) if isinstance(value, cst.Name | cst.Attribute) else ""


def _wraps_all(context: Context, put: Replaced) -> bool:
    """Whether all that a class has may be replaced by what wraps it."""
    if not isinstance(put.value, cst.Call | cst.Lambda | cst.Name):
        return False
    if isinstance(put.value, cst.Name) and not _is_function(context, put.value):
        return False
    function = context.function(put.node)
    if not isinstance(function, cst.FunctionDef):
        return False
    return any(
        (isinstance(node, cst.Name) and node.value in _REFLECTING)
        or (isinstance(node, cst.Attribute) and node.attr.value in _REFLECTING)
        for node in walk(function.body)
    )


def _listed(context: Context, call: cst.Call) -> Iterator[str]:
    """The names that a loop has `setattr()` replace one after the other."""
    name = call.args[1].value if len(call.args) > 1 else None
    for binding in context.scopes.reaching(name) if isinstance(name, cst.Name) else ():
        loop = context.tree.enclosing(binding.node, cst.For)
        looped: list[cst.BaseExpression] = [] if loop is None else [loop.iter]
        if loop is not None and isinstance(loop.iter, cst.Name):
            looped += (
                one.value
                for one in context.scopes.reaching(loop.iter)
                if isinstance(one.value, cst.BaseExpression)
            )
        for one in looped if binding.kind == "for" else ():
            strings = (node for node in walk(one) if isinstance(node, cst.SimpleString))
            yield from filter(str.isidentifier, map(literal, strings))


def _wrapped_by_metaclass(node: cst.ClassDef) -> Iterator[cst.BaseExpression]:
    """What a metaclass has its classes have in place of their own members."""
    for method in node.body.body:
        if isinstance(method, cst.FunctionDef) and method.name.value in _METACLASS:
            for one in walk(method.body):
                if isinstance(one, cst.DictComp):
                    yield from (each for each in walk(one.value) if isinstance(each, cst.Call))
                elif isinstance(one, cst.Assign) and isinstance(one.value, cst.Call):
                    if any(isinstance(each.target, cst.Subscript) for each in one.targets):
                        yield one.value
