"""What one release of sentry-sdk has, read from its source: modules, names, members, signatures.

Nothing is imported, so an integration is read whether its library is installed or not. What is for
Python 2 only does not count, nor do imports under `TYPE_CHECKING`. Knows nothing of another release.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = "sentry_sdk"
_TYPING = ("TYPE_CHECKING", "MYPY", "typing.TYPE_CHECKING")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function, without its annotation."""

    name: str
    kind: str
    """`positional`, `*`, `keyword` or `**`."""
    default: str | None = None
    """As it is written; None where the caller has to give it."""


@dataclass(frozen=True)
class Definition:
    """What a name is."""

    kind: str
    """`module`, `function`, `async function`, `property`, `class`, `value`, `alias`, `other`."""
    parameters: tuple[Parameter, ...] = ()
    """Of a function, or of a class's constructor; without `self`."""
    text: str = ""
    """Of a value, the literal; of an alias, the dotted name it stands for."""
    bases: tuple[str, ...] = ()
    members: Mapping[str, Definition] = field(default_factory=dict)


_MODULE = Definition("module")

Surface = Mapping[str, Mapping[str, Definition]]
"""By module, its names."""


def read(package: Path) -> Surface:
    """Everything of the installed `sentry_sdk` at `package`. Raises SyntaxError, OSError."""
    found: dict[str, dict[str, Definition]] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        tree = ast.parse(path.read_bytes())
        found[".".join(parts)] = dict(_names(tree.body, ".".join(parts)))
    for module in found:
        head, _, tail = module.rpartition(".")
        if head and tail not in found[head]:
            found[head][tail] = Definition("module", text=module)
    return found


def words(package: Path) -> frozenset[str]:
    """Every identifier, parameter, attribute and string in the source of a release."""
    found: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            named = [getattr(node, name, None) for name in ("id", "attr", "name", "arg", "value")]
            found.update(one for one in named if isinstance(one, str))
    return frozenset(found)


def home(surface: Surface, name: str) -> str:
    """Where the thing that a dotted name stands for is defined; empty where it is not there.

    A star import and an alias are followed.
    """
    seen = set()
    while name not in seen:
        seen.add(name)
        module, _, tail = name.rpartition(".")
        names = surface.get(module, {})
        found = names.get(tail, _MODULE)
        if found.kind == "module":
            # A star import after the submodule was loaded binds its name anew.
            name = next(_starred(surface, names, tail), name if name in surface else "")
            if name in surface or not name:
                return name
        elif found.kind != "alias":
            return name
        else:
            name = found.text
    return ""


def _starred(surface: Surface, names: Mapping[str, Definition], tail: str) -> Iterator[str]:
    """Where `from … import *` takes a name from."""
    for key, star in names.items():
        given = surface.get(star.text, {}) if key.startswith("* ") else {}
        offered = given.get("__all__")
        if offered is None or tail in ast.literal_eval(offered.text):
            if tail in given and (at := home(surface, f"{star.text}.{tail}")):
                yield at


def origin(surface: Surface, name: str) -> str:
    """What a name that is imported from another package stands for, such as `time.time`."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        module, _, tail = name.rpartition(".")
        found = surface.get(module, {}).get(tail)
        if found is None or found.kind != "alias":
            break
        name = found.text
    return name


def lookup(surface: Surface, name: str) -> Definition | None:
    """What a dotted name is in the end; None where it is not there or not the SDK's."""
    at = home(surface, name)
    module, _, tail = at.rpartition(".")
    if not module or not at:
        return Definition("module", text=at) if at else None
    return surface[module][tail]


def members(surface: Surface, definition: Definition) -> Mapping[str, Definition]:
    """Those of a class and of the SDK's classes that it inherits from."""
    found: dict[str, Definition] = {}
    for base in reversed(definition.bases):
        inherited = lookup(surface, base)
        if inherited is not None and inherited is not definition:
            found.update(members(surface, inherited))
    return {**found, **definition.members}


def ancestors(surface: Surface, definition: Definition) -> Iterator[str]:
    """Every class that a class inherits from; the last part of the name, if it is not the SDK's."""
    for base in definition.bases:
        yield home(surface, base) or base.rpartition(".")[2]
        inherited = lookup(surface, base)
        if inherited is not None and inherited is not definition:
            yield from ancestors(surface, inherited)


def constructor(surface: Surface, definition: Definition) -> tuple[Parameter, ...] | None:
    """The parameters that a class is made with; None where nothing in the SDK says."""
    made = members(surface, definition).get("__init__")
    return made.parameters if made is not None else None


def _names(body: Sequence[ast.stmt], module: str) -> Iterator[tuple[str, Definition]]:
    """The names that some statements bind, in a module or in a class."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield node.name, _function(node)
        elif isinstance(node, ast.ClassDef):
            yield node.name, _class(node, module)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if node.value is not None:
                    yield from ((name, _value(node.value)) for name in _targets(target))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node, module)
        elif isinstance(node, ast.If):
            yield from _names([*_taken(node)], module)
        elif isinstance(node, ast.Try):
            handled = [one for handler in node.handlers for one in _names(handler.body, module)]
            yield from handled  # first, for what the body binds is what counts
            yield from _names([*node.body, *node.orelse, *node.finalbody], module)
        elif isinstance(node, ast.With):
            yield from _names(node.body, module)
        elif isinstance(node, ast.For):
            yield from ((name, Definition("other")) for name in _targets(node.target))
            yield from _names(node.body, module)


def _taken(node: ast.If) -> Iterator[ast.stmt]:
    """What a program on Python 3 may meet of both branches; of `TYPE_CHECKING`, no imports."""
    test = ast.unparse(node.test)
    if test in _TYPING:
        yield from (one for one in node.body if not isinstance(one, ast.Import | ast.ImportFrom))
    if test != "not PY2":
        yield from node.orelse
    if test not in (*_TYPING, "PY2"):
        yield from node.body


def _targets(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id


def _value(node: ast.expr) -> Definition:
    """A literal is told apart from others of its kind; what is computed is not.

    A `TypedDict("Name", {...})` is a class, whose members are its keys.
    """
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("TypedDict"):
        keys = node.args[1].keys if isinstance(node.args[1], ast.Dict) else ()
        found = [one.value for one in keys if isinstance(one, ast.Constant)]
        return Definition("class", members={str(key): Definition("other") for key in found})
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return Definition("other")
    return Definition("value", text=ast.unparse(node))


def _imported(node: ast.Import | ast.ImportFrom, module: str) -> Iterator[tuple[str, Definition]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            local = alias.asname or alias.name.split(".")[0]
            path = alias.name if alias.asname else local
            yield local, Definition("alias", text=path)
        return
    source = node.module or ""
    if source == "__future__":
        return  # a compiler's switch, not a name
    if node.level:
        package = module.split(".")[: -node.level or None]
        source = ".".join([*package, source] if source else package)
    for alias in node.names:
        if alias.name == "*":
            yield f"* {source}", Definition("alias", text=source)
        else:
            yield alias.asname or alias.name, Definition("alias", text=f"{source}.{alias.name}")


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Definition:
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    if marks & {"property", "setter", "cached_property"}:
        return Definition("property")
    kind = "async function" if isinstance(node, ast.AsyncFunctionDef) else "function"
    return Definition(kind, tuple(_parameters(node.args)))


def _parameters(given: ast.arguments) -> Iterator[Parameter]:
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    for one, default in zip(positional, defaults, strict=True):
        if one.arg not in ("self", "cls"):
            yield Parameter(one.arg, "positional", ast.unparse(default) if default else None)
    if given.vararg:
        yield Parameter(given.vararg.arg, "*")
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield Parameter(one.arg, "keyword", ast.unparse(default) if default else None)
    if given.kwarg:
        yield Parameter(given.kwarg.arg, "**")


def _class(node: ast.ClassDef, module: str) -> Definition:
    written = [ast.unparse(base) for base in node.bases]
    bases = tuple(base if base.startswith(f"{ROOT}.") else f"{module}.{base}" for base in written)
    found = dict(_names(node.body, module))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            if isinstance(inner.value, ast.Name) and inner.value.id in ("self", "cls"):
                found.setdefault(inner.attr, Definition("other"))
    slots = found.pop("__slots__", None)
    if slots is not None and slots.kind == "value":
        for name in ast.literal_eval(slots.text):
            found.setdefault(name, Definition("other"))
    return Definition("class", bases=bases, members=found)
