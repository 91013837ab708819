"""What a module's names hold of the SDK besides its own names: hubs, containers of hubs, and
functions that give these or the SDK.

Owns telling that from annotations, assignments and `return`, as the module's text has them, and how
it is written down. Refuses to know who takes the names.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from sentry_migrate.project.annotation_types import AnnotationTypes, Said
from sentry_migrate.project.syntax_nodes import children

HELD = "="
"""Begins what a name holds: `=Hub`, `=Hub mapping`."""
MADE = "*"
"""Begins what a name holds that was made for it: `*Hub`, whose client may be its own."""
GIVES = "()"
"""Begins what a function gives: `()=Hub`, `()sentry_sdk`."""

_SDK = "sentry_sdk"
_HUBS = frozenset(("sentry_sdk.Hub", "sentry_sdk.hub.Hub"))
_KEEPING = frozenset(("lru_cache", "cache"))

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def held_names(tree: ast.Module, imported: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names that are bound once at module level, and what they hold. `imported` maps names to what
    the module imports by them."""
    return _Reader(imported).names(tree)


class _Reader:
    def __init__(self, imported: Mapping[str, str]) -> None:
        self._imported = imported
        self._types = AnnotationTypes(self._kind, self._quoted)

    def names(self, tree: ast.Module) -> Iterator[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        bound: Counter[str] = Counter()
        waiting: list[ast.AST] = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                bound[node.name] += 1
                found.append((node.name, self._function(node)))
                continue
            if isinstance(node, ast.ClassDef):
                bound[node.name] += 1
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                bound[node.id] += 1
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.append((node.target.id, self._said(self._types.of(node.annotation))))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.append((node.targets[0].id, self._value(node.value)))
            waiting += children(node)
        for name, held in found:
            if held and bound[name] == 1 and name not in self._imported:
                yield name, held

    def _quoted(self, text: str) -> Said | None:
        return self._types.read(text)

    def _path(self, name: str) -> str:
        first, _, rest = name.partition(".")
        home = self._imported.get(first, "")
        return f"{home}.{rest}" if home and rest else home

    def _kind(self, name: str) -> str | None:
        return "Hub" if self._path(name) in _HUBS else None

    def _said(self, said: Said | None) -> str:
        return "" if said is None else f"{HELD}{' '.join(filter(None, said))}"

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        decorators = {
            ast.unparse(one.func if isinstance(one, ast.Call) else one).rpartition(".")[2]
            for one in node.decorator_list
        }
        said = self._types.of(node.returns) if node.returns is not None else None
        if decorators - _KEEPING or (node.returns is not None and said is None):
            return ""
        own = dict(self._imported)
        given: set[str] = set()
        for part in _within(node):
            if isinstance(part, ast.Yield | ast.YieldFrom) and said is None:
                return ""
            if isinstance(part, ast.Import):
                own |= {one.asname or one.name: one.name for one in part.names}
            elif isinstance(part, ast.Return) and not _is_none(part.value):
                given.add(_Reader(own)._value(part.value))
        one = given.pop() if len(given) == 1 else ""
        if said is not None and not one.startswith(MADE):
            one = self._said(said)
        return one and f"{GIVES}{one}"

    def _value(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Call) and self._kind(ast.unparse(node.func)):
            return f"{MADE}Hub"
        if isinstance(node, ast.Attribute) and node.attr == "current":
            return f"{HELD}Hub" if self._kind(ast.unparse(node.value)) else ""
        return _SDK if isinstance(node, ast.Name) and self._path(node.id) == _SDK else ""


def _within(function: ast.AST) -> Iterator[ast.AST]:
    """What runs in a function itself, imports before what uses them."""
    waiting = children(function)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_Function, ast.Lambda, ast.ClassDef)):
            waiting += children(node)[::-1]


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)
