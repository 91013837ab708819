"""What attributes of instances hold: what every assignment in the class gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.instances import Instances
from sentry_migrate.sdk.results import PROPERTIES
from sentry_migrate.sdk.value_types import Obj, Ref, Value, instance, is_nothing, merge

_OfVariable: TypeAlias = tuple[cst.Name, "cst.BaseExpression | None"]
"""A variable, and what an attribute of it is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """An attribute of a class."""

    holder: cst.ClassDef
    name: str


def _is_set_later(value: cst.CSTNode | None) -> bool:
    """Whether a field of a dataclass has nothing before a method sets it: `field(init=False)`."""
    if not isinstance(value, cst.Call) or dotted(value.func).rpartition(".")[2] != "field":
        return False
    given = {one.keyword.value: one.value for one in value.args if one.keyword is not None}
    without = not given.keys() & {"default", "default_factory", "factory"}
    return without and is_nothing(given.get("init"))


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

    def given(self, function: cst.FunctionDef, node: cst.CSTNode) -> Value | None:
        """What a function gives, read at `node`."""


class Attributes:
    """The attributes of one tree."""

    __slots__ = (
        *(
            "_beside",
            "_by_class",
            "_fields",
            "_instances",
            "_named",
            "_overridden",
            "_scopes",
            "_stored",
            "_tree",
            "_values",
        ),
    )

    def __init__(self, tree: Tree, scopes: Scopes, instances: Instances, values: Evaluator) -> None:
        self._tree = tree
        self._scopes = scopes
        self._instances = instances
        self._named: frozenset[str] | None = None
        self._overridden: set[tuple[int, str]] | None = None
        """By id of a class, what classes that are derived from it have of their own."""
        self._values = values
        self._fields: dict[tuple[int, str], cst.AnnAssign] | None = None
        self._stored: dict[tuple[int, str], Stored] = {}
        self._beside: dict[str, dict[tuple[str, int], list[_OfVariable]]] = {}
        self._by_class: dict[
            str, dict[int, list[tuple[cst.Attribute, cst.BaseExpression | None]]]
        ] = {}

    def value(self, node: cst.Attribute) -> Value | None:
        """An attribute that every assignment in the class, or else in its base, gives the same
        value."""
        name = node.attr.value
        if name not in self._names():
            return None
        holder = self._instances.of(node.value)
        if holder is None:
            return self._near(node) if isinstance(node.value, cst.Name) else None
        one = self.owner(holder, name)
        if one is None:
            return None
        key = (id(one), name)
        if key not in self._stored:
            self._stored[key] = Stored(one, name)
        return self._values.held(self._stored[key])

    def owner(self, holder: cst.ClassDef, name: str) -> cst.ClassDef | None:
        """The class of the text that has an attribute which instances of `holder` have."""
        for one in self._instances.with_bases(holder):
            own = self._scopes.scopes[id(one)].bindings
            if name in own or (id(one), name) in self.fields() or self._stores(name, one):
                return one
        return None

    def _near(self, node: cst.Attribute) -> Value | None:
        """What the same function gives this attribute of the same variable."""
        assert isinstance(node.value, cst.Name)
        bindings = self._scopes.reaching(node.value)
        if len(bindings) != 1:
            return None
        values = [
            self._values.of(value)
            for variable, value in self._stores_beside(node.attr.value, node.value)
            if variable is not node.value
            and list(self._scopes.reaching(variable)) == list(bindings)
        ]
        value = merge(values)
        return instance(value, node) if isinstance(value, Obj) and value.type == "Hub" else None

    def _stores_beside(self, name: str, variable: cst.Name) -> Sequence[_OfVariable]:
        """What a function gives the attribute `name` of what is called as this `variable`."""
        known = self._beside.get(name)
        if known is None:
            known = self._beside[name] = {}
            for target, value in self._scopes.attributes.get(name, ()):
                if isinstance(target.value, cst.Name):
                    scope = self._scopes.scope_of(target.value).function()
                    key = target.value.value, id(scope)
                    known.setdefault(key, []).append((target.value, value))
        scope = self._scopes.scope_of(variable).function()
        return known.get((variable.value, id(scope)), ())

    def _names(self) -> frozenset[str]:
        """What attributes of classes of the text are called."""
        if self._named is None:
            scopes = self._scopes.scopes.values()
            bound = (name for scope in scopes if scope.kind == "class" for name in scope.bindings)
            fields = (name for _, name in self.fields())
            self._named = frozenset((*bound, *fields, *self._scopes.attributes))
        return self._named

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
            if isinstance(binding.node, cst.FunctionDef):
                values.append(self._property(binding.node))
            elif not is_nothing(binding.value) and not _is_set_later(binding.value):
                values.append(self._values.bound(binding))
        merged = merge(values) if values else None
        if merged is None:  # what it is given says more than what it is declared as
            merged = merge([one for one in declared if one is not None])
        if isinstance(merged, Obj):
            return replace(merged, held="attribute", via=None)
        if isinstance(merged, Ref):  # whoever makes one may give another, or a heir has another
            of_fields = field is not None and bool(stored.holder.decorators or stored.holder.bases)
            replaced = of_fields or self._is_overridden(stored)
            return replace(merged, given=merged.given or replaced)
        return merged

    def _is_overridden(self, stored: Stored) -> bool:
        """Whether a class of the text that inherits an attribute has one of its own."""
        if self._overridden is None:
            own: dict[int, set[str]] = {}
            for holder, name in self.fields():
                own.setdefault(holder, set()).add(name)
            for name in self._scopes.attributes:
                for holder in self._stored_by_class(name):
                    own.setdefault(holder, set()).add(name)
            self._overridden = set()
            for scope in self._scopes.scopes.values():
                if isinstance(scope.node, cst.ClassDef):
                    names = own.get(id(scope.node), set()).union(scope.bindings)
                    _, *bases = self._instances.with_bases(scope.node)
                    self._overridden |= {(id(base), name) for base in bases for name in names}
        return (id(stored.holder), stored.name) in self._overridden

    def _property(self, function: cst.FunctionDef) -> Value | None:
        decorators = {dotted(one.decorator).rpartition(".")[2] for one in function.decorators}
        return self._values.given(function, function) if decorators & PROPERTIES else None

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
        return self._stored_by_class(name).get(id(holder), ())

    def _stored_by_class(
        self, name: str
    ) -> Mapping[int, Sequence[tuple[cst.Attribute, cst.BaseExpression | None]]]:
        """By id of a class, the assignments to attributes of this name."""
        known = self._by_class.get(name)
        if known is None:
            known = self._by_class[name] = {}
            for store in self._scopes.attributes.get(name, ()):
                around = self._instances.of(store[0].value)
                around = around or self._tree.enclosing(store[0], cst.ClassDef)
                known.setdefault(id(around), []).append(store)
        return known
