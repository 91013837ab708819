"""What a project's modules define and do, by the files that there are.

Owns telling whether a keyword is for the function that gets it, whether a name may be the SDK, and
whether importing a module does anything; and what was looked up for that, so that nobody keeps an
answer for longer than that holds. Refuses to know what that is asked for.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from sentry_migrate.project import regular_files
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import SDK, parsed
from sentry_migrate.project.syntax_nodes import children, walk


@dataclass(frozen=True, slots=True)
class Looked:
    """What an import led to when it was looked up."""

    directory: str
    """That of the file which imports."""
    home: str
    found: str
    """Stands for the modules that there were, and what was in them."""

    def holds(self) -> bool:
        """Whether it leads to the same now."""
        return self.found == _digest(_modules(self.directory, self.home))


@contextmanager
def noted() -> Iterator[set[Looked]]:
    """Collects what is looked up in other modules."""
    global _noted
    before, found = _noted, set[Looked]()
    _noted = found
    try:
        yield found
    finally:
        _noted = before


def keeps_keyword(directory: str, path: str, keyword: str) -> bool:
    """Whether what `path` is, imported by a file in `directory`, is a function or class of the
    project that has a parameter of that name, or is in a module that does not speak of Sentry."""
    last = path.rpartition(".")[2]
    for _, data in _looked_up(directory, path):
        tree = parsed(data)
        for node in children(tree) if tree is not None else ():
            if isinstance(node, _DEFINITIONS):
                if node.name == last:
                    return b"sentry" not in data.lower() or keyword in _parameters(node)
    return False


def may_hand_on_sdk(directory: str, path: str, member: str) -> bool:
    """Whether what `path` is, imported by a file in `directory`, may be the SDK where its module is
    of the project and uses it: no module, function or class, nor has the module such a `member`."""
    place, data = (("", b""), *_looked_up(directory, path))[-1]
    last = path.rpartition(".")[2]
    if SDK.encode() not in data or os.path.basename(place) == last:
        return False
    tree = parsed(data)
    nodes = walk(tree) if tree is not None else ()
    defined = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
    return last not in defined and member not in defined


def is_inert(directory: str, home: str) -> bool:
    """Whether importing a module, as a file in `directory` spells it, runs nothing but imports of
    the SDK and definitions."""
    trees = [parsed(data) for _, data in _looked_up(directory, home)]
    return bool(trees) and all(
        tree is not None and all(map(_does_nothing, tree.body)) for tree in trees
    )


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        home = (node.module or "").partition(".")[0]
        return not node.level and home in (SDK, "__future__", "typing")
    if isinstance(node, ast.Import):
        return all(one.name in (SDK, "typing") for one in node.names)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = (*node.args.defaults, *(one for one in node.args.kw_defaults if one))
        return not node.decorator_list and all(isinstance(one, ast.Constant) for one in defaults)
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name):
        return False
    if isinstance(node, ast.Assign | ast.Expr):
        return all(isinstance(one, _PLAIN) for one in ast.walk(node.value))
    return isinstance(node, ast.Pass)


_DEFINITIONS = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)
_Modules: TypeAlias = list[tuple[str, bytes]]
"""Their places, and what is in them."""
_noted: set[Looked] | None = None
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.expr_context)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    if isinstance(node, ast.ClassDef):
        made = (one for one in node.body if getattr(one, "name", "") == "__init__")
        first = next(made, None)
        return _parameters(first) if isinstance(first, ast.FunctionDef) else set()
    return {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}


def _looked_up(directory: str, home: str) -> _Modules:
    modules = _modules(directory, home)
    if _noted is not None:  # nobody wants it where answers are not kept
        _noted.add(Looked(directory, home, _digest(modules)))
    return modules


def _modules(directory: str, home: str) -> _Modules:
    return [(place, _read(place)) for place in ModulesOnDisk().imported(directory, home)]


def _digest(modules: _Modules) -> str:
    return blake2b(repr(modules).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _read(place: str) -> bytes:
    for path in (f"{place}.py", os.path.join(place, "__init__.py")):
        try:
            return regular_files.read(path)
        except OSError:
            continue
    return b""
