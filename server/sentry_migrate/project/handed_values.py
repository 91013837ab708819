"""What a module gives functions of the project's other modules: scopes, spans and the SDK itself.

Owns finding the calls that do so, and how they are written down beside what a module imports.
Refuses to know where the functions are.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from sentry_migrate.project.held_names import APART, HELD, Reader
from sentry_migrate.project.sdk_members import HANDED
from sentry_migrate.project.syntax_nodes import children, dotted, walk

PARAMETER = "> "
"""Begins a parameter of another module's function, in the place of a name that a module has."""
_SDK = "sentry_sdk"
_OTHERS = sys.stdlib_module_names | {_SDK}
_HELD = frozenset((_SDK, *(f"{HELD}{kind}" for kind in HANDED)))


def handed_values(tree: ast.Module, imported: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The number or name of a parameter behind `PARAMETER`, the module as it is spelled, the
    function there and what it is given. `imported` maps names to what the module imports by them.
    """
    paths = {**_imported(tree), **imported}
    if not any(path.partition(".")[0] == _SDK for path in paths.values()):
        return iter(())
    reader = Reader({name: path for name, path in paths.items() if not path.startswith(".")})
    ours = {name: path for name, path in paths.items() if path.partition(".")[0] not in _OTHERS}
    return iter(dict.fromkeys(_handed(reader, ours, tree, dict)))


def _imported(tree: ast.Module) -> Mapping[str, str]:
    """What names mean that are imported anywhere in the text, each from one place only."""
    found: dict[str, set[str]] = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                path = one.name if one.asname else one.name.partition(".")[0]
                found.setdefault(one.asname or path, set()).add(path)
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            joint = "" if home.endswith(".") else "."
            for one in node.names:
                found.setdefault(one.asname or one.name, set()).add(f"{home}{joint}{one.name}")
    return {name: paths.pop() for name, paths in found.items() if len(paths) == 1}


def _handed(
    reader: Reader, ours: Mapping[str, str], node: ast.AST, outer: Callable[[], Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """The like of what runs in a module, a class or a function. `outer` tells what the variables
    around it hold."""

    @cache
    def known() -> Mapping[str, str]:
        if isinstance(node, ast.ClassDef):
            members = {f"self.{name}": held for name, held in reader.members(node) if held}
            return {**outer(), **members}
        return {**outer(), **reader.variables(node, outer())}

    waiting = children(node)[::-1]
    while waiting:
        one = waiting.pop()
        if one.__class__ in APART:
            yield from _handed(reader, ours, one, known)
            continue
        if isinstance(one, ast.Call) and (one.args or one.keywords):
            first, _, rest = dotted(one.func).partition(".")
            if first in ours and first not in known():
                yield from _given(reader, ours[first], rest, one, known())
        waiting += children(one)[::-1]


def _given(
    reader: Reader, path: str, rest: str, call: ast.Call, known: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What a call gives to `rest` of what is imported as `path`."""
    home, _, name = (f"{path}.{rest}" if rest else path).rpartition(".")
    if path.startswith(".") and not home.strip("."):
        home = path[: len(path) - len(path.lstrip("."))]  # `from . import fill`
    for at, arg in enumerate(call.args):
        if isinstance(arg, ast.Starred):
            break
        if (held := reader.value(arg, known)) in _HELD:
            yield f"{PARAMETER}{at}", home, f"{name} {held}"
    for keyword in call.keywords:
        if keyword.arg is not None and (held := reader.value(keyword.value, known)) in _HELD:
            yield f"{PARAMETER}{keyword.arg}", home, f"{name} {held}"
