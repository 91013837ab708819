"""Walks a tree once and binds every name: Python's scoping rules.

Owns what opens a scope and what binds a name. Knows nothing of sentry_sdk, nor which binding a
name means where it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from sentry_migrate.python.bindings import Binding, BindingKind, Scope, ScopeKind, dotted
from sentry_migrate.python.replaced import Store, replaced
from sentry_migrate.python.tree import Tree, children


class Binder:
    """All scopes of a tree, the names that are read, and the attributes that are stored to."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.module = Scope("module", tree.module, None)
        self.scopes: dict[int, Scope] = {id(tree.module): self.module}
        self.loads: dict[str, list[cst.Name]] = {}
        self.attributes: dict[str, list[tuple[cst.Attribute, cst.BaseExpression | None]]] = {}
        self.scope_of: dict[int, Scope] = {}
        self.bound: dict[int, Binding] = {}
        """By id of what a binding's `node` is."""
        self._nonlocal: list[Binding] = []
        self._stores: list[Store] = []
        for statement in tree.module.body:
            self._visit(statement, self.module)
        for binding in self._nonlocal:
            self._bind_nonlocal(binding)
        self.replaced = [*replaced(tree, self._stores)]
        for one in self.replaced:
            if one.own and one.name:
                found = self.module.bindings.setdefault(one.name, [])
                at = tree.span(one.node)[1]
                found.append(Binding(one.name, "other", one.node, self.module, at, remote=True))

    def _bind(
        self,
        scope: Scope,
        name: str,
        kind: BindingKind,
        node: cst.CSTNode,
        at: int,
        value: cst.CSTNode | None = None,
        path: str = "",
        statement: cst.CSTNode | None = None,
        whole: bool = True,
    ) -> None:
        declared = scope.elsewhere.get(name)
        home = self.module if declared == "global" else scope
        binding = Binding(
            name, kind, node, home, at, value, path, statement, whole, declared is not None
        )
        self.bound[id(node)] = binding
        if declared == "nonlocal":
            self._nonlocal.append(binding)  # the function around may bind the name further down
        else:
            home.bindings.setdefault(name, []).append(binding)

    def _bind_nonlocal(self, binding: Binding) -> None:
        outer = binding.scope.parent
        while outer is not None and (
            outer.kind != "function" or binding.name not in outer.bindings
        ):
            outer = outer.parent
        binding.scope = outer or binding.scope
        binding.scope.bindings.setdefault(binding.name, []).append(binding)

    def _visit(self, node: cst.CSTNode, scope: Scope) -> None:
        handler = getattr(self, f"_on_{type(node).__name__}", self._on_other)
        handler(node, scope)

    def _on_other(self, node: cst.CSTNode, scope: Scope) -> None:
        for child in children(node):
            self._visit(child, scope)

    def _all(self, nodes: Sequence[cst.CSTNode | None], scope: Scope) -> None:
        for node in filter(None, nodes):
            self._visit(node, scope)

    def _all_outside(self, nodes: Sequence[cst.CSTNode | None], scope: Scope) -> None:
        """Visit what stands in a node that opens a scope, and runs in the scope around it."""
        self.scope_of.update((id(node), scope) for node in nodes if node is not None)
        self._all(nodes, scope)

    def _on_Name(self, node: cst.Name, scope: Scope) -> None:
        self.scope_of[id(node)] = scope
        self.loads.setdefault(node.value, []).append(node)

    def _on_Attribute(self, node: cst.Attribute | cst.Arg, scope: Scope) -> None:
        self._visit(node.value, scope)

    def _on_Import(self, node: cst.Import, scope: Scope) -> None:
        for alias in node.names:
            path = dotted(alias.name)
            end = self.tree.span(node)[1]
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self._bind(scope, alias.asname.name.value, "import", alias, end, None, path, node)
            else:
                first = path.split(".", 1)[0]
                self._bind(scope, first, "import", alias, end, None, first, node)

    def _on_ImportFrom(self, node: cst.ImportFrom, scope: Scope) -> None:
        prefix = "." * len(node.relative) + (dotted(node.module) if node.module else "")
        end = self.tree.span(node)[1]
        if isinstance(node.names, cst.ImportStar):
            self._bind(scope, "*", "star", node, end, None, prefix, node)
            return
        for alias in node.names:
            name = dotted(alias.name)
            bound = name
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                bound = alias.asname.name.value
            joint = "" if prefix.endswith(".") else "."
            self._bind(scope, bound, "import", alias, end, None, prefix + joint + name, node)

    def _on_FunctionDef(self, node: cst.FunctionDef, scope: Scope) -> None:
        self._all_outside([*node.decorators, node.returns], scope)
        self._bind(scope, node.name.value, "def", node, self.tree.span(node)[0])
        inner = self._open("function", node, scope)
        self._parameters(node.params, scope, inner)
        self._declare(node.body, inner)
        self._visit(node.body, inner)

    def _on_Lambda(self, node: cst.Lambda, scope: Scope) -> None:
        inner = self._open("function", node, scope)
        self._parameters(node.params, scope, inner)
        self._visit(node.body, inner)

    def _open(self, kind: ScopeKind, node: cst.CSTNode, parent: Scope) -> Scope:
        return self.scopes.setdefault(id(node), Scope(kind, node, parent))

    def _parameters(self, params: cst.Parameters, outer: Scope, inner: Scope) -> None:
        stars = [one for one in (params.star_arg, params.star_kwarg) if isinstance(one, cst.Param)]
        for param in [*params.posonly_params, *params.params, *params.kwonly_params, *stars]:
            self._all_outside([param.annotation, param.default], outer)
            at = self.tree.span(param)[0]
            self._bind(inner, param.name.value, "param", param, at, param.default)

    def _declare(self, body: cst.CSTNode, scope: Scope) -> None:
        """Find `global` and `nonlocal` before the bindings they redirect."""
        stack = [body]
        while stack:
            node = stack.pop()
            if isinstance(node, cst.Global | cst.Nonlocal):
                word: Literal["global", "nonlocal"] = (
                    "global" if isinstance(node, cst.Global) else "nonlocal"
                )
                for item in node.names:
                    scope.elsewhere[item.name.value] = word
            elif not isinstance(node, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
                stack.extend(children(node))

    def _on_ClassDef(self, node: cst.ClassDef, scope: Scope) -> None:
        self._all_outside([*node.decorators, *node.bases, *node.keywords], scope)
        self._bind(scope, node.name.value, "class", node, self.tree.span(node)[1])
        inner = self._open("class", node, scope)
        self._declare(node.body, inner)
        self._visit(node.body, inner)

    def _on_ListComp(self, node: cst.BaseComp, scope: Scope) -> None:
        inner = self._open("comprehension", node, scope)
        part: cst.CompFor | None = node.for_in
        outer = scope
        while part is not None:
            self._all_outside([part.iter], outer)
            self._target(part.target, inner, "for", self.tree.span(part)[0], None)
            self._all(part.ifs, inner)
            part, outer = part.inner_for_in, inner
        if isinstance(node, cst.DictComp):
            self._all([node.key, node.value], inner)
        else:
            self._visit(node.elt, inner)  # type: ignore[attr-defined]

    def _on_Assign(self, node: cst.Assign, scope: Scope) -> None:
        self._visit(node.value, scope)
        end = self.tree.span(node)[1]
        for target in node.targets:
            self._target(target.target, scope, "assign", end, node.value)

    def _on_AnnAssign(self, node: cst.AnnAssign, scope: Scope) -> None:
        self._all([node.annotation, node.value], scope)
        end = self.tree.span(node)[1]
        if node.value is not None or not isinstance(node.target, cst.Name):
            self._target(node.target, scope, "assign", end, node.value)

    def _on_AugAssign(self, node: cst.AugAssign, scope: Scope) -> None:
        self._all([node.value], scope)
        if isinstance(node.target, cst.Name):
            self._on_Name(node.target, scope)
        self._target(node.target, scope, "other", self.tree.span(node)[1], None)

    def _on_NamedExpr(self, node: cst.NamedExpr, scope: Scope) -> None:
        self._visit(node.value, scope)
        end = self.tree.span(node)[1]
        self._target(node.target, scope.function(), "assign", end, node.value)

    def _on_For(self, node: cst.For, scope: Scope) -> None:
        self._visit(node.iter, scope)
        self._target(node.target, scope, "for", self.tree.span(node.iter)[1], node.iter)
        self._all([node.body, node.orelse], scope)

    def _on_With(self, node: cst.With, scope: Scope) -> None:
        for item in node.items:
            self._visit(item.item, scope)
            if item.asname is not None:
                end = self.tree.span(item)[1]
                self._target(item.asname.name, scope, "with", end, item.item)
        self._visit(node.body, scope)

    def _on_ExceptHandler(
        self, node: cst.ExceptHandler | cst.ExceptStarHandler, scope: Scope
    ) -> None:
        self._all([node.type], scope)
        if node.name is not None:
            self._target(node.name.name, scope, "except", self.tree.span(node.name)[1], None)
        self._visit(node.body, scope)

    def _on_Del(self, node: cst.Del, scope: Scope) -> None:
        many = node.target.elements if isinstance(node.target, cst.Tuple) else None
        for target in [node.target] if many is None else [element.value for element in many]:
            if isinstance(target, cst.Name):
                self._bind(scope, target.value, "del", target, self.tree.span(node)[1])
            else:
                self._stores.append((target, None))
                self._visit(target, scope)

    def _on_MatchAs(self, node: cst.CSTNode, scope: Scope) -> None:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, cst.Name):
            self._target(name, scope, "other", self.tree.span(name)[1], None)
        for child in children(node):
            if child is not name:
                self._visit(child, scope)

    def _target(
        self,
        target: cst.CSTNode,
        scope: Scope,
        kind: BindingKind,
        at: int,
        value: cst.CSTNode | None,
        whole: bool = True,
    ) -> None:
        if isinstance(target, cst.Name):
            self.scope_of[id(target)] = scope
            self._bind(scope, target.value, kind, target, at, value, whole=whole)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._target(element.value, scope, kind, at, value, whole=False)
        elif isinstance(target, cst.StarredElement):
            self._target(target.value, scope, kind, at, value, whole=False)
        else:
            known = value if whole and isinstance(value, cst.BaseExpression) else None
            if kind not in ("assign", "with"):
                known = None
            self._stores.append((target, known if kind == "assign" else None))
            if isinstance(target, cst.Attribute):
                self.attributes.setdefault(target.attr.value, []).append((target, known))
                self._visit(target.value, scope)
            else:
                self._visit(target, scope)

    def _on_Global(self, node: cst.CSTNode, scope: Scope) -> None: ...

    _on_Arg = _on_Attribute
    _on_SetComp = _on_GeneratorExp = _on_DictComp = _on_ListComp
    _on_ExceptStarHandler = _on_ExceptHandler
    _on_MatchStar = _on_MatchAs
    _on_MatchMapping = _on_MatchAs
    _on_Nonlocal = _on_Global
