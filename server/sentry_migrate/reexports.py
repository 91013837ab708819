"""Names of the SDK that a project's own modules hand on: `from app.obs import push_scope`.

Owns finding them in the modules that import the SDK, and telling which other files they matter to.
Reads with the standard library's parser; a module it cannot read hands on nothing. The command
line and the editor's worker read modules, the server only resolves what they read. Refuses to
know what is wrong with a name.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MARKS = ("sentry_sdk", "raven-sentry", "sentry-migrate:")
"""A Python text that holds none of these has no findings and need not be parsed,
unless it spells a name that is handed on."""

LEGACY = ("configure_scope", "push_scope", "Hub")
"""The 1.x names that are followed from module to module."""
_HINTS = tuple(name.encode() for name in LEGACY)

Names = Mapping[str, str]
"""`app.obs.push_scope` to `sentry_sdk.push_scope`."""


def module_of(path: str) -> str:
    """The dotted name of a file, by the packages (`__init__.py`) above it."""
    directory, name = os.path.split(os.path.abspath(path))
    parts = [os.path.splitext(name)[0]]
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        parts.insert(0, name)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _home(path: str) -> tuple[str, str]:
    """The module a file is, and the package its relative imports count from."""
    name = module_of(path)
    initial = os.path.basename(path).startswith("__init__.")
    return name, name if initial else name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Module:
    """A module and what it imports at module level, which other modules may import from it."""

    name: str
    """Dotted: `app.obs`."""
    imports: tuple[tuple[str, str], ...]
    """(local name, absolute dotted path), in no particular order."""


def module(path: str, data: bytes) -> Module | None:
    """The module at `path`; None if it cannot hand on any of the names."""
    if not path.endswith((".py", ".pyi")) or not hints(data):
        return None
    name, package = _home(path)
    imports = tuple(_imports(data, package))
    return Module(name, imports) if imports else None


def resolve(modules: Iterable[Module]) -> Names:
    """What the modules hand on, through each other too."""
    handed: dict[str, str] = {}
    chains: list[tuple[str, str]] = []
    for one in modules:
        for local, origin in one.imports:
            name = f"{one.name}.{local}"
            if origin.partition(".")[0] == "sentry_sdk":
                if origin == "sentry_sdk" or origin.rpartition(".")[2] in LEGACY:
                    handed[name] = origin
            else:
                chains.append((name, origin))
    for _ in range(len(chains)):
        fresh = {name: handed[origin] for name, origin in chains if origin in handed}
        if fresh.keys() <= handed.keys():
            break
        handed.update(fresh)
    return handed


def collect(files: Iterable[tuple[str, bytes]]) -> Names:
    """What the modules among `files` (path and bytes) hand on, through each other too."""
    return resolve(found for found in (module(*file) for file in files) if found is not None)


def hints(data: bytes | str) -> bool:
    """Whether a file names one of the 1.x names at all."""
    if isinstance(data, str):
        return any(name in data for name in LEGACY)
    return any(name in data for name in _HINTS)


def may_use(names: Iterable[str], text: str) -> bool:
    """Whether a text spells the last part of any of `names`: a first, cheap look."""
    return any(name.rpartition(".")[2] in text for name in names)


def concerning(names: Names, path: str, data: bytes) -> Names:
    """Those of `names` that the file at `path` may use, relative spellings included."""
    own, package = _home(path)
    result: dict[str, str] = {}
    for name, origin in names.items():
        home, _, local = name.rpartition(".")
        if home == own or local.encode() not in data:
            continue
        if home.rpartition(".")[2].encode() not in data and home != package:
            continue
        result[name] = origin
        relative = _relative(name, package)
        if relative:
            result[relative] = origin
    return result


def _relative(name: str, package: str) -> str:
    """`name` as a relative import in `package` spells it; empty outside of its top package."""
    own, other = package.split("."), name.split(".")
    if not package or own[0] != other[0]:
        return ""
    shared = 0
    while shared < min(len(own), len(other) - 1) and own[shared] == other[shared]:
        shared += 1
    return "." * (len(own) - shared + 1) + ".".join(other[shared:])


def _imports(data: bytes, package: str) -> Iterator[tuple[str, str]]:
    """(local name, absolute dotted path) of each import at module level, in `try` and `if` too.

    A name that can also be something else, as a stand-in beside an import that may fail, is left
    out: whoever imports it from there may not have the SDK at all.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    paths: dict[str, set[str]] = {}
    for name, path in _bound(tree, package):
        paths.setdefault(name, set()).add(path)
    for name, known in paths.items():
        if len(known) == 1 and "" not in known:
            yield name, known.pop()


def _bound(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Names that get a value at module level: (name, dotted path), which is empty if it is no
    import."""
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or path, path
        elif isinstance(node, ast.ImportFrom):
            home = node.module or ""
            if node.level:
                base = package.split(".")[: len(package.split(".")) - node.level + 1]
                home = ".".join([*base, home] if home else base)
            for alias in node.names:
                yield alias.asname or alias.name, f"{home}.{alias.name}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, ""
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id, ""
        else:
            stack.extend(ast.iter_child_nodes(node))
