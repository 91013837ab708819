"""What attributes of `self` hold: what every assignment in the class gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import libcst as cst

from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import Obj, Value, is_nothing, merge


class Evaluator(Protocol):
    """What is asked of the values the attributes are given."""

    def of(self, node: cst.CSTNode | None) -> Value | None:
        """The value of an expression."""

    def entered(self, manager: cst.CSTNode) -> Value | None:
        """What `with manager as x` binds."""

    def bound(self, binding: Binding) -> Value | None:
        """What a binding gives its name."""


class Attributes:
    """The attributes of one tree."""

    __slots__ = ("_by_class", "_scopes", "_tree", "_values")

    def __init__(self, tree: Tree, scopes: Scopes, values: Evaluator) -> None:
        self._tree = tree
        self._scopes = scopes
        self._values = values
        self._by_class: dict[
            str, dict[int, list[tuple[cst.Attribute, cst.BaseExpression | None]]]
        ] = {}

    def value(self, node: cst.Attribute) -> Value | None:
        """An attribute of `self` that every assignment in the class gives the same value."""
        if not isinstance(node.value, cst.Name):
            return None
        holder = self._tree.enclosing(node, cst.ClassDef)
        if holder is None or node.value.value != self._self_name(node):
            return None
        values: list[Value | None] = []
        for target, value in self._stores(node.attr.value, holder):
            if not isinstance(target.value, cst.Name) or is_nothing(value):
                continue
            stored = self._values.of(value)
            if isinstance(self._tree.parent(target), cst.AsName) and value is not None:
                stored = self._values.entered(value)
            values.append(stored)
        for binding in self._scopes.scopes[id(holder)].bindings.get(node.attr.value, ()):
            if not is_nothing(binding.value):
                values.append(self._values.bound(binding))
        value_all = merge(values) if values else None
        if isinstance(value_all, Obj):
            return replace(value_all, held="attribute", via=None)
        return value_all

    def _stores(
        self, name: str, holder: cst.ClassDef
    ) -> Sequence[tuple[cst.Attribute, cst.BaseExpression | None]]:
        """The assignments to attributes of this name in one class."""
        known = self._by_class.get(name)
        if known is None:
            known = self._by_class[name] = {}
            for store in self._scopes.attributes.get(name, ()):
                around = self._tree.enclosing(store[0], cst.ClassDef)
                known.setdefault(id(around), []).append(store)
        return known.get(id(holder), ())

    def _self_name(self, node: cst.CSTNode) -> str:
        function = self._tree.enclosing(node, cst.FunctionDef)
        while function is not None:
            holder = self._tree.parent(self._tree.parent(function) or function)
            if isinstance(holder, cst.ClassDef):
                params = [*function.params.posonly_params, *function.params.params]
                return params[0].name.value if params else ""
            function = self._tree.enclosing(function, cst.FunctionDef)
        return ""
