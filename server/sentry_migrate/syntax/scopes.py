"""Python scopes: which bindings a name can mean.

Owns Python's scoping rules (functions, classes, comprehensions, `global`, `nonlocal`) and an
approximation of control flow inside one scope. Knows nothing of sentry_sdk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import libcst as cst

from sentry_migrate.syntax.tree import Tree, children

ScopeKind = Literal["module", "class", "function", "comprehension"]
BindingKind = Literal[
    "import", "star", "assign", "with", "for", "param", "def", "class", "except", "del", "other"
]


@dataclass(eq=False, slots=True)
class Scope:
    """One namespace. `node` is the Module, ClassDef, FunctionDef, Lambda or comprehension."""

    kind: ScopeKind
    node: cst.CSTNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Literal["global", "nonlocal"]] = field(default_factory=dict)
    """Names declared `global` or `nonlocal` here."""

    def function(self) -> Scope:
        """The scope whose code runs this scope's code: comprehensions belong to their holder."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(eq=False, slots=True)
class Binding:
    """One place that gives a name a meaning."""

    name: str
    kind: BindingKind
    node: cst.CSTNode
    """The Name, ImportAlias, Param, FunctionDef or ClassDef."""
    scope: Scope
    at: int
    """Offset from which the binding holds: after the value for an assignment."""
    value: cst.CSTNode | None = None
    """The assigned expression, the with item's or for loop's expression, or None."""
    path: str = ""
    """For imports: the dotted path of what is bound; relative ones begin with dots."""
    statement: cst.CSTNode | None = None
    """For imports: the Import or ImportFrom node."""
    whole: bool = True
    """Whether the name is bound to all of `value`, not to a part (`a, b = value`)."""


class Scopes:
    """All scopes of a tree, and the scope of every name that is read."""

    __slots__ = ("_chains", "_scope_of", "attributes", "loads", "module", "scopes", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.module = Scope("module", tree.module, None)
        self.scopes: dict[int, Scope] = {id(tree.module): self.module}
        self.loads: dict[str, list[cst.Name]] = {}
        self.attributes: dict[str, list[tuple[cst.Attribute, cst.BaseExpression | None]]] = {}
        """`x.name = value` anywhere, by attribute name; None where the value is not one node."""
        self._scope_of: dict[int, Scope] = {}
        self._chains: dict[int, list[tuple[int, str]]] = {}
        for statement in tree.module.body:
            self._visit(statement, self.module)

    # -- queries -----------------------------------------------------------------------------

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

    def _flow(self, bindings: Sequence[Binding], use: cst.CSTNode) -> Sequence[Binding]:
        at = self.tree.span(use)[0]
        use_chain = self.chain(use)
        inside = set(use_chain)
        before = [
            binding
            for binding in bindings
            if binding.at <= at and not self._exclusive(binding, use_chain)
        ]
        before.sort(key=lambda binding: binding.at)
        last: Binding | None = None
        for binding in before:
            if self._dominates(binding, inside):
                last = binding
        result = [one for one in before if last is None or one.at > last.at or one is last]
        for binding in bindings:
            if binding.at > at:
                loops = {link for link in self.chain(binding.node) if link[1] == "loop"} & inside
                if loops and not (last and loops & set(self.chain(last.node))):
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

    # -- building ----------------------------------------------------------------------------

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
        if declared == "global":
            scope = self.module
        elif declared == "nonlocal":
            at_scope = scope.parent
            while at_scope is not None and name not in at_scope.bindings:
                at_scope = at_scope.parent
            scope = at_scope or scope
        binding = Binding(name, kind, node, scope, at, value, path, statement, whole)
        scope.bindings.setdefault(name, []).append(binding)

    def _visit(self, node: cst.CSTNode, scope: Scope) -> None:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            for child in children(node):
                self._visit(child, scope)
        else:
            handler(self, node, scope)

    def _all(self, nodes: Sequence[cst.CSTNode | None], scope: Scope) -> None:
        for node in nodes:
            if node is not None:
                self._visit(node, scope)

    def _name(self, node: cst.Name, scope: Scope) -> None:
        self._scope_of[id(node)] = scope
        self.loads.setdefault(node.value, []).append(node)

    def _attribute(self, node: cst.Attribute, scope: Scope) -> None:
        self._visit(node.value, scope)

    def _arg(self, node: cst.Arg, scope: Scope) -> None:
        self._visit(node.value, scope)

    def _import(self, node: cst.Import, scope: Scope) -> None:
        for alias in node.names:
            path = dotted(alias.name)
            end = self.tree.span(node)[1]
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self._bind(scope, alias.asname.name.value, "import", alias, end, None, path, node)
            else:
                first = path.split(".", 1)[0]
                self._bind(scope, first, "import", alias, end, None, first, node)

    def _import_from(self, node: cst.ImportFrom, scope: Scope) -> None:
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

    def _function(self, node: cst.FunctionDef, scope: Scope) -> None:
        self._all(node.decorators, scope)
        self._all([node.returns], scope)
        self._bind(scope, node.name.value, "def", node, self.tree.span(node)[0])
        inner = self._open("function", node, scope)
        self._parameters(node.params, scope, inner)
        self._declare(node.body, inner)
        self._visit(node.body, inner)

    def _lambda(self, node: cst.Lambda, scope: Scope) -> None:
        inner = self._open("function", node, scope)
        self._parameters(node.params, scope, inner)
        self._visit(node.body, inner)

    def _open(self, kind: ScopeKind, node: cst.CSTNode, parent: Scope) -> Scope:
        inner = self.scopes[id(node)] = Scope(kind, node, parent)
        return inner

    def _parameters(self, params: cst.Parameters, outer: Scope, inner: Scope) -> None:
        stars = [one for one in (params.star_arg, params.star_kwarg) if isinstance(one, cst.Param)]
        for param in [*params.posonly_params, *params.params, *params.kwonly_params, *stars]:
            self._all([param.annotation, param.default], outer)
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

    def _class(self, node: cst.ClassDef, scope: Scope) -> None:
        self._all([*node.decorators, *node.bases, *node.keywords], scope)
        self._bind(scope, node.name.value, "class", node, self.tree.span(node)[1])
        inner = self._open("class", node, scope)
        self._declare(node.body, inner)
        self._visit(node.body, inner)

    def _comprehension(self, node: cst.BaseComp, scope: Scope) -> None:
        inner = self._open("comprehension", node, scope)
        part: cst.CompFor | None = node.for_in
        outer = scope
        while part is not None:
            self._visit(part.iter, outer)
            self._target(part.target, inner, "for", self.tree.span(part)[0], None)
            self._all(part.ifs, inner)
            part, outer = part.inner_for_in, inner
        if isinstance(node, cst.DictComp):
            self._all([node.key, node.value], inner)
        else:
            self._visit(node.elt, inner)  # type: ignore[attr-defined]

    def _assign(self, node: cst.Assign, scope: Scope) -> None:
        self._visit(node.value, scope)
        end = self.tree.span(node)[1]
        for target in node.targets:
            self._target(target.target, scope, "assign", end, node.value)

    def _ann_assign(self, node: cst.AnnAssign, scope: Scope) -> None:
        self._all([node.annotation, node.value], scope)
        end = self.tree.span(node)[1]
        if node.value is not None or not isinstance(node.target, cst.Name):
            self._target(node.target, scope, "assign", end, node.value)

    def _aug_assign(self, node: cst.AugAssign, scope: Scope) -> None:
        self._all([node.value], scope)
        if isinstance(node.target, cst.Name):
            self._name(node.target, scope)
        self._target(node.target, scope, "other", self.tree.span(node)[1], None)

    def _named(self, node: cst.NamedExpr, scope: Scope) -> None:
        self._visit(node.value, scope)
        end = self.tree.span(node)[1]
        self._target(node.target, scope.function(), "assign", end, node.value)

    def _for(self, node: cst.For, scope: Scope) -> None:
        self._visit(node.iter, scope)
        self._target(node.target, scope, "for", self.tree.span(node.iter)[1], node.iter)
        self._all([node.body, node.orelse], scope)

    def _with(self, node: cst.With, scope: Scope) -> None:
        for item in node.items:
            self._visit(item.item, scope)
            if item.asname is not None:
                end = self.tree.span(item)[1]
                self._target(item.asname.name, scope, "with", end, item.item)
        self._visit(node.body, scope)

    def _except(self, node: cst.ExceptHandler | cst.ExceptStarHandler, scope: Scope) -> None:
        self._all([node.type], scope)
        if node.name is not None:
            self._target(node.name.name, scope, "except", self.tree.span(node.name)[1], None)
        self._visit(node.body, scope)

    def _del(self, node: cst.Del, scope: Scope) -> None:
        targets: Sequence[cst.CSTNode] = [node.target]
        if isinstance(node.target, cst.Tuple):
            targets = [element.value for element in node.target.elements]
        for target in targets:
            if isinstance(target, cst.Name):
                self._bind(scope, target.value, "del", target, self.tree.span(node)[1])
            else:
                self._visit(target, scope)

    def _capture(self, node: cst.CSTNode, scope: Scope) -> None:
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
            self._scope_of[id(target)] = scope
            self._bind(scope, target.value, kind, target, at, value, whole=whole)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._target(element.value, scope, kind, at, value, whole=False)
        elif isinstance(target, cst.StarredElement):
            self._target(target.value, scope, kind, at, value, whole=False)
        elif isinstance(target, cst.Attribute):
            known = value if whole and isinstance(value, cst.BaseExpression) else None
            if kind not in ("assign", "with"):
                known = None
            self.attributes.setdefault(target.attr.value, []).append((target, known))
            self._visit(target.value, scope)
        else:
            self._visit(target, scope)

    def _nothing(self, node: cst.CSTNode, scope: Scope) -> None:
        return


_HANDLERS: dict[type[cst.CSTNode], Callable[[Scopes, Any, Scope], None]] = {
    cst.Name: Scopes._name,
    cst.Attribute: Scopes._attribute,
    cst.Arg: Scopes._arg,
    cst.Import: Scopes._import,
    cst.ImportFrom: Scopes._import_from,
    cst.FunctionDef: Scopes._function,
    cst.Lambda: Scopes._lambda,
    cst.ClassDef: Scopes._class,
    cst.ListComp: Scopes._comprehension,
    cst.SetComp: Scopes._comprehension,
    cst.GeneratorExp: Scopes._comprehension,
    cst.DictComp: Scopes._comprehension,
    cst.Assign: Scopes._assign,
    cst.AnnAssign: Scopes._ann_assign,
    cst.AugAssign: Scopes._aug_assign,
    cst.NamedExpr: Scopes._named,
    cst.For: Scopes._for,
    cst.With: Scopes._with,
    cst.ExceptHandler: Scopes._except,
    cst.ExceptStarHandler: Scopes._except,
    cst.Del: Scopes._del,
    cst.MatchAs: Scopes._capture,
    cst.MatchStar: Scopes._capture,
    cst.MatchMapping: Scopes._capture,
    cst.Global: Scopes._nothing,
    cst.Nonlocal: Scopes._nothing,
}


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


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` of a chain of names; empty if it is anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    parts.append(node.value)
    return ".".join(reversed(parts))


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and all nodes below it, in no promised order."""
    stack = [node]
    while stack:
        at = stack.pop()
        yield at
        stack.extend(children(at))
