"""A project's modules: what a file is called, and what it imports at module level.

Owns reading that with the standard library's parser. Refuses to know what becomes of it.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sentry_migrate.project.handed_values import handed_values
from sentry_migrate.project.held_names import held_names
from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.project.syntax_nodes import children, walk

LEGACY = ("configure_scope", "push_scope", "Hub")
"""The 1.x names that are followed from module to module."""
SDK = "sentry_sdk"
_HINTS = (
    *("configure_scope", "push_scope", SDK, *REFUSED),
    *("capture_message", "capture_exception", "capture_event", "add_breadcrumb"),
    *("set_tag", "set_extra", ".hub", "import_module"),
)
"""A file that holds none of these uses neither the SDK nor a hub that another one gives it, has no
option that 2.x refuses, and imports nothing for others, unless it spells some `Hub`."""

_MOST = 2 << 20
"""Bytes of a file whose tree fits into memory without anybody noticing: some 300 MB."""
SUFFIXES = (".py", ".pyi")

_NOTHING = ("", "None")
"""In place of module and name: the value None."""

_MARKERS = ("pyproject.toml", "setup.cfg", "setup.py", ".git", ".hg")


@dataclass(frozen=True, slots=True)
class Module:
    """A module and what it imports at module level, which other modules may import from it."""

    name: str
    """Dotted, by the packages (`__init__.py`) it is in: `app.obs`."""
    imports: tuple[tuple[str, str, str], ...] = ()
    """(local name, module as it is spelled, name there), in no particular order; without a module,
    what a name holds (`held_names.py`); what other modules are given (`handed_values.py`). Empty if
    the module can re-export none of the names."""
    broken: bool = False
    """Whether it cannot be parsed, and may be about to re-export anything."""


def is_python(path: str) -> bool:
    """Whether a file is Python, by its name."""
    return path.endswith(SUFFIXES)


def place_of(path: str) -> str:
    """A module's path without what tells files from packages: `/home/me/project/app/obs`."""
    stem = os.path.splitext(os.path.abspath(path))[0]
    directory, name = os.path.split(stem)
    return directory if name == "__init__" else stem


def last_part(path: str) -> str:
    """The last part of a module's dotted name."""
    return os.path.basename(place_of(path))


def directory_of(path: str) -> str:
    """The absolute path of the directory a file is in: a package's own is its directory too."""
    return os.path.dirname(os.path.abspath(path))


def named_place(directory: str, home: str) -> str:
    """The place of a module that is spelled `home` from `directory`: `..obs`."""
    name = home.lstrip(".")
    for _ in range(len(home) - len(name) - 1):
        directory = os.path.dirname(directory)
    return os.path.join(directory, *name.split(".")) if name else directory


def exists(place: str) -> bool:
    """Whether there is a module at a place."""
    return os.path.isfile(place + ".py") or os.path.isfile(os.path.join(place, "__init__.py"))


def is_project(directory: str) -> bool:
    """Whether a directory looks like the root of a project."""
    return any(os.path.exists(os.path.join(directory, name)) for name in _MARKERS)


@lru_cache(maxsize=4096)
def project_of(directory: str) -> str:
    """The root of the project that a directory is in: the nearest that looks like one, else what
    its outermost package is in."""
    outermost = here = directory
    while True:
        if is_project(here):
            return here
        above = os.path.dirname(here)
        if outermost == here and os.path.isfile(os.path.join(here, "__init__.py")):
            outermost = above
        if above == here:
            return outermost
        here = above


def module_of(path: str) -> str:
    """The dotted name of a file, by the packages (`__init__.py`) above it."""
    directory, name = os.path.split(place_of(path))
    parts = [name]
    while name and os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        parts.insert(0, name)
    return ".".join(parts)


def hides_sdk(path: str) -> bool:
    """Whether a file is a module of the project that has the SDK's own name, such as a stub."""
    return path.endswith(".py") and last_part(path) == SDK and module_of(path) == SDK


@dataclass(frozen=True, slots=True)
class Imports:
    """What a text imports at module level."""

    names: tuple[tuple[str, str, str], ...] = ()
    """As in `Module`."""
    broken: bool = False


def imports_of(data: bytes) -> Imports:
    """What a text imports."""
    tree = parsed(data)
    if tree is None:
        return Imports(broken=True)
    names = tuple(_imports(tree))
    imported = {
        local: f"{home}.{name}".lstrip(".") for local, home, name in names if home[:1] != "."
    }
    held = ((local, "", what) for local, what in held_names(tree, imported))
    return Imports((*names, *held, *handed_values(tree, imported)))


def module(
    path: str, data: bytes, imported: Callable[[bytes], Imports] = imports_of
) -> Module | None:
    """The module at `path`; None if it is not Python. `imported` may know of the text already."""
    if not is_python(path):
        return None
    name = module_of(path)
    if not (hints(data) or passes_on(data)):
        return Module(name)
    found = imported(data)
    return Module(name, found.names, found.broken)


@lru_cache(maxsize=1)
def parsed(data: bytes) -> ast.Module | None:
    """The file's tree, which nobody changes; None where it is not valid Python, or too large to
    keep a tree of. The last one is kept, as several questions about a file may follow."""
    if len(data) > _MOST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the checked code, such as `"\\d"`
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def names_that_fixes_change(data: bytes) -> frozenset[str]:
    """A file's module-level names that it imports from the SDK, or from whatever module that
    re-exports a 1.x name, which may go, those of dictionaries, in which options may be renamed, of
    functions that may take a hub or give one, and of what is made of one; none if the file is
    broken.

    Also the SDK's own name, which other files may take from any module that imports it.
    """
    if SDK.encode() not in data and not hints(data):
        return frozenset()
    tree = parsed(data)
    if tree is None:
        return frozenset()
    imported = {
        local
        for local, home, name in bound(tree)
        if SDK in (home.partition(".")[0], name) or name in LEGACY
    }
    taking = {function for function, _ in _hub_parameters(tree)}
    hubs = _hubs(tree)
    giving = _returning(tree) if hubs else set()
    return frozenset(imported.union(_dictionaries(tree), hubs, taking, giving, (SDK,)))


def _returning(tree: ast.Module) -> set[str]:
    """Functions of a module that give what has a name, or what a call gives."""
    return {
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef)
        and any(
            isinstance(node, ast.Return)
            and isinstance(node.value, ast.Name | ast.Attribute | ast.Call)
            for node in walk(one)
        )
    }


def _hubs(tree: ast.Module) -> set[str]:
    """Names that are given something in which a hub is spelled, by whatever name it is imported."""
    named = {local for local, _, name in bound(tree) if name == LEGACY[-1]}
    found: set[str] = set()
    for node in walk(tree):
        value = getattr(node, "context_expr", getattr(node, "value", None))
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.withitem):
            targets = [node.optional_vars]
        names = {one.id for one in targets if isinstance(one, ast.Name)}
        if not names or not isinstance(value, ast.expr):
            continue
        words = {getattr(one, "attr", getattr(one, "id", "")) for one in walk(value)}
        if words & named or any("hub" in word.lower() for word in words):
            found |= names
    return found


_HUB_MEMBERS = frozenset(
    (
        *("client", "scope", "capture_event", "capture_message", "capture_exception"),
        *("add_breadcrumb", "configure_scope", "push_scope", "bind_client", "get_integration"),
        *("start_span", "start_transaction", "continue_trace", "last_event_id", "run"),
        *("iter_trace_propagation_headers", "trace_propagation_meta", "flush"),
        *("start_session", "end_session"),
    )
)


@lru_cache(maxsize=8)
def hub_parameters(text: str) -> frozenset[tuple[str, str]]:
    """Functions of a text, each with a parameter that may be a hub: its annotation has the word, a
    member of hubs is read of it, it is entered, a call gives it some `current`, or it is given to
    such a parameter."""
    tree = parsed(text.encode("utf-8", "surrogatepass"))
    return frozenset() if tree is None else frozenset(_hub_parameters(tree))


def _hub_parameters(tree: ast.Module) -> set[tuple[str, str]]:
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
    inner: list[tuple[ast.Attribute | ast.withitem | ast.Call, tuple[str, ...]]] = []
    waiting: list[tuple[ast.AST, tuple[str, ...]]] = [(tree, ())]
    while waiting:
        node, within = waiting.pop()  # with the functions that it stands in
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions.append(node)
            within = (*within, node.name)
        elif isinstance(node, ast.Attribute | ast.withitem | ast.Call):
            inner.append((node, within))
        waiting += [(one, within) for one in children(node)]
    params = {one.name: [arg.arg for arg in one.args.args] for one in functions}
    found: set[tuple[str, str]] = set()
    givers: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for function in functions:
        for one in function.args.args:
            own = (function.name, one.arg)
            if one.annotation is not None and "hub" in ast.unparse(one.annotation).lower():
                found.add(own)
    for node, within in inner:
        if isinstance(node, ast.Attribute) and node.attr in _HUB_MEMBERS:
            if isinstance(node.value, ast.Name):
                found.update((name, node.value.id) for name in within)
        elif isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Name):
            found.update((name, node.context_expr.id) for name in within)
        elif isinstance(node, ast.Call):
            for taker, value in _given(node, params):
                if isinstance(value, ast.Name):
                    givers.setdefault(taker, []).extend((name, value.id) for name in within)
                elif isinstance(value, ast.Attribute) and value.attr == "current":
                    found.add(taker)
    takers = [*found]
    while takers:  # what gives to one that is found is found as well
        new = {*givers.get(takers.pop(), ())} - found
        found |= new
        takers += new
    declared = {(one.name, arg.arg) for one in functions for arg in one.args.args}
    return found & declared


def _given(
    call: ast.Call, params: Mapping[str, Sequence[str]]
) -> Iterator[tuple[tuple[str, str], ast.expr]]:
    """What a call gives to which function and parameter, by names."""
    last = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for name, value in zip(params.get(last, ()), call.args, strict=False):
        yield (last, name), value
    for one in call.keywords:
        if one.arg is not None:
            yield (last, one.arg), one.value


def _dictionaries(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        made = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "dict"
        if made or isinstance(value, ast.Dict):
            yield from (one.id for one in targets if isinstance(one, ast.Name))


def hints(data: bytes | str) -> bool:
    """Whether a file names the SDK, one of the 1.x names or a method of hubs at all."""
    text = data if isinstance(data, str) else data.decode("latin-1")
    if any(name in text for name in _HINTS):
        return True
    return text.count("Hub") > text.count("GitHub")  # which many projects speak of


def spells_option(data: bytes) -> bool:
    """Whether a file spells an option that 2.x refuses."""
    return any(name.encode() in data for name in REFUSED)


def passes_on(data: bytes) -> bool:
    """Whether a file may take all that another one has, and have it for others in turn: by a star,
    or as a short file that has nothing of its own."""
    if b"import *" in data:
        return True
    short = len(data) < _SHORT and b"import" in data
    return short and b"def " not in data and b"class " not in data


_SHORT = 4096
"""Bytes of a file that only imports."""


def _imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """(local name, module, name there) of each import at module level, in `try` and `if` too.

    A name that can also be something else, as a stand-in beside an import that may fail, is
    skipped: whoever imports it from there may not have the SDK at all. Where None stands in for the
    SDK itself, what is called on it is still the SDK's.
    """
    known: dict[str, set[tuple[str, str]]] = {}
    for local, *path in bound(tree):
        known.setdefault(local, set()).add((path[0], path[1]))
    for local, paths in known.items():
        if ("", SDK) in paths:
            paths.discard(_NOTHING)
        if len(paths) == 1 and not paths & {("", ""), _NOTHING}:
            yield local, *paths.pop()


def bound(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Names that get a value at module level, with module and name there, which are empty if it
    is not an import; `_NOTHING` if it is None."""
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
                for name in LEGACY if alias.name == "*" else (alias.name,):
                    yield alias.asname or name, home, name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, "", ""
        elif isinstance(node, ast.Assign) and _is_none(node.value):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, *_NOTHING
        elif isinstance(node, ast.AnnAssign) and _is_none(node.value):
            if isinstance(node.target, ast.Name):
                yield node.target.id, *_NOTHING
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id, "", ""
        else:
            stack.extend(children(node))


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
