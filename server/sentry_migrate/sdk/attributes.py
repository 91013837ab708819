"""What attributes of `self` hold: what every assignment in the class gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Obj, Value, is_nothing, merge


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """An attribute of a class."""

    holder: cst.ClassDef
    name: str


class Evaluator(Protocol):
    """What is asked of the values the attributes are given."""

    def of(self, node: cst.CSTNode | None) -> Value | None:
        """The value of an expression."""

    def entered(self, manager: cst.CSTNode) -> Value | None:
        """What `with manager as x` binds."""

    def held(self, stored: Stored) -> Value | None:
        """What an attribute holds."""

    def declared(self, target: cst.CSTNode, value: cst.CSTNode | None) -> Value | None:
        """What an attribute holds by the annotation of an assignment, or by what is put into the
        container that it is given."""

    def bound(self, binding: Binding) -> Value | None:
        """What a binding gives its name."""


class Attributes:
    """The attributes of one tree."""

    __slots__ = ("_by_class", "_fields", "_scopes", "_stored", "_tree", "_values")

    def __init__(self, tree: Tree, scopes: Scopes, values: Evaluator) -> None:
        self._tree = tree
        self._scopes = scopes
        self._values = values
        self._fields: dict[tuple[int, str], cst.AnnAssign] | None = None
        self._stored: dict[tuple[int, str], Stored] = {}
        self._by_class: dict[
            str, dict[int, list[tuple[cst.Attribute, cst.BaseExpression | None]]]
        ] = {}

    def value(self, node: cst.Attribute) -> Value | None:
        """An attribute of `self` that every assignment in the class gives the same value."""
        if not isinstance(node.value, cst.Name):
            return None
        holder = self._tree.enclosing(node, cst.ClassDef)
        if holder is None or node.value.value != self.self_name(node):
            return None
        key = (id(holder), node.attr.value)
        if key not in self._stored:
            self._stored[key] = Stored(holder, node.attr.value)
        return self._values.held(self._stored[key])

    def held(self, stored: Stored) -> Value | None:
        """What every assignment in the class gives an attribute."""
        values: list[Value | None] = []
        field = self.fields().get((id(stored.holder), stored.name))
        declared = [] if field is None else [self._values.declared(field.target, field.value)]
        for target, value in self._stores(stored.name, stored.holder):
            if not isinstance(target.value, cst.Name):
                continue
            declared.append(self._values.declared(target, value))
            if is_nothing(value):
                continue
            given = self._values.of(value)
            if isinstance(self._tree.parent(target), cst.AsName) and value is not None:
                given = self._values.entered(value)
            values.append(given)
        scope = self._scopes.scopes[id(stored.holder)]
        for binding in scope.bindings.get(stored.name, ()):
            if not is_nothing(binding.value):
                values.append(self._values.bound(binding))
        merged = merge(values) if values else None
        if merged is None:  # what it is given says more than what it is declared as
            merged = merge([one for one in declared if one is not None])
        if isinstance(merged, Obj):
            return replace(merged, held="attribute", via=None)
        return merged

    def fields(self) -> Mapping[tuple[int, str], cst.AnnAssign]:
        """By id of the class and name, what class bodies annotate, as those of dataclasses do."""
        if self._fields is None:
            self._fields = {}
            for node in self._tree.nodes(cst.AnnAssign):
                holder = self._scopes.scope_of(node.target).node
                if isinstance(node.target, cst.Name) and isinstance(holder, cst.ClassDef):
                    self._fields[id(holder), node.target.value] = node
        return self._fields

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

    def self_name(self, node: cst.CSTNode) -> str:
        """What the instance is called in the method around a node; empty outside methods."""
        function = self._tree.enclosing(node, cst.FunctionDef)
        while function is not None:
            holder = self._tree.parent(self._tree.parent(function) or function)
            if isinstance(holder, cst.ClassDef):
                params = [*function.params.posonly_params, *function.params.params]
                return params[0].name.value if params else ""
            function = self._tree.enclosing(function, cst.FunctionDef)
        return ""
