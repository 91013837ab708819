"""Has statements of interest say that they run, without a change to their files or line numbers."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.machinery
import os
import sys
from collections.abc import Callable
from typing import Any

RAN = "__sentry_migrate_ran__"
"""The built-in function that instrumented code calls."""


Probes = dict[str, dict[str, list[str]]]
"""Real paths, 1-based lines, and what to call `RAN` with."""


def instrument(probes: Probes, passed: Callable[..., None]) -> None:
    """Have statements call `passed` when they run."""
    loader = importlib.machinery.SourceFileLoader
    compiled, stats = loader.source_to_code, loader.path_stats
    installed = _Installed(probes)

    def source_to_code(self: Any, data: Any, path: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(data, ast.AST):
            name = os.fsdecode(path)
            lines = probes.get(os.path.realpath(name)) or installed.lines(name, data)
            if lines:
                data = with_probes(ast.parse(data, path), lines)
        return compiled(self, data, path, *args, **options)

    def path_stats(self: Any, path: Any) -> Any:
        if installed.candidates(os.fsdecode(path)):
            raise OSError  # then it is compiled, although pip has done so
        return stats(self, path)

    loader.source_to_code = source_to_code  # type: ignore[method-assign]
    loader.path_stats = path_stats  # type: ignore[method-assign]
    setattr(builtins, RAN, passed)


class _Installed:
    """Copies of probed files in a directory of installed packages, as tox makes one: those with the
    same name in the package and the same text."""

    def __init__(self, probes: Probes) -> None:
        self._probes = probes
        self._known: dict[str, list[tuple[str, str]]] = {}
        for path in probes:
            directory, name = os.path.split(path)
            ending = os.sep + name
            while os.path.isfile(os.path.join(directory, "__init__.py")):
                directory, package = os.path.split(directory)
                ending = os.sep + package + ending
            self._known.setdefault(name, []).append((ending, path))

    def candidates(self, path: str) -> list[str]:
        """Probed files that a file elsewhere may be a copy of, the likeliest first."""
        known = self._known.get(os.path.basename(path))
        if not known or os.path.realpath(path) in self._probes:
            return []
        likely = sorted(known, key=lambda one: -len(one[0]))
        return [probed for ending, probed in likely if path.endswith(ending)]

    def lines(self, path: str, data: Any) -> Any:
        """The probes of the file that this is a copy of; None if there is none."""
        for probed in self.candidates(path):
            with open(probed, "rb") as file:
                if file.read() == data:
                    return self._probes[probed]
        return None


def instrument_runner(probes: Probes, module: Any) -> None:
    """The same in files that a module compiles itself to run them, as coverage does."""

    def compiled(source: Any, filename: Any, mode: str, *rest: Any, **more: Any) -> Any:
        lines = probes.get(os.path.realpath(os.fsdecode(filename))) if mode == "exec" else None
        if lines:
            source = with_probes(ast.parse(source, filename), lines)
        return compile(source, filename, mode, *rest, **more)

    module.compile = compiled


def instrument_tests(probes: Probes, module: Any) -> None:
    """The same in test modules, which pytest compiles itself."""
    rewrite = module.rewrite_asserts

    def rewrite_asserts(tree: Any, source: Any, module_path: Any = None, *rest: Any) -> Any:
        lines = probes.get(os.path.realpath(module_path)) if module_path else None
        if lines:
            with_probes(tree, lines)
        return rewrite(tree, source, module_path, *rest)

    module.rewrite_asserts = rewrite_asserts


def instrument_script(probes: Probes) -> None:
    """The same in a file that Python is started with, which no loader compiles: Python asks whether
    it can be imported from, as a zip file with a `__main__` can, and is given a loader."""

    def hook(path: str) -> Any:
        if not os.path.isfile(path) or os.path.realpath(path) not in probes:
            raise ImportError(path)
        sys.path_hooks.remove(hook)
        sys.path_importer_cache.pop(path, None)
        return _Script(path, probes[os.path.realpath(path)])

    sys.path_hooks.insert(0, hook)


class _Script:
    """Finds and loads `__main__` in one file, as if Python had run the file itself."""

    def __init__(self, path: str, lines: dict[str, list[str]]) -> None:
        self._path, self._lines = path, lines

    def find_spec(self, name: str, target: Any = None) -> Any:
        loader: Any = self
        if name != "__main__":
            return None
        return importlib.machinery.ModuleSpec(name, loader, origin=self._path)

    def get_code(self, name: str) -> Any:
        sys.path[0] = os.path.dirname(os.path.realpath(self._path))
        with open(self._path, "rb") as file:
            tree = with_probes(ast.parse(file.read(), self._path), self._lines)
        # A script has no spec: processes that it spawns import its file instead.
        first = 0 if ast.get_docstring(tree) is None else 1
        while getattr(tree.body[first], "module", None) == "__future__":
            first += 1
        tree.body[first:first] = ast.parse("__spec__ = __package__ = None").body
        return compile(tree, self._path, "exec", dont_inherit=True)


def with_probes(tree: Any, lines: dict[str, list[str]]) -> Any:
    """The tree, with a call before the innermost statement of each of the lines."""
    blocks = [
        block
        for node in ast.walk(tree)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(block, list)
    ]
    places: dict[tuple[int, int], list[str]] = {}
    for line, said in lines.items():
        found: list[tuple[int, int, int]] = []
        for number, block in enumerate(blocks):
            for at, node in enumerate(block):
                first = min([node.lineno, *(one.lineno for one in _decorators(node))])
                last = _last(node)
                if first <= int(line) <= last:
                    found.append((last - first, number, at))
        if found:
            _, number, at = min(found)
            places.setdefault((number, at), []).extend(said)
    for (number, at), said in sorted(places.items(), reverse=True):
        node = blocks[number][at]
        values: list[ast.expr] = [ast.Constant(one) for one in said]
        call = ast.Expr(ast.Call(ast.Name(RAN, ast.Load()), values, []))
        for part in ast.walk(call):
            ast.copy_location(part, node)
        blocks[number].insert(at, call)
    return tree


def _decorators(node: Any) -> list[Any]:
    return getattr(node, "decorator_list", [])


def _last(node: Any) -> int:
    last = getattr(node, "end_lineno", None)
    return int(last or max(getattr(part, "lineno", 0) for part in ast.walk(node)))
