"""Where members of a text's classes are read, given and called, inheritance included.

Owns which classes an instance may be of. Refuses to know what members hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.instances import Instances


class ClassMembers:
    """The members of the classes of one tree."""

    def __init__(self, tree: Tree, scopes: Scopes) -> None:
        self._tree = tree
        self._scopes = scopes
        self._instances = Instances(tree, scopes)

    def imported(self, node: cst.BaseExpression) -> Iterator[str]:
        """The dotted paths of imported classes which give an expression what instances have."""
        return self._instances.imported(node)

    def read(self, name: str, owners: Sequence[cst.ClassDef]) -> Iterator[cst.Attribute]:
        """Where an attribute of instances of some classes is read or changed."""
        for node in self._attributes.get(name, ()):
            if any(one in owners for one in self.lineage(node.value)):
                yield node

    @cached_property
    def _attributes(self) -> dict[str, list[cst.Attribute]]:
        found: dict[str, list[cst.Attribute]] = {}
        for node in self._tree.nodes(cst.Attribute):
            found.setdefault(node.attr.value, []).append(node)
        return found

    def is_meant(self, owner: cst.ClassDef, name: str, lineage: Sequence[cst.ClassDef]) -> bool:
        """Whether what a class has by a name is not replaced in all of a lineage below it."""
        scopes = self._scopes.scopes
        first = next((one for one in lineage if name in scopes[id(one)].bindings), owner)
        return owner is first or owner not in [*self._instances.with_bases(first)]

    def lineage(self, node: cst.BaseExpression) -> Sequence[cst.ClassDef]:
        """The class that an expression is or gives an instance of, with those that it inherits from
        and, as `self` may be of one of them, those that inherit from it."""
        base = isinstance(node, cst.Call) and dotted(node.func) == "super"
        holder = self._tree.enclosing(node, cst.ClassDef) if base else self._instances.of(node)
        if not isinstance(holder, cst.ClassDef):
            return ()
        above = [*self._instances.with_bases(holder)]
        return above[1:] if base else [*above, *self._below.get(id(holder), ())]

    @cached_property
    def _below(self) -> dict[int, list[cst.ClassDef]]:
        """By id of a class, those that inherit from it."""
        found: dict[int, list[cst.ClassDef]] = {}
        for one in self._tree.nodes(cst.ClassDef):
            for base in self._instances.with_bases(one):
                if base is not one:
                    found.setdefault(id(base), []).append(one)
        return found

    def calls_of(self, function: cst.FunctionDef) -> Iterator[tuple[cst.Call, int]]:
        """The calls of a function, or of the class that it makes instances of, and how many of its
        parameters they do not give."""
        holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        called: cst.FunctionDef | cst.ClassDef = function
        loads: list[cst.BaseExpression] = []
        if isinstance(holder, cst.ClassDef):
            if function.name.value == "__init__":
                called = holder
                for base in self._below.get(id(holder), ()):
                    if "__init__" not in self._scopes.scopes[id(base)].bindings:
                        loads += self._scopes.reads_of_definition(base)
            loads += self.read(function.name.value, [holder])
        loads += self._scopes.reads_of_definition(called)
        static = any(dotted(one.decorator) == "staticmethod" for one in function.decorators)
        for load in loads:
            call = self._tree.parent(load)
            if isinstance(call, cst.Call) and call.func is load:
                yield call, int(isinstance(holder, cst.ClassDef) and not static)

    def field(self, instance: cst.BaseExpression, name: str) -> Iterator[cst.CSTNode]:
        """Where a field of an instance is declared, given and read, by its name there."""
        for owner in self.lineage(instance):
            yield from (one.node for one in self._scopes.scopes[id(owner)].bindings.get(name, ()))
            for declared in self._tree.nodes(cst.AnnAssign):
                if self._is_field(declared.target, name, owner):
                    yield declared.target
            yield from (one.attr for one in self.read(name, [owner]))
            yield from self._keywords(owner, name)

    def _is_field(self, target: cst.CSTNode, key: str, owner: cst.ClassDef) -> bool:
        named = isinstance(target, cst.Name) and target.value == key
        return named and self._tree.enclosing(target, cst.ClassDef, cst.FunctionDef) is owner

    def _keywords(self, owner: cst.ClassDef, key: str) -> Iterator[cst.CSTNode]:
        """Where a class is given the field `key` by name."""
        for call in map(self._tree.parent, self._scopes.reads_of_definition(owner)):
            for arg in call.args if isinstance(call, cst.Call) else ():
                if arg.keyword is not None and arg.keyword.value == key:
                    yield arg.keyword
