"""Functions of other modules that a file gives as `transport`, and what can be called like one.

Owns following the name to the module that has it, and telling what it is there. Refuses to know
what is wrong with that.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from sentry_migrate.project import regular_files
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import SDK, bound, directory_of, parsed
from sentry_migrate.project.syntax_nodes import walk

CALLABLE, MAKES_CALLABLES = "callable", "class of callables"
"""What a name holds, in the place of what it has of the SDK."""

_OPTION = "transport"
_DEEPEST = 3
"""Modules that pass a name on, one to the next."""


def given_functions(path: str, data: bytes) -> Iterator[tuple[str, str]]:
    """What the file at `path` gives as a transport that other modules of the project have: the
    dotted names, as it spells them, and what they hold."""
    if _OPTION.encode() not in data or SDK.encode() not in data:
        return
    tree, disk = parsed(data), ModulesOnDisk()
    for home, name in sorted(_wanted(tree)) if tree is not None else ():
        if held := _held(directory_of(path), home, name, disk):
            yield home + name if home.endswith(".") else f"{home}.{name}", held


def _wanted(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Module and name of what is imported and given as the option, or made and given."""
    imported: dict[str, str] = {}
    made: dict[str, ast.expr] = {}
    values: list[ast.expr] = []
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                imported[one.asname or one.name.partition(".")[0]] = (
                    one.name if one.asname else one.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            joint = "" if home.endswith(".") else "."
            imported |= {one.asname or one.name: f"{home}{joint}{one.name}" for one in node.names}
        elif isinstance(node, ast.keyword) and node.arg == _OPTION:
            values.append(node.value)
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values += [value for key, value in pairs if getattr(key, "value", None) == _OPTION]
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name):
                made[target.id] = node.value
            elif isinstance(target, ast.Subscript):
                if getattr(target.slice, "value", None) == _OPTION:
                    values.append(node.value)
    for value in values:
        if isinstance(value, ast.Name) and value.id not in imported:
            value = made.get(value.id, value)
        if isinstance(value, ast.Call):
            value = value.func
        if not isinstance(value, ast.Name | ast.Attribute):
            continue
        first, joint, rest = ast.unparse(value).partition(".")
        whole = imported.get(first, "") + joint + rest
        path = whole.lstrip(".")
        home, _, name = path.rpartition(".")
        home = "." * (len(whole) - len(path)) + home
        if first in imported and home and home.partition(".")[0] != SDK:
            yield home, name


def _held(directory: str, home: str, name: str, disk: ModulesOnDisk, depth: int = 0) -> str:
    """What a module has by a name; empty for anything else than something to call."""
    place = next(reversed([*disk.imported(directory, home)]), "")
    inside = home.lstrip(".").replace(".", os.sep)
    path = _file(place) if place.endswith(inside) and place and depth < _DEEPEST else ""
    data = _content(path)
    tree = parsed(data) if data is not None else None
    ways = [way for way in bound(tree) if way[0] == name] if tree is not None else []
    if tree is None or len(ways) != 1:
        return ""
    _, module, there = ways[0]
    if module:
        return _held(directory_of(path), module, there, disk, depth + 1)
    if any(isinstance(one, ast.Global) and name in one.names for one in walk(tree)):
        return ""
    return next((_kind(one, tree) for one in tree.body if _names(one) == name), "")


def _file(place: str) -> str:
    path = f"{place}.py"
    return path if os.path.isfile(path) else os.path.join(place, "__init__.py")


def _content(path: str) -> bytes | None:
    try:
        return regular_files.read(path) if path else None
    except OSError:
        return None


def _names(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _kind(statement: ast.stmt, tree: ast.Module) -> str:
    if isinstance(statement, ast.FunctionDef):
        return "" if statement.decorator_list else CALLABLE
    if isinstance(statement, ast.ClassDef):
        return MAKES_CALLABLES if _is_called(statement, tree) else ""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        made = [one for one in tree.body if _names(one) == value.func.id]
        once = len(made) == 1 and isinstance(made[0], ast.ClassDef)
        return CALLABLE if once and _kind(made[0], tree) else ""
    return CALLABLE if isinstance(value, ast.Lambda) else ""


def _is_called(node: ast.ClassDef, tree: ast.Module, depth: int = 0) -> bool:
    """Whether instances of a class can be called, and nothing brings it from elsewhere."""
    if node.decorator_list or node.keywords or depth == _DEEPEST:
        return False
    own = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    bases = [base.id if isinstance(base, ast.Name) else "" for base in node.bases]
    above = [
        [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == base]
        for base in bases
        if base != "object"
    ]
    if "__new__" in own or any(len(one) != 1 for one in above):
        return False
    inherited = [_is_called(one[0], tree, depth + 1) for one in above]
    return "__call__" in own if not above else all(inherited)
