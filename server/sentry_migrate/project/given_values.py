"""Whether a function is given something for a parameter that another file made, or that it makes.

A parameter or a field that is annotated with a class of the SDK may get the project's own object,
which has less. Owns the kinds of the plan for that, and the look at one file with the standard
library's parser. By the function's name, whatever else has it; what a file itself was given counts
as right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sentry_migrate.project.modules import SDK, parsed
from sentry_migrate.project.syntax_nodes import walk

OWN_VALUE = "own-value:"
"""Begins the kind of code that gives such a value to a parameter."""


ANYWHERE = -2
"""The number of an argument that is given somewhere."""
_STORED = "="


def own_value_key(function: str, parameter: str, index: int, stored: bool = False) -> str:
    """The kind of code that gives the parameter of a function a value of the project's own. `index`
    is its number among the arguments, -1 for one that is given by keyword alone. A field of a class
    may also be `stored`."""
    return f"{OWN_VALUE}{function}:{parameter}:{index}{_STORED if stored else ''}"


def own_value(kind: str, data: bytes) -> int:
    """The line of the first code of that kind in a file; 0 if there is none."""
    function, parameter, index = kind.removeprefix(OWN_VALUE).split(":")
    stored = index.endswith(_STORED)
    if function.encode() not in data and not (stored and f".{parameter}".encode() in data):
        return 0
    tree = parsed(data)
    if tree is None:
        return 1
    return _Look(tree, function).first(parameter, int(index.rstrip(_STORED)), stored)


class _Look:
    def __init__(self, tree: ast.Module, function: str) -> None:
        self._names = {function}
        """What the function is called."""
        self._nodes = list(walk(tree))
        self._sdk: set[str] = set()
        """Names that are imported from the SDK."""
        self._own: set[str] = set()
        """Those of other imports, and of functions and classes of the file."""
        self._values: dict[str, list[ast.expr]] = {}
        """By variable, what it is given; of a loop, what that goes through."""
        for node in self._nodes:
            self._bind(node)

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            home = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for one in node.names:
                path = f"{home}.{one.name}".lstrip(".")
                known = self._sdk if path.partition(".")[0] == SDK else self._own
                known.add(one.asname or one.name.partition(".")[0])
                if one.asname and one.name in self._names:
                    self._names.add(one.asname)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._own.add(node.name)
            if any(map(self._is_function, getattr(node, "bases", ()))):
                self._names.add(node.name)
        elif isinstance(node, ast.Assign):
            self._store(node.targets, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._store([node.target], node.iter)
        elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value is not None:
            self._store([node.target], node.value)

    def _store(self, targets: list[ast.expr], value: ast.expr) -> None:
        for target in targets:
            if not isinstance(target, ast.Attribute | ast.Subscript):
                for one in walk(target):
                    if isinstance(one, ast.Name):
                        self._values.setdefault(one.id, []).append(value)

    def first(self, parameter: str, index: int, stored: bool) -> int:
        for node in self._nodes:
            given: list[ast.expr] = []
            if isinstance(node, ast.Call):
                given = [*self._given(node, parameter, index)]
            elif stored and isinstance(node, ast.Assign):
                if any(getattr(one, "attr", "") == parameter for one in node.targets):
                    given = [node.value]
            if any(self._is_own(value, set()) for value in given):
                return int(getattr(node, "lineno", 1))
        return 0

    def _given(self, call: ast.Call, parameter: str, index: int) -> Iterator[ast.expr]:
        """What a call gives the parameter; of one that is given the function, what it is given."""
        if self._is_function(call.func):
            yield from call.args if index == ANYWHERE else ()
            yield from call.args[index : index + 1] if index >= 0 else ()
            yield from (one.value for one in call.keywords if one.arg == parameter)
            return
        given = [*call.args, *(one.value for one in call.keywords)]
        if any(map(self._is_function, given)):
            yield from (one for one in given if not self._is_function(one))

    def _is_function(self, node: ast.expr) -> bool:
        return getattr(node, "attr", getattr(node, "id", None)) in self._names

    def _is_own(self, node: ast.expr, seen: set[str]) -> bool:
        """Whether a value may be of the project or of another package."""
        if isinstance(node, ast.Starred | ast.Subscript | ast.Await):
            return self._is_own(node.value, seen)
        if isinstance(node, ast.IfExp | ast.BoolOp):
            parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
            return any(self._is_own(one, seen) for one in parts)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return any(self._is_own(one, seen) for one in node.elts)
        if isinstance(node, ast.Dict):
            return any(self._is_own(one, seen) for one in node.values)
        while isinstance(node, ast.Call | ast.Attribute):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name) or node.id in (SDK, *self._sdk) or node.id in seen:
            return False
        seen.add(node.id)
        values = self._values.get(node.id, ())
        return node.id in self._own or any(self._is_own(one, seen) for one in values)
