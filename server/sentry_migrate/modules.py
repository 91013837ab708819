"""A project's modules: what a file is called, and what it imports at module level.

Owns reading that with the standard library's parser. Refuses to know what becomes of it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

LEGACY = ("configure_scope", "push_scope", "Hub")
"""The 1.x names that are followed from module to module."""
_HINTS = tuple(name.encode() for name in LEGACY)

SUFFIXES = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class Module:
    """A module and what it imports at module level, which other modules may import from it."""

    name: str
    """Dotted, by the packages (`__init__.py`) it is in: `app.obs`."""
    imports: tuple[tuple[str, str, str], ...] = ()
    """(local name, module as it is spelled, name there), in no particular order. Empty if the
    module can hand on none of the names."""
    broken: bool = False
    """Whether it cannot be parsed, and may be about to hand on anything."""


def place_of(path: str) -> str:
    """A module's path without what tells files from packages: `/home/me/project/app/obs`."""
    stem = os.path.splitext(os.path.abspath(path))[0]
    directory, name = os.path.split(stem)
    return directory if name == "__init__" else stem


def directory_of(path: str) -> str:
    """The absolute path of the directory a file is in: a package's own is its directory too."""
    return os.path.dirname(os.path.abspath(path))


def module_of(path: str) -> str:
    """The dotted name of a file, by the packages (`__init__.py`) above it."""
    directory, name = os.path.split(place_of(path))
    parts = [name]
    while name and os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        parts.insert(0, name)
    return ".".join(parts)


def module(path: str, data: bytes) -> Module | None:
    """The module at `path`; None if it is no Python."""
    if not path.endswith(SUFFIXES):
        return None
    name = module_of(path)
    if not hints(data):
        return Module(name)
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Module(name, broken=True)
    return Module(name, tuple(_imports(tree)))


def alike(paths: Iterable[str], names: Collection[str]) -> Iterator[tuple[str, Module]]:
    """Those of `paths` whose dotted name is one of `names`, as modules that hand on nothing."""
    last = {name.rpartition(".")[2] for name in names}
    for path in paths:
        if path.endswith(SUFFIXES) and os.path.basename(place_of(path)) in last:
            name = module_of(path)
            if name in names:
                yield path, Module(name)


def hints(data: bytes | str) -> bool:
    """Whether a file names one of the 1.x names at all."""
    if isinstance(data, str):
        return any(name in data for name in LEGACY)
    return any(name in data for name in _HINTS)


def _imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """(local name, module, name there) of each import at module level, in `try` and `if` too.

    A name that can also be something else, as a stand-in beside an import that may fail, is left
    out: whoever imports it from there may not have the SDK at all.
    """
    known: dict[str, set[tuple[str, str]]] = {}
    for local, *path in _bound(tree):
        known.setdefault(local, set()).add((path[0], path[1]))
    for local, paths in known.items():
        if len(paths) == 1 and ("", "") not in paths:
            yield local, *paths.pop()


def _bound(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Names that get a value at module level, with module and name there, which are empty if it
    is no import."""
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                home, _, name = path.rpartition(".")
                yield alias.asname or path, home, name
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            for alias in node.names:
                yield alias.asname or alias.name, home, alias.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, "", ""
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id, "", ""
        else:
            stack.extend(ast.iter_child_nodes(node))
