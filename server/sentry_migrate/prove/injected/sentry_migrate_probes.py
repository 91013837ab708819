"""Has statements of interest say that they run, without a change to their files or line numbers."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

RAN = "__sentry_migrate_ran__"
"""The built-in function that instrumented code calls."""


Probes = dict[str, dict[str, list[str]]]
"""Real paths, places as `line:column`, from 1 and in characters, and what to call `RAN` with."""


def instrument(probes: Probes, passed: Callable[..., None]) -> None:
    """Have statements call `passed` when they run."""
    loader = importlib.machinery.SourceFileLoader
    compiled, stats = loader.source_to_code, loader.path_stats
    installed = _Installed(probes)

    def source_to_code(self: Any, data: Any, path: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(data, ast.AST):
            name = os.fsdecode(path)
            places = probes.get(os.path.realpath(name)) or installed.places(name, data)
            if places:
                data = with_probes(ast.parse(data, path), data, places)
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

    def places(self, path: str, data: Any) -> Any:
        """The probes of the file that this is a copy of; None if there is none."""
        for probed in self.candidates(path):
            with open(probed, "rb") as file:
                if file.read() == data:
                    return self._probes[probed]
        return None


def instrument_runner(probes: Probes, module: Any) -> None:
    """The same in files that a module compiles itself to run them, as coverage does."""

    def compiled(source: Any, filename: Any, mode: str, *rest: Any, **more: Any) -> Any:
        places = probes.get(os.path.realpath(os.fsdecode(filename))) if mode == "exec" else None
        if places:
            source = with_probes(ast.parse(source, filename), source, places)
        return compile(source, filename, mode, *rest, **more)

    module.compile = compiled


def instrument_tests(probes: Probes, module: Any) -> None:
    """The same in test modules, which pytest compiles itself."""
    rewrite = module.rewrite_asserts

    def rewrite_asserts(tree: Any, source: Any, module_path: Any = None, *rest: Any) -> Any:
        places = probes.get(os.path.realpath(module_path)) if module_path else None
        if places:
            with_probes(tree, source, places)
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

    def __init__(self, path: str, places: dict[str, list[str]]) -> None:
        self._path, self._places = path, places

    def find_spec(self, name: str, target: Any = None) -> Any:
        loader: Any = self
        if name != "__main__":
            return None
        return importlib.machinery.ModuleSpec(name, loader, origin=self._path)

    def get_code(self, name: str) -> Any:
        sys.path[0] = os.path.dirname(os.path.realpath(self._path))
        with open(self._path, "rb") as file:
            source = file.read()
        tree = with_probes(ast.parse(source, self._path), source, self._places)
        # A script has no spec: processes that it spawns import its file instead.
        first = 0 if ast.get_docstring(tree) is None else 1
        while getattr(tree.body[first], "module", None) == "__future__":
            first += 1
        tree.body[first:first] = ast.parse("__spec__ = __package__ = None").body
        return compile(tree, self._path, "exec", dont_inherit=True)


def with_probes(tree: Any, source: Any, places: dict[str, list[str]]) -> Any:
    """The tree, with a call where each of the places runs: before the innermost statement, or where
    an expression may not run although its statement does, before that."""
    text = source if isinstance(source, str) else importlib.util.decode_source(source)
    lines = text.split("\n")
    blocks = [
        block
        for node in ast.walk(tree)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(block, list)
    ]
    before: dict[tuple[int, int], list[str]] = {}
    within: dict[int, tuple[Any, str, Any, list[str]]] = {}
    for place, said in places.items():
        line, column = map(int, place.split(":"))
        # Trees count in bytes.
        at = (line, len("".join(lines[line - 1 : line])[: column - 1].encode()))
        found = _statement(blocks, at)
        if found is None:
            continue
        number, index = found
        conditional = _conditional(blocks[number][index], at)
        if conditional is None:
            before.setdefault(found, []).extend(said)
        else:
            within.setdefault(id(conditional[2]), (*conditional, []))[3].extend(said)
    for parent, name, node, said in within.values():
        _replace(parent, name, node, ast.BoolOp(ast.Or(), [_call(said, node), node]))
    for (number, index), said in sorted(before.items(), reverse=True):
        node = blocks[number][index]
        blocks[number].insert(index, ast.copy_location(ast.Expr(_call(said, node)), node))
    return tree


def _call(said: list[str], node: Any) -> Any:
    """A call that gives None."""
    call = ast.Call(ast.Name(RAN, ast.Load()), [ast.Constant(one) for one in said], [])
    for part in ast.walk(call):
        ast.copy_location(part, node)
    return call


def _statement(blocks: list[list[Any]], at: tuple[int, int]) -> tuple[int, int] | None:
    """The innermost statement at a place, or on its line, by the numbers of its block and in it."""
    here: list[tuple[bool, int, int, int]] = []
    for number, block in enumerate(blocks):
        for index, node in enumerate(block):
            first = min([node.lineno, *(one.lineno for one in _decorators(node))])
            last = _last(node)
            if first <= at[0] <= last:
                # Of those around a place, one that is within another comes later.
                inside = _is_in(node, at)
                here.append((not inside, 0 if inside else last - first, -number, index))
    if not here:
        return None
    _, _, number, index = min(here)
    return -number, index


def _is_in(node: Any, at: tuple[int, int]) -> bool:
    end = getattr(node, "end_lineno", None)
    if end is None:  # before Python 3.8, or no code
        return False
    first = min([(one.lineno, one.col_offset) for one in (node, *_decorators(node))])
    return bool(first <= at < (end, node.end_col_offset))


def _conditional(statement: Any, at: tuple[int, int]) -> tuple[Any, str, Any] | None:
    """The innermost expression at a place that may not run, or not at once, although its statement
    does: the node that has it, as what, and the expression."""
    found, parent = None, statement
    while True:
        for name, node in _expressions(parent):
            if _is_in(node, at) or (isinstance(node, _PARTS) and _has(node, at)):
                if _may_not_run(parent, name, node):
                    found = (parent, name, node)
                parent = node
                break
        else:
            return found


_PARTS = tuple(
    getattr(ast, name)
    for name in (
        "comprehension",
        "arguments",
        "withitem",
        "match_case",
        "keyword",
        "ExceptHandler",
        "arg",
    )
    if hasattr(ast, name)
)
"""What has expressions and is none, often without a place of its own."""
_SOMETIMES = {
    "Lambda": ("body",),
    "IfExp": ("body", "orelse"),
    "ListComp": ("elt",),
    "SetComp": ("elt",),
    "GeneratorExp": ("elt",),
    "DictComp": ("key", "value"),
    "comprehension": ("ifs",),
    "match_case": ("guard",),
    "ExceptHandler": ("type",),
    "Assert": ("msg",),
}


def _expressions(node: Any) -> Iterator[tuple[str, Any]]:
    for name, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, (ast.expr, *_PARTS)):
                yield name, one


def _has(node: Any, at: tuple[int, int]) -> bool:
    return any(_is_in(part, at) for _, part in _expressions(node))


def _may_not_run(parent: Any, name: str, node: Any) -> bool:
    if isinstance(parent, ast.BoolOp):
        return node is not parent.values[0]
    if isinstance(parent, ast.Compare):
        return name == "comparators" and node is not parent.comparators[0]
    return name in _SOMETIMES.get(type(parent).__name__, ())


def _replace(parent: Any, name: str, node: Any, other: Any) -> None:
    ast.copy_location(other, node)
    value = getattr(parent, name)
    if isinstance(value, list):
        value[[*map(id, value)].index(id(node))] = other
    else:
        setattr(parent, name, other)


def _decorators(node: Any) -> list[Any]:
    return getattr(node, "decorator_list", [])


def _last(node: Any) -> int:
    last = getattr(node, "end_lineno", None)
    return int(last or max(getattr(part, "lineno", 0) for part in ast.walk(node)))
