"""Modules of the project that work out what is read of them, by a `__getattr__()` of their own or a
class that they are given.

Owns how the module and who reads of it find each other. Refuses to know what the function does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import later_key
from sentry_migrate.project.modules import last_part
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.proof.classes import path_of
from sentry_migrate.proof.unknown_names import module_of

NAME = "__getattr__"
_CLASS = "__class__"
_FOREIGN = frozenset(("sentry_sdk", *sys.stdlib_module_names))
"""Modules that are not of the project."""


def computed_by(context: Context, owner: cst.BaseExpression) -> str:
    """What reading a name may do of what is imported, which may be such a module; empty where
    nothing is known."""
    path = path_of(context, owner) if context.scopes.imported(owner) else ""
    if not path or path.partition(".")[0] in _FOREIGN:
        return ""
    module = path.rpartition(".")[2]
    place = context.elsewhere(_key(module))
    if place:
        return f"may run what the module works out in {place}"
    own_class = any(one == module for one, _ in _classes(context))
    return f"may run what a class of `{module}` works out" if own_class else ""


def classes(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kind of the plan for a module that gets a class, `module.__class__ = C`, and where."""
    yield from ((_key(module), node) for module, node in _classes(context))


@remembered
def _classes(context: Context) -> Sequence[tuple[str, cst.CSTNode]]:
    """The last parts of modules that get a class, and where."""
    found: list[tuple[str, cst.CSTNode]] = []
    for target, _ in context.scopes.attributes.get(_CLASS, ()):
        found.append((module_of(context, target.value), target))
    for put in context.scopes.replaced:
        if put.name == _CLASS:
            module = own_module(context) if put.own else put.module.rpartition(".")[2]
            held = module_of(context, put.holder) if put.holder is not None else ""
            found.append((module or held, put.node))
    return [one for one in found if one[0]]


def own(context: Context) -> Iterator[tuple[str, cst.FunctionDef]]:
    """The kind of the plan for such a function of the text, and the function."""
    for binding in context.scopes.module.bindings.get(NAME, ()):
        if context.path is not None and isinstance(binding.node, cst.FunctionDef):
            yield _key(last_part(str(context.path))), binding.node


def _key(module: str) -> str:
    return later_key(f"{module}.{NAME}")
