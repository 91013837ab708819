"""Modules that code imports by calls: `importlib.import_module("sentry_sdk")`.

Owns telling whether an expression gives the SDK by such a call, or a function any module.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from sentry_migrate.project.syntax_nodes import dotted

_SDK = "sentry_sdk"


def is_none(node: ast.expr | None) -> bool:
    """Whether an expression is the word `None`, or there is none."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def gives_imported(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    inside: Sequence[ast.AST],
    path_of: Callable[[str], str],
) -> bool:
    """Whether a function, with what runs `inside`, gives the module that its first argument names,
    or None. `path_of` tells what is imported by a name."""
    every = (*node.args.posonlyargs, *node.args.args)
    first = next((one.arg for one in every), "")
    given = [one.value for one in inside if isinstance(one, ast.Return)]
    paired = zip(every[len(every) - len(node.args.defaults) :], node.args.defaults, strict=True)
    nothing = {one.arg for one, default in paired if is_none(default)}
    loads = [one for one in given if not (is_none(one) or getattr(one, "id", "") in nothing)]
    return bool(loads) and all(
        isinstance(one, ast.Call)
        and path_of(dotted(one.func)) == "importlib.import_module"
        and [ast.unparse(arg) for arg in one.args] == [first]
        for one in loads
    )


def loads_sdk(node: ast.expr | None, path_of: Callable[[str], str]) -> bool:
    """Whether an expression imports the SDK."""
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return False
    func = dotted(node.func)
    imports = func == "__import__" or path_of(func) == "importlib.import_module"
    return imports and getattr(node.args[0], "value", None) == _SDK
