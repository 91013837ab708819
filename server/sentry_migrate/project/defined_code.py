"""What a project's modules define and do, by the files that there are.

Owns telling whether a keyword is for the function that gets it, whether a name may be the SDK, and
whether importing a module does anything. Refuses to know what that is asked for.
"""

from __future__ import annotations

import ast
import os

from sentry_migrate.project import regular_files
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import SDK, parsed
from sentry_migrate.project.syntax_nodes import children, walk


def keeps_keyword(directory: str, path: str, keyword: str) -> bool:
    """Whether what `path` is, imported by a file in `directory`, is a function or class of the
    project that has a parameter of that name, or is in a module that does not speak of Sentry."""
    last = path.rpartition(".")[2]
    for place in ModulesOnDisk().imported(directory, path):
        data = _read(place)
        tree = parsed(data)
        for node in children(tree) if tree is not None else ():
            if isinstance(node, _DEFINITIONS):
                if node.name == last:
                    return b"sentry" not in data.lower() or keyword in _parameters(node)
    return False


def may_hand_on_sdk(directory: str, path: str, member: str) -> bool:
    """Whether what `path` is, imported by a file in `directory`, may be the SDK where its module is
    of the project and uses it: no module, function or class, nor has the module such a `member`."""
    places = [*ModulesOnDisk().imported(directory, path)]
    last = path.rpartition(".")[2]
    data = _read(places[-1]) if places else b""
    if SDK.encode() not in data or os.path.basename(places[-1]) == last:
        return False
    tree = parsed(data)
    nodes = walk(tree) if tree is not None else ()
    defined = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
    return last not in defined and member not in defined


def is_inert(directory: str, home: str) -> bool:
    """Whether importing a module, as a file in `directory` spells it, runs nothing but imports of
    the SDK and definitions."""
    places = [*ModulesOnDisk().imported(directory, home)]
    trees = [parsed(_read(place)) for place in places]
    return bool(trees) and all(
        tree is not None and all(map(_does_nothing, tree.body)) for tree in trees
    )


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        home = (node.module or "").partition(".")[0]
        return not node.level and home in (SDK, "__future__", "typing")
    if isinstance(node, ast.Import):
        return all(one.name in (SDK, "typing") for one in node.names)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = (*node.args.defaults, *(one for one in node.args.kw_defaults if one))
        return not node.decorator_list and all(isinstance(one, ast.Constant) for one in defaults)
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name):
        return False
    if isinstance(node, ast.Assign | ast.Expr):
        return all(isinstance(one, _PLAIN) for one in ast.walk(node.value))
    return isinstance(node, ast.Pass)


_DEFINITIONS = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.expr_context)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    if isinstance(node, ast.ClassDef):
        made = (one for one in node.body if getattr(one, "name", "") == "__init__")
        first = next(made, None)
        return _parameters(first) if isinstance(first, ast.FunctionDef) else set()
    return {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}


def _read(place: str) -> bytes:
    for path in (f"{place}.py", os.path.join(place, "__init__.py")):
        try:
            return regular_files.read(path)
        except OSError:
            continue
    return b""
