"""Scopes and bindings: Python's namespaces as plain data, and two small helpers on trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from sentry_migrate.python.tree import children

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
    remote: bool = False
    """Whether other code than that of `scope` binds it, by `global` or `nonlocal`."""


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


def first_name(node: cst.CSTNode) -> cst.Name | None:
    """The `a` of `a.b.c`; None if it does not begin with a name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and all nodes below it, in no promised order."""
    stack = [node]
    while stack:
        at = stack.pop()
        yield at
        stack.extend(children(at))
