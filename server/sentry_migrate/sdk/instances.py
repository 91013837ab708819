"""Of which class an expression gives an instance.

Owns following `self`, parameters by annotation, variables and attributes to the class statement or
its import, and a class to its bases. Refuses to know what classes hold.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import Binding, dotted, first_name
from sentry_migrate.python.flow import MANY
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk import type_comments
from sentry_migrate.sdk.value_types import is_nothing

_Class: TypeAlias = "cst.ClassDef | str"
"""A class of the text, or the dotted path of what is imported."""

_DEPTH = 3
"""How many attributes and variables are followed from one expression."""


class Instances:
    """The instances of one tree."""

    __slots__ = ("_fields", "_known", "_scopes", "_stored", "_tree")

    def __init__(self, tree: Tree, scopes: Scopes) -> None:
        self._tree = tree
        self._scopes = scopes
        self._fields: dict[tuple[int, str], cst.AnnAssign] | None = None
        self._known: dict[tuple[int, int], _Class | None] = {}
        self._stored: dict[tuple[str, int], dict[int, list[cst.CSTNode | None]]] = {}

    def of(self, node: cst.CSTNode | None) -> cst.ClassDef | None:
        """The class of what an expression gives, or the class that it is itself."""
        found = self._any(node)
        return found if isinstance(found, cst.ClassDef) else None

    def imported(self, node: cst.CSTNode) -> Iterator[str]:
        """The dotted paths that may be those of imported classes which give an expression what
        their instances have."""
        found = self._any(node)
        if isinstance(found, str):
            yield found
        for one in self.with_bases(found) if isinstance(found, cst.ClassDef) else ():
            for base in one.bases:
                path = self.called(dotted(base.value))
                if isinstance(path, str):
                    yield path

    def _any(self, node: cst.CSTNode | None, depth: int = _DEPTH) -> _Class | None:
        if node is None or not depth:
            return None
        key = (id(node), depth)
        if key not in self._known:
            self._known[key] = self._of(node, depth)
        return self._known[key]

    def _of(self, node: cst.CSTNode, depth: int) -> _Class | None:
        if isinstance(node, cst.Name):
            return self._named(self._scopes.reaching(node), depth)
        if isinstance(node, cst.Call):
            root = first_name(node.func)
            bindings = self._scopes.reaching(root) if root is not None else ()
            made = self._class(bindings[0]) if root is not None and len(bindings) == 1 else None
            if isinstance(made, str) and root is not None:
                return made + dotted(node.func)[len(root.value) :]
            return made if made is not None and node.func is root else None
        if isinstance(node, cst.Attribute):
            holder = self._any(node.value, depth - 1)
            if not isinstance(holder, cst.ClassDef):
                return None
            stores = self._stores(node.attr.value, depth - 1).get(id(holder), ())
            found = [self._any(value, depth - 1) for value in stores]
            return self._one(found or [self._field(holder, node.attr.value)])
        return None

    def _field(self, holder: cst.ClassDef, name: str) -> _Class | None:
        """The class that a field is annotated with, as those of dataclasses are."""
        if self._fields is None:
            self._fields = {}
            for node in self._tree.nodes(cst.AnnAssign):
                around = self._scopes.scope_of(node.target).node
                if isinstance(node.target, cst.Name) and isinstance(around, cst.ClassDef):
                    self._fields[id(around), node.target.value] = node
        for one in self.with_bases(holder):
            if (field := self._fields.get((id(one), name))) is not None:
                return self.called(_only(self._tree.code(field.annotation.annotation)))
        return None

    def _stores(self, name: str, depth: int) -> Mapping[int, Sequence[cst.CSTNode | None]]:
        """By id of a class, what the attribute of this name is given."""
        key = name, depth
        if key not in self._stored:
            known = self._stored[key] = {}
            for target, value in self._scopes.attributes.get(name, ()):
                if not is_nothing(value):
                    known.setdefault(id(self._any(target.value, depth)), []).append(value)
        return self._stored[key]

    def _named(self, bindings: Sequence[Binding], depth: int) -> _Class | None:
        if len(bindings) > MANY:
            return None
        found = [self._bound(one, depth) for one in bindings if not is_nothing(one.value)]
        return self._one(found)

    def _one(self, found: Sequence[_Class | None]) -> _Class | None:
        first = found[0] if found else None
        return first if all(one == first for one in found) else None

    def _bound(self, binding: Binding, depth: int) -> _Class | None:
        if isinstance(binding.node, cst.Param):
            return self._given(binding.node, binding.scope.node)
        if binding.kind == "assign" and binding.whole:
            return self._any(binding.value, depth - 1)
        return self._class(binding)

    def _class(self, binding: Binding) -> _Class | None:
        if isinstance(binding.node, cst.ClassDef):
            return binding.node
        return binding.path if binding.kind == "import" else None

    def _given(self, param: cst.Param, function: cst.CSTNode) -> _Class | None:
        """The class around a method for its first parameter; for another one that it is annotated
        with."""
        if not isinstance(function, cst.FunctionDef) or param.star:
            return None
        holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        params = [*function.params.posonly_params, *function.params.params]
        if isinstance(holder, cst.ClassDef) and params[:1] == [param]:
            decorators = {dotted(one.decorator) for one in function.decorators}
            return None if "staticmethod" in decorators else holder
        if param.annotation is not None:
            said = self._tree.code(param.annotation.annotation)
        else:
            said = type_comments.of_parameter(function, param)
        return self.called(_only(said))

    def called(self, name: str) -> _Class | None:
        """The only class of this dotted name in the module."""
        first, joint, rest = name.partition(".")
        bindings = self._scopes.module.bindings.get(first, ())
        found = self._class(bindings[0]) if len(bindings) == 1 else None
        return found + joint + rest if isinstance(found, str) else None if rest else found

    def with_bases(self, holder: cst.ClassDef) -> Iterator[cst.ClassDef]:
        """A class, and those that it inherits from, nearest first."""
        waiting, seen = [holder], set[int]()
        while waiting:
            one = waiting.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            bases = [self.called(dotted(base.value)) for base in one.bases]
            waiting = [*(base for base in bases if isinstance(base, cst.ClassDef)), *waiting]


def _only(annotation: str) -> str:
    """The one name of an annotation, None aside: `"Base"`, `Optional[Base]`, `Base | None`."""
    try:
        node = ast.parse(annotation.strip(), mode="eval").body
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Optional"):
        node = node.slice
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        node = node.left if node.right.value is None else node
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
