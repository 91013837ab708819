"""What a module's names hold of the SDK besides its own names: hubs, containers of hubs, options
that 2.x refuses, and functions that give these or the SDK or pass options on to `init()`.

Owns telling that from annotations, assignments and `return`, as the module's text has them, and how
it is written down. Refuses to know who takes the names.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from sentry_migrate.project.annotation_types import AnnotationTypes, Said
from sentry_migrate.project.syntax_nodes import children

HELD = "="
"""Begins what a name holds: `=Hub`, `=Hub mapping`."""
MADE = "*"
"""Begins what a name holds that was made for it: `*Hub`, whose client may be its own."""
GIVES = "()"
"""Begins what a function gives: `()=Hub`, `()sentry_sdk`."""

OPTIONS = "{}"
"""Begins what a dictionary has of `REFUSED`: `{}with_locals`."""
PASSES = "->"
"""Begins what a function passes on to `init()` of `REFUSED`: `->request_bodies with_locals`."""
HOLDING = (HELD, MADE, GIVES, OPTIONS, PASSES)

REFUSED = frozenset(("with_locals", "request_bodies"))
"""Options with which 2.x does not start."""

_SDK = "sentry_sdk"
ALIASES = frozenset(("sentry_sdk.Hub", "sentry_sdk.push_scope", "sentry_sdk.configure_scope"))
"""What a name may stand for that is given it by an assignment."""
_INITS = frozenset(("sentry_sdk.init", "sentry_sdk.hub.init", "sentry_sdk.Client"))
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
        added: dict[str, set[str]] = {}
        waiting: list[ast.AST] = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                bound[node.name] += 1
                found.append((node.name, self._function(node)))
                continue
            if isinstance(node, ast.ClassDef):
                bound[node.name] += 1
                found += self._class(node)
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                bound[node.id] += 1
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                added.setdefault(node.target.id, set()).update(_keys(node.value) or ())
                continue
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                key = getattr(node.slice, "value", None)
                added.setdefault(ast.unparse(node.value), set()).add(str(key))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                held = self._said(self._types.of(node.annotation)) or _options(node.value)
                found.append((node.target.id, held))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.append((node.targets[0].id, self._value(node.value)))
            waiting += children(node)
        for name, held in found:
            first = name.partition(".")[0]
            if held.startswith(OPTIONS):
                held = _spelled({*held.removeprefix(OPTIONS).split(), *added.get(name, ())})
            if held and bound[first] == 1 and first not in self._imported:
                yield name, held

    def _class(self, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
        """A class by what its `__init__()` does, and the dictionaries that it has."""
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                yield node.name, self._passed(part)
            elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                yield f"{node.name}.{part.targets[0].id}", _options(part.value)

    def _passed(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """What a function does with its `**options`."""
        rest = node.args.kwarg
        own = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
        keys = sorted(REFUSED - own)
        for call in _within(node) if rest is not None and keys else ():
            if isinstance(call, ast.Call) and self._path(ast.unparse(call.func)) in _INITS:
                given = (one.value for one in call.keywords if one.arg is None)
                if any(isinstance(one, ast.Name) and one.id == rest.arg for one in given if rest):
                    return f"{PASSES}{' '.join(keys)}"
        return ""

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
        if decorators - _KEEPING:
            return ""
        said = self._types.of(node.returns) if node.returns is not None else None
        one = self._returned(node)
        if said is not None and not one.startswith(MADE):
            one = self._said(said)
        elif said is None and node.returns is not None and not one.startswith(OPTIONS):
            one = ""
        return f"{GIVES}{one}" if one and one != OPTIONS else self._passed(node)

    def _returned(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """What all that a function returns is; empty for a generator."""
        own = dict(self._imported)
        given: set[str] = set()
        for part in _within(node):
            if isinstance(part, ast.Yield | ast.YieldFrom):
                return ""
            if isinstance(part, ast.Import):
                own |= {one.asname or one.name: one.name for one in part.names}
            elif isinstance(part, ast.Return) and not _is_none(part.value):
                given.add(_Reader(own)._value(part.value))
        return given.pop() if len(given) == 1 else ""

    def _value(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Call) and self._kind(ast.unparse(node.func)):
            return f"{MADE}Hub"
        if isinstance(node, ast.Attribute) and node.attr == "current":
            return f"{HELD}Hub" if self._kind(ast.unparse(node.value)) else ""
        path = self._path(ast.unparse(node)) if isinstance(node, ast.Name | ast.Attribute) else ""
        return path if path == _SDK or path in ALIASES else _options(node)


def _options(node: ast.expr | None) -> str:
    """What a dictionary that is written out has of the options; `OPTIONS` alone for none."""
    keys = _keys(node)
    return "" if keys is None else _spelled(keys) or OPTIONS


def _spelled(keys: Collection[str]) -> str:
    found = sorted(REFUSED.intersection(keys))
    return f"{OPTIONS}{' '.join(found)}" if found else ""


def _keys(node: ast.expr | None) -> set[str] | None:
    """The keys of a dictionary that is written out."""
    if isinstance(node, ast.Dict):
        keys = (getattr(one, "value", None) for one in node.keys)
        return {key for key in keys if isinstance(key, str)}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {one.arg for one in node.keywords if one.arg is not None}
    return None


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
