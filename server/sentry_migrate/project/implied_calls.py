"""What a statement calls besides the calls that it spells, read with the standard library's parser.

`map(f, names)`, `@f`, `with Manager():`. Owns telling such names. Refuses to know what they mean.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Collection, Iterator

_REGISTERS = frozenset(("atexit", "signal", "weakref"))
ENTERING, LEAVING = ("__aenter__", "__enter__"), ("__aexit__", "__exit__")
NAMING, SUBCLASSING = "__set_name__", "__init_subclass__"
HOOKS = frozenset((*ENTERING, *LEAVING, NAMING, SUBCLASSING))
"""The methods of a class in another file that are followed where a statement calls them."""

RECORD = "logging.<record>"
"""Stands for what runs when something is logged."""
LOGGED = {
    "emit": ("Handler", "StreamHandler", "FileHandler"),
    "filter": ("Filter",),
    "format": ("Formatter",),
    "process": ("LoggerAdapter",),
}
"""By method that runs then, the classes of Python's own from which a project derives some."""
_LOGS = frozenset(
    ("critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning")
)

DEEPEST = 8
"""Attributes and calls in a row that are looked through."""


def calls_at_once(path: str) -> bool:
    """Whether a function of Python's own may call what it is given before it returns."""
    first = path.partition(".")[0]
    known = hasattr(builtins, path) or first in sys.stdlib_module_names
    return known and first not in _REGISTERS


def implied_calls(
    node: ast.AST, paths: Callable[[ast.expr], Collection[str]]
) -> Iterator[tuple[ast.expr, str, int]]:
    """The expressions that name what a node calls, each with the method of a class, if that is
    what runs, and the line from which on. `paths` gives the dotted paths of a name that is
    imported."""
    if isinstance(node, ast.Call):
        given = (*node.args, *(one.value for one in node.keywords))
        values = [one for one in given if isinstance(one, ast.Name | ast.Attribute)]
        for value in values if values and _is_pythons(node.func, paths) else ():
            yield value, "", node.lineno
        if isinstance(node.func, ast.Attribute):
            yield from ((one.value, "", node.lineno) for one in node.keywords if one.arg == "key")
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if isinstance(item.context_expr, ast.Call):
                func, end = item.context_expr.func, node.end_lineno or node.lineno
                yield from ((func, name, node.lineno) for name in ENTERING)
                yield from ((func, name, end) for name in LEAVING)
    elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        for decorator in node.decorator_list:
            yield decorator, "", decorator.lineno
        if isinstance(node, ast.ClassDef):
            yield from ((base, SUBCLASSING, node.lineno) for base in node.bases)
            for one in node.body:
                if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Call):
                    yield one.value.func, NAMING, one.lineno


def may_log(name: str, paths: Collection[str]) -> bool:
    """Whether a call of a method of this name may log something; `paths` are those of what has it,
    as far as that is imported."""
    roots = {path.partition(".")[0] for path in paths}
    return name in _LOGS and not roots & {"sentry_sdk", *sys.stdlib_module_names} - {"logging"}


def _is_pythons(func: ast.expr, paths: Callable[[ast.expr], Collection[str]]) -> bool:
    """Whether a call is of a function of Python's own, or of a method of what such a one gives."""
    root = func
    for _ in range(DEEPEST):
        if isinstance(root, ast.Attribute | ast.Call):
            root = root.value if isinstance(root, ast.Attribute) else root.func
    if known := paths(root):
        return all(map(calls_at_once, known))
    return isinstance(func, ast.Name) and hasattr(builtins, func.id)
