"""What the names of one file mean where functions call others, as far as its text binds them.

Owns the scopes of `callers.py`: functions and the module. Refuses to know what is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sentry_migrate.call_keys import HEIRS, function_key
from sentry_migrate.project.implied_calls import LOGGED
from sentry_migrate.project.modules import SDK

Body: TypeAlias = Iterable[ast.AST]

_MOST = 20
"""Imports that bind one name and are told apart."""


@dataclass(slots=True, eq=False)
class Scope:
    """A function, or the module."""

    key: str
    body: Body
    outer: Scope | None = None
    names: dict[str, set[str]] = field(default_factory=dict)
    """By name, the functions it may mean; empty for values of which nothing is known."""
    paths: dict[str, list[str]] = field(default_factory=dict)
    """By name, the dotted paths of the imports that bind it."""
    taken: dict[str, list[ast.expr]] = field(default_factory=dict)
    """By name, the values from which it is taken, as a loop does."""
    holding: set[str] = field(default_factory=set)
    """The names that are assigned what may hold functions."""
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By parameter, where calls hand it something."""
    parts: dict[str, list[ast.expr]] = field(default_factory=dict)
    """By name, all values that it may be or be taken from."""
    own: str = ""
    """The parameter of a method that holds the instance."""
    holder: str = ""
    """The key of a method's class."""

    def import_name(self, local: str, path: str) -> None:
        """That an import binds a name."""
        self.names.setdefault(local, set())
        known = self.paths.setdefault(local, [])
        if len(known) < _MOST and path not in known:
            known.append(path)

    def binds(self, name: str) -> Scope | None:
        """The innermost scope that binds a name."""
        at: Scope | None = self
        while at is not None and name not in at.names:
            at = at.outer
        return at

    def reaching(self, name: str) -> list[str]:
        """The functions that a name may mean here."""
        binding = self.binds(name)
        return sorted(binding.names[name]) if binding is not None else []

    def imported(self, node: ast.expr) -> str | None:
        """The module that `import_module("a.b")` gives; None for anything else."""
        if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
            return None
        name = getattr(node.args[0], "value", None)
        if not isinstance(name, str) or "importlib.import_module" not in self.full_paths(node.func):
            return None
        return None if name.startswith(".") else name

    def full_paths(self, node: ast.expr) -> list[str]:
        """The dotted paths of an imported name, of a module that `import_module()` gives, or of an
        attribute of one."""
        rest: list[str] = []
        while node.__class__ is not ast.Name and (member := _member(node)) is not None:
            node, name = member
            rest.append(name)
        rest.reverse()
        if isinstance(node, ast.Name):
            binding = self.binds(node.id)
            paths = binding.paths.get(node.id) if binding is not None else None
            return [".".join((path, *rest)) for path in paths] if paths else []
        module = self.imported(node)
        return [".".join((module, *rest))] if module is not None else []


def _member(node: ast.expr) -> tuple[ast.expr, str] | None:
    """Of what an attribute is read, and which: `x.y` or `getattr(x, "y")`."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if not isinstance(node, ast.Call) or len(node.args) < 2 or node.keywords:
        return None
    name = getattr(node.args[1], "value", None)
    plain = isinstance(node.func, ast.Name) and node.func.id == "getattr"
    return (node.args[0], name) if plain and isinstance(name, str) else None


def function_at(path: str) -> str:
    """The function that a dotted path means; empty for one of the SDK."""
    parts = path.split(".")
    return function_key(*parts[-2:]) if len(parts) > 1 and parts[0] != SDK else ""


def heir_key(holder: str, name: str) -> str:
    """A method of whatever class is derived from one that is called as `holder` is in its module;
    `"*"` stands for whatever it has by that name."""
    return function_key(HEIRS + holder.rpartition(".")[2], name)


def logged() -> Iterator[str]:
    """The methods of whatever classes that may run when something is logged."""
    for method, bases in LOGGED.items():
        yield from (heir_key(base, method) for base in bases)


def base_of(function: str) -> str:
    """The name of the class that `heir_key` was given; empty for any other function."""
    return function.partition(".")[0].removeprefix(HEIRS) if function.startswith(HEIRS) else ""
