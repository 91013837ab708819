"""What functions of a project's modules take, by the files that there are.

Owns telling whether a keyword is for the function that gets it. Refuses to know what it stands for.
"""

from __future__ import annotations

import ast
import os

from sentry_migrate.project import regular_files
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import parsed
from sentry_migrate.project.syntax_nodes import children


def keeps_keyword(directory: str, path: str, keyword: str) -> bool:
    """Whether what `path` is, imported by a file in `directory`, is a function or class of the
    project that has a parameter of that name, or is in a module that does not speak of Sentry."""
    last = path.rpartition(".")[2]
    for place in ModulesOnDisk().imported(directory, path):
        data = _read(place)
        tree = parsed(data)
        for node in children(tree) if tree is not None else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if node.name == last:
                    return b"sentry" not in data.lower() or keyword in _parameters(node)
    return False


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
