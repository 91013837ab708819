"""What a call calls in other files, and what other files call here: by name, for the plan.

Owns the names under which the functions of two files find each other. Refuses to know what a
function does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain

import libcst as cst

from sentry_migrate.call_keys import function_key, handed_key
from sentry_migrate.kit.context import Context
from sentry_migrate.project.call_scopes import logged
from sentry_migrate.project.callers import CONSTRUCTORS
from sentry_migrate.project.handed_functions import slots_at
from sentry_migrate.project.held_functions import lambda_at, variable_key
from sentry_migrate.project.implied_calls import (
    DEEPEST,
    ENTERING,
    HOOKS,
    LEAVING,
    NAMING,
    SUBCLASSING,
    calls_at_once,
    may_log,
)
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import SDK, directory_of, last_part, named_place
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.proof.classes import path_of
from sentry_migrate.python.bindings import Binding, Scope, dotted, first_name

FOREIGN = frozenset((SDK, *sys.stdlib_module_names))
"""Top-level modules that are none of the project's: the SDK and the standard library."""
_PARTS_OF = (cst.BooleanOperation, cst.Call, cst.Subscript)
"""What may give a variable a part of something."""
_MOST = 3
"""Variables that one function is called, from one to the next."""


def name_outside(context: Context, node: cst.CSTNode) -> str:
    """How other files call a function of this text; empty where they cannot."""
    module, holder = own_module(context), context.parent(node)
    if not module or holder is None or not isinstance(node, cst.FunctionDef):
        return ""
    outer = context.function(holder)
    if outer is context.tree.module:
        return function_key(module, node.name.value)
    if not isinstance(outer, cst.ClassDef):
        return ""
    name, whole = node.name.value, function_key(module, outer.name.value)
    if name in HOOKS:
        return f"{whole}.{name}"
    return whole if name in CONSTRUCTORS else function_key("", name)


def overriding_name(context: Context, node: cst.CSTNode) -> str:
    """A method of a class that is derived from others, as calls of what it overrides lead to it."""
    holder = context.parent(node)
    outer = context.function(holder) if holder is not None else None
    if not isinstance(node, cst.FunctionDef) or not isinstance(outer, cst.ClassDef):
        return ""
    name = f"{outer.name.value}.{node.name.value}"
    return function_key(own_module(context), name) if outer.bases else ""


def called_outside(context: Context, func: cst.CSTNode, known: int = 0) -> Iterator[str]:
    """What a call of `func` may call in another file; it is `known` how many variables that is
    called."""
    first = first_name(func)
    bindings = () if first is None else context.scopes.reaching(first)
    rest = dotted(func).split(".")[1:]
    for binding in bindings:
        if binding.kind == "import":
            *homes, module, name = ["", *binding.path.split("."), *rest]
            if homes and not module and context.path is not None:  # `from . import name`
                dots = "." * len(homes)
                module = last_part(named_place(directory_of(str(context.path)), dots))
            yield function_key(module, name)
        elif not rest and isinstance(binding.value, cst.Name | cst.Attribute) and known < _MOST:
            yield from called_outside(context, binding.value, known + 1)
        elif not rest and own_module(context):
            if binding.kind == "for" or isinstance(binding.value, _PARTS_OF):
                yield variable_key(_scope_key(context, binding.scope), binding.name)
    if isinstance(func, cst.Attribute):
        if not _is_foreign(bindings):
            yield function_key("", func.attr.value)
    elif isinstance(func, cst.Name) and not bindings:
        for star in context.scopes.module.bindings.get("*", ()):
            yield function_key(star.path.rpartition(".")[2], func.value)


def handed_outside(context: Context, call: cst.CSTNode) -> Iterator[str]:
    """What a call hands to a function that may call it in another file, and what logging runs."""
    if not isinstance(call, cst.Call):
        return
    if isinstance(func := call.func, cst.Attribute):
        if may_log(func.attr.value, [path_of(context, func.value)]):
            yield from logged()
    functions: list[str] | None = None
    for index, arg in enumerate(call.args):
        for handed in _functions_in(context, arg.value):
            if functions is None:
                functions = [*called_outside(context, call.func), *_own(context, call.func)]
            for function in functions:
                for slot in slots_at(index, arg.star, arg.keyword.value if arg.keyword else None):
                    yield handed_key(function, slot, handed)


def _functions_in(context: Context, value: cst.BaseExpression) -> Iterator[str]:
    """The functions and lambdas that a value is or that a display holds."""
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, cst.Dict | cst.List | cst.Tuple | cst.Set):
            waiting += [one.value for one in at.elements]
        elif isinstance(at, cst.Lambda) and own_module(context):
            *above, line = context.tree.text[: context.span(at)[0]].split("\n")
            name = lambda_at(len(above) + 1, len(line.encode()))
            yield f"{_scope_key(context, context.scopes.scope_of(at))}.{name}"
        elif isinstance(at, cst.Name | cst.Attribute):
            yield from called_outside(context, at)
            yield from _own(context, at)


def _own(context: Context, node: cst.BaseExpression) -> Iterator[str]:
    """The functions and classes of this module that a name may mean, as other files call them."""
    for binding in context.scopes.reaching(node) if isinstance(node, cst.Name) else ():
        if isinstance(binding.node, cst.FunctionDef | cst.ClassDef) and own_module(context):
            yield function_key(_scope_key(context, binding.scope), binding.name)


def imported_place(context: Context, binding: Binding) -> str:
    """The place of the module of the project from which a name is imported; empty where it is not
    certain which that is."""
    statement = binding.statement
    if context.path is None or not isinstance(statement, cst.ImportFrom):
        return ""
    home = "." * len(statement.relative) + (dotted(statement.module) if statement.module else "")
    found = list(ModulesOnDisk().imported(directory_of(str(context.path)), home))
    last = home.rpartition(".")[2]
    return "" if not found or (last and last_part(found[-1]) != last) else found[-1]


def _scope_key(context: Context, scope: Scope) -> str:
    """How `project/callers.py` calls a scope."""
    names: list[str] = []
    node: cst.CSTNode | None = scope.function().node
    while node is not None:
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            names.append(node.name.value)
        node = context.parent(node)
    return ".".join((own_module(context), *reversed(names)))


def implied_outside(context: Context) -> Iterator[tuple[cst.CSTNode, int, str]]:
    """What statements here call of other files besides the calls that they spell, each with the
    offset from which on."""
    for node, end, value, methods in _implied(context):
        at = context.span(node)[end]
        for key in _imported(context, value):
            yield from ((node, at, f"{key}.{one}" if one else key) for one in methods)


def _implied(
    context: Context,
) -> Iterator[tuple[cst.CSTNode, int, cst.BaseExpression, Sequence[str]]]:
    """The nodes with which of their two ends counts, and the methods of what a value names."""
    tree = context.tree
    for arg in tree.nodes(cst.Arg):
        if not isinstance(arg.value, cst.Name | cst.Attribute):
            continue
        call = context.parent(arg)
        if isinstance(call, cst.Call) and _calls_at_once(context, call, arg):
            yield call, 0, arg.value, ("",)
    for item in tree.nodes(cst.WithItem):
        around = context.parent(item)
        if isinstance(item.item, cst.Call) and around is not None:
            yield item, 0, item.item.func, ENTERING
            yield around, 1, item.item.func, LEAVING
    for one in tree.nodes(cst.ClassDef):
        yield from ((one, 0, base.value, (SUBCLASSING,)) for base in one.bases)
        scope = context.scopes.scopes.get(id(one))
        for binding in chain(*scope.bindings.values()) if scope is not None else ():
            if isinstance(binding.value, cst.Call):
                yield binding.value, 0, binding.value.func, (NAMING,)


def _calls_at_once(context: Context, call: cst.Call, arg: cst.Arg) -> bool:
    """Whether a call may call what it is given before it returns."""
    root: cst.BaseExpression = call.func
    for _ in range(DEEPEST):
        if isinstance(root, cst.Attribute | cst.Call):
            root = root.value if isinstance(root, cst.Attribute) else root.func
    by_key = arg.keyword is not None and arg.keyword.value == "key"
    return by_key or calls_at_once(path_of(context, root))


def _imported(context: Context, value: cst.BaseExpression) -> Iterator[str]:
    """The functions and classes of other files that an imported name may mean."""
    first = first_name(value) if isinstance(value, cst.Name | cst.Attribute) else None
    if first is not None and any(one.kind == "import" for one in context.scopes.reaching(first)):
        yield from (key for key in called_outside(context, value) if key.partition(".")[0])


def _is_foreign(bindings: Sequence[Binding]) -> bool:
    """Whether a name is known to be of the SDK or Python itself, which have no methods of ours."""
    return bool(bindings) and all(
        one.kind == "import" and one.path.partition(".")[0] in FOREIGN for one in bindings
    )
