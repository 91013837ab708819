"""Functions and properties that keep what they give, by Python's own decorators.

Owns telling how many hubs one keeps. Refuses to know what becomes of them.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.python.bindings import walk

_CACHES = frozenset(("functools.cache", "functools.lru_cache"))


def is_cached(context: Context, function: cst.FunctionDef) -> bool:
    """Whether a function without parameters gives the same each time, by Python's own decorator."""
    return has_cache(context, function) and not _has_parameters(function)


def keeps_several(context: Context, function: cst.FunctionDef) -> bool:
    """Whether a function gives the same each time that it gets the same, or for one instance."""
    several = has_cache(context, function) and _has_parameters(function)
    return several or is_cached_property(context, function)


def beside(context: Context, function: cst.FunctionDef, name: str, value: str) -> str:
    """A function like one that keeps several, under another name, which gives something else."""
    start = min(context.span(one)[0] for one in function.decorators)
    named, header = context.span(function.name), context.span(function.params)[1]
    text, lines = context.tree.text, context.tree.lines
    indent, line = lines.indent_at(start), lines.newline_at(start)
    closing = text.index(")", header) + 1
    head = text[start : named[0]] + name + text[named[1] : closing]
    blank = line * (2 if indent else 3)
    body = " " * 4
    return f"{blank}{indent}{head}:{line}{indent}{body}return {value}"


def _has_parameters(function: cst.FunctionDef) -> bool:
    return any(isinstance(one, cst.Param) for one in walk(function.params))


def is_cached_property(context: Context, function: cst.FunctionDef) -> bool:
    """Whether it is a property that gives the same each time, for one instance."""
    named = [one.decorator for one in function.decorators]
    imported = context.scopes.imported
    return len(named) == 1 and imported(named[0]) == "functools.cached_property"


def has_cache(context: Context, function: cst.FunctionDef) -> bool:
    """Whether a function gives the same each time that it gets the same."""
    decorator = function.decorators[0].decorator if len(function.decorators) == 1 else None
    called = decorator if isinstance(decorator, cst.Call) else None
    named = called.func if called is not None else decorator
    sizes = [context.code(arg.value) for arg in called.args] if called is not None else []
    return (
        named is not None
        and context.scopes.imported(named) in _CACHES
        and all(size == "None" or size.strip("0").isdigit() for size in sizes)
    )
