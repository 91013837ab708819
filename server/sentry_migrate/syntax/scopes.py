"""Which bindings a name can mean where it is read.

Owns looking names up, and an approximation of control flow inside one scope. Knows nothing of
sentry_sdk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.syntax.binder import Binder
from sentry_migrate.syntax.bindings import Binding, Scope
from sentry_migrate.syntax.tree import Tree


class Scopes:
    """All scopes of a tree, and the scope of every name that is read."""

    __slots__ = (
        "_chains",
        "_order",
        "_reads",
        "_scope_of",
        "attributes",
        "loads",
        "module",
        "scopes",
        "tree",
    )

    def __init__(self, tree: Tree) -> None:
        bound = Binder(tree)
        self.tree = tree
        self.module = bound.module
        self.scopes = bound.scopes
        """By id of the node that opens the scope."""
        self.loads = bound.loads
        """The names that are read, by name."""
        self.attributes = bound.attributes
        """`x.name = value` anywhere, by attribute name; None where the value is not one node."""
        self._scope_of = bound.scope_of
        self._chains: dict[int, list[tuple[int, str]]] = {}
        self._order: dict[int, list[Binding]] = {}
        self._reads: dict[str, dict[int, list[cst.Name]]] = {}

    def scope_of(self, name: cst.CSTNode) -> Scope:
        """The scope a node's code runs in."""
        at: cst.CSTNode | None = name
        while at is not None:
            scope = self._scope_of.get(id(at))
            if scope is not None:
                return scope
            at = self.tree.parent(at)
            if at is not None and id(at) in self.scopes:
                return self.scopes[id(at)]
        return self.module

    def lookup(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose binding `name` means when read in `scope`; None for builtins."""
        at: Scope | None = scope
        while at is not None:
            declared = at.elsewhere.get(name)
            if declared == "global":
                return self.module if name in self.module.bindings else None
            if declared is None and name in at.bindings and (at is scope or at.kind != "class"):
                return at
            at = at.parent
        return None

    def reaching(self, name: cst.Name) -> Sequence[Binding]:
        """The bindings the read `name` can mean; empty for builtins and unknown names."""
        use_scope = self._scope_of.get(id(name), self.module)
        scope = self.lookup(name.value, use_scope)
        if scope is None:
            return ()
        bindings = scope.bindings[name.value]
        if len(bindings) == 1 or use_scope.function() is not scope:
            return bindings
        return self._flow(bindings, name)

    def reads_in(self, scope: Scope, name: str) -> list[cst.Name]:
        """Every read of `name` that means the name of this scope."""
        known = self._reads.get(name)
        if known is None:
            known = self._reads[name] = {}
            for load in self.loads.get(name, ()):
                home = self.lookup(name, self.scope_of(load))
                if home is not None:
                    known.setdefault(id(home), []).append(load)
        return known.get(id(scope), [])

    def bound_by(self, name: cst.Name) -> Binding | None:
        """The binding that an assignment to `name` makes."""
        scope = self.lookup(name.value, self.scope_of(name))
        for binding in scope.bindings[name.value] if scope is not None else ():
            if binding.node is name:
                return binding
        return None

    def _flow(self, bindings: Sequence[Binding], use: cst.CSTNode) -> Sequence[Binding]:
        at = self.tree.span(use)[0]
        use_chain = self.chain(use)
        inside = set(use_chain)
        order = self._order.get(id(bindings))
        if order is None:
            order = self._order[id(bindings)] = sorted(bindings, key=lambda one: one.at)
        middle = bisect_right(order, at, key=lambda one: one.at)
        result: list[Binding] = []
        last: Binding | None = None
        for index in range(middle - 1, -1, -1):
            binding = order[index]
            if self._exclusive(binding, use_chain):
                continue
            result.append(binding)
            if self._dominates(binding, inside):
                last = binding
                break
        result.reverse()
        around = {link for link in use_chain if link[1] == "loop"}
        if last is not None:
            around.difference_update(self.chain(last.node))
        if around:
            # What an earlier turn of a loop bound below.
            for binding in order[middle:]:
                if around.intersection(self.chain(binding.node)):
                    result.append(binding)
        return result or bindings

    def chain(self, node: cst.CSTNode) -> list[tuple[int, str]]:
        """The branches a node stands in, innermost first: (id of the compound, which branch)."""
        known = self._chains.get(id(node))
        if known is not None:
            return known
        result: list[tuple[int, str]] = []
        child: cst.CSTNode = node
        for parent in self.tree.ancestors(node):
            if id(parent) in self.scopes:
                break
            label = _branch(parent, child)
            if label:
                result.append((id(parent), label))
            child = parent
        self._chains[id(node)] = result
        return result

    def _dominates(self, binding: Binding, inside: set[tuple[int, str]]) -> bool:
        for link in self.chain(binding.node):
            if link in inside:
                continue
            if link[1] == "try" and (link[0], "try-else") in inside:
                continue
            if binding.kind == "for" and link[0] == id(self.tree.parent(binding.node)):
                return False
            return False
        return True

    def _exclusive(self, binding: Binding, use: Sequence[tuple[int, str]]) -> bool:
        mine = dict(self.chain(binding.node))
        for compound, label in use:
            other = mine.get(compound)
            if other is not None and other != label and {other, label} <= {"if", "else"}:
                return True
        return False


def _branch(parent: cst.CSTNode, child: cst.CSTNode) -> str:
    """Which conditional part of `parent` holds `child`; empty when it always runs."""
    if isinstance(parent, cst.If):
        return "if" if child is parent.body else "else" if child is parent.orelse else ""
    if isinstance(parent, cst.For | cst.While):
        return "loop" if child is parent.body else "after" if child is parent.orelse else ""
    if isinstance(parent, cst.Try | cst.TryStar):
        if child is parent.body:
            return "try"
        if child is parent.orelse:
            return "try-else"
        return "" if child is parent.finalbody else f"except{id(child)}"
    if isinstance(parent, cst.Match):
        return f"case{id(child)}" if child is not parent.subject else ""
    if isinstance(parent, cst.IfExp):
        return "if" if child is parent.body else "else" if child is parent.orelse else ""
    if isinstance(parent, cst.BooleanOperation):
        return "right" if child is parent.right else ""
    return ""
