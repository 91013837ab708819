"""The nodes of a tree of the standard library's parser, as fast as Python finds them.

`ast.walk` asks each node for its fields by name; most of what it gives has none. Owns the walk.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_PLAIN = ("arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "n", "s", "simple")
"""Fields that never hold a node, besides those that only say how a name is used."""


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below, in the order of the source for all that the parser makes; without
    those that only say how a name is used."""
    fields = _FIELDS.get(node.__class__)
    if fields is None:
        fields = tuple(name for name in node._fields if name not in _PLAIN)
        _FIELDS[node.__class__] = fields
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all nodes below, each before those below it, in the order of `children`."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        yield at
        waiting += children(at)[::-1]


def dotted(node: ast.AST | None) -> str:
    """`a.b` as it is spelled; empty for anything but names and their attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def names_in(test: ast.expr) -> set[str]:
    """The names that a condition asks about."""
    words = {node.id for node in walk(test) if isinstance(node, ast.Name)}
    return words | {node.attr for node in walk(test) if isinstance(node, ast.Attribute)}


def is_enum(base: ast.expr) -> bool:
    """Whether a class is derived from one of Python's enumerations, or of that name."""
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return name.endswith(("Enum", "Flag"))
