"""Which names a file takes from modules of its project: by imports, attributes and strings.

Owns reading that with the standard library's parser. Refuses to know who asks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sentry_migrate.project.modules import parsed
from sentry_migrate.project.scripts import is_code
from sentry_migrate.project.syntax_nodes import children, walk
from sentry_migrate.project.taken_names import EVERYTHING, LOADING, Sought, Taken
from sentry_migrate.text.notebook import is_notebook

_WORD = re.compile(rb"[\w\x80-\xff]+")
_PATH = re.compile(r"[\w.:]*$")
"""What a string ends with that may be a name, or a module and a name."""
_FROM = re.compile(r"\bfrom\s+([.\w]+)\s+import\b([^#\n]*)")
_READ = re.compile(r"\b(\w+(?:\.\w+)*)\.(\w+)")
_REFLECTING = ("dir", "getattr", "getmembers", "getmembers_static", "vars")
_OWN = re.compile(rb"\b(?:globals|locals|vars|__dict__|__name__)\b")
_TAKING = frozenset((ast.Assign, ast.Attribute, ast.Call, ast.Constant, ast.Dict))
_FILE = re.compile(r"(?:^|[/\\])(\w+)(?:[/\\]__init__)?\.py$")
"""The name of a module as the path of its file spells it."""
_SETTING = ("__setitem__", "setattr", "setdefault", "setitem")
_IMPORTING = ("__import__", "import_module")
_OWN_NAME = "__name__"


def read(path: str, data: bytes, what: Sought) -> Taken | None:
    """What the file at `path` takes, of which `data` is the Python code; None for nothing."""
    if not (is_code(path) or is_notebook(path)) or not what.near(data):
        return None
    tree = parsed(data)
    if tree is None:
        words = {word.decode("utf-8", "replace") for word in _WORD.findall(data)}
        return Taken(
            loose=tuple(words.intersection(what.names)),
            modules=tuple(words.intersection(what.modules)),
        )
    found = _Reader(what, bool(_OWN.search(data))).taken(tree)
    return None if found == Taken() else found


class _Reader:
    """Reads one file."""

    def __init__(self, what: Sought, reflects: bool) -> None:
        self._names = frozenset(what.names)
        self._modules = frozenset(what.modules)
        self._reflects = reflects
        self._imports: dict[str, set[str]] = {}
        """By local name, dotted paths."""
        self._sdk: set[str] = set()
        """Names of what comes from the SDK."""
        self._ours: set[int] = set()
        """id() of strings that name members of the SDK's own objects."""
        self._called: dict[str, set[str]] = {}
        """By what they are called besides, the last parts of modules; empty for the file's own."""
        self._loads = False
        """Whether the file runs code of files that it names."""

    def taken(self, tree: ast.Module) -> Taken:
        nodes = list(walk(tree))
        found: dict[str, dict[object, None]] = {
            name: {} for name in ("pairs", "loose", "modules", "anywhere", "aliases", "own")
        }
        self._loads = any(isinstance(one, ast.Call) and _last(one.func) in LOADING for one in nodes)
        once = set(map(id, _run_once(tree)))
        copied: dict[object, None] = {}
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for kind, item in self._imported(node):
                    if kind == "pairs" and id(node) in once:
                        copied[item] = None
                    else:
                        found[kind][item] = None
        for node in nodes if self._sdk else ():
            if isinstance(node, ast.Assign) and self._is_sdk(node.value):
                names = (one for target in node.targets for one in walk(target))
                self._sdk.update(one.id for one in names if isinstance(one, ast.Name))
        for node in nodes:
            if type(node) in _TAKING:
                for kind, item in self._met(node):
                    found[kind][item] = None
                for name, value in _named_anew(node):
                    for kind, item in self._renamed(name, value):
                        found[kind][item] = None
        found["copied"] = {item: None for item in copied if item not in found["pairs"]}
        found["pairs"] |= copied
        return Taken(**{name: tuple(items) for name, items in found.items()})  # type: ignore[arg-type]

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, object]]:
        home = "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            joint = "" if not home or home.endswith(".") else "."
            path = f"{home}{joint}{alias.name}"
            local = alias.asname or alias.name
            if isinstance(node, ast.Import) and not alias.asname:
                local = local.partition(".")[0]
            if path.partition(".")[0] == "sentry_sdk":
                self._sdk.add(local)
                continue
            whole = path if isinstance(node, ast.ImportFrom) or alias.asname else local
            self._imports.setdefault(local, set()).add(whole)
            if home and (alias.name == "*" or alias.name in self._names):
                yield "pairs", (home, alias.name)
            last = path.rpartition(".")[2]
            if last in self._modules:
                yield "modules", last
                if alias.asname and alias.asname != last:
                    yield "aliases", (alias.asname, last)

    def _met(self, node: ast.AST) -> Iterator[tuple[str, object]]:
        if isinstance(node, ast.Attribute):
            if node.attr in self._modules:
                yield "modules", node.attr
            if node.attr in self._names:
                yield from self._attribute(node)
        elif isinstance(node, ast.Call):
            yield from self._reflected(node)
            if self._is_sdk(node.func) or (node.args and self._is_sdk(node.args[0])):
                self._ours.update(map(id, node.args))
            elif node.args:
                for keyword in node.keywords:
                    if keyword.arg in self._names:
                        yield "loose", keyword.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in self._ours:
                yield from self._string(node.value)

    def _attribute(self, node: ast.Attribute) -> Iterator[tuple[str, object]]:
        if self._is_sdk(node.value):
            return
        root, _, rest = _dotted(node.value).partition(".")
        known = self._imports.get(root, ())
        for path in known:
            yield "pairs", (f"{path}.{rest}" if rest else path, node.attr)
        if rest:
            yield "pairs", (rest, node.attr)
        if not known:
            yield "loose", node.attr

    def _renamed(self, name: str | None, value: ast.expr) -> Iterator[tuple[str, object]]:
        """That a module is called this, too; where the name cannot be told, it may be any."""
        for last in list(self._modules_of(value)):
            if name is not None:
                self._called.setdefault(name, set()).add(last)
                yield "aliases", (name, last)
            elif last:
                yield "pairs", (last, EVERYTHING)
            else:
                yield "own", EVERYTHING

    def _modules_of(self, node: ast.expr) -> Iterator[str]:
        """The last parts of the modules that an expression may be; empty for the file's own."""
        name = ""
        if isinstance(node, ast.Call) and _last(node.func) in _IMPORTING and node.args:
            name = _text(node.args[0])
        elif isinstance(node, ast.Subscript) and _last(node.value) == "modules":
            if isinstance(node.slice, ast.Name) and node.slice.id == _OWN_NAME:
                yield ""
            name = _text(node.slice)
        else:
            root, dot, rest = _dotted(node).partition(".")
            names = {f"{path}{dot}{rest}" for path in self._imports.get(root, ())}
            yield from {one.rpartition(".")[2] for one in names} & self._modules
            yield from self._called.get(_dotted(node), ())
        if name.rpartition(".")[2] in self._modules:
            yield name.rpartition(".")[2]

    def _reflected(self, node: ast.Call) -> Iterator[tuple[str, object]]:
        """`getattr(obs, name)`, `dir(obs)` and `getmembers(obs)`: whatever the module has."""
        given = node.args
        if not given or _dotted(node.func).removeprefix("inspect.") not in _REFLECTING:
            return
        if len(given) > 1 and isinstance(given[1], ast.Constant):
            return
        root, _, rest = _dotted(given[0]).partition(".")
        for path in self._imports.get(root, ()):
            yield "pairs", (f"{path}.{rest}" if rest else path, EVERYTHING)

    def _code(self, text: str) -> Iterator[tuple[str, object]]:
        """What code in a string takes, as of an example in a docstring that tests run."""
        for home, names in _FROM.findall(text):
            for name in re.findall(r"\w+|\*", names):
                if name == "*" or name in self._names:
                    yield "pairs", (home, name)
        for path, name in _READ.findall(text):
            if name in self._names and path.partition(".")[0] != "sentry_sdk":
                yield "pairs", (path, name)

    def _string(self, text: str) -> Iterator[tuple[str, object]]:
        if "import " in text:
            yield from self._code(text)
        file = _FILE.search(text) if self._loads else None
        if file is not None and file[1] in self._modules:
            yield "pairs", (file[1], EVERYTHING)
        path = _PATH.search(text.replace("%s", "{}"))
        parts = re.split(r"[.:]", path.group() if path is not None else "")
        if len(parts) == 1 and parts[0] != text:
            return  # the last word of a sentence
        for index, part in enumerate(parts):
            if part in self._modules and index == len(parts) - 1:
                yield "modules", part
            if part not in self._names or parts[0] == "sentry_sdk":
                continue
            if index == 0:
                yield "loose", part
                if self._reflects:
                    yield "own", part
            elif parts[index - 1]:
                yield "pairs", (".".join(parts[:index]), part)
            else:
                yield "anywhere", part

    def _is_sdk(self, node: ast.expr) -> bool:
        """Whether an expression starts from a name that comes from the SDK."""
        while True:
            if isinstance(node, ast.Attribute | ast.Subscript | ast.Await):
                node = node.value
            elif isinstance(node, ast.Call):
                node = node.func
            else:
                return isinstance(node, ast.Name) and (
                    node.id in self._sdk and node.id not in self._imports
                )


def _run_once(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, and never again."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting.extend(children(node))


def _named_anew(node: ast.AST) -> Iterator[tuple[str | None, ast.expr]]:
    """What may be a module, and its new name: `sys.modules["compat"] = obs`,
    `setattr(pkg, "compat", obs)`; None for one that cannot be told."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name | ast.Attribute):
                yield _last(target), node.value
            elif isinstance(target, ast.Subscript) and _last(target.value) == "modules":
                yield _spelled(target.slice), node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and (name := _spelled(key)) is not None:
                yield name, value
    elif isinstance(node, ast.Call):
        if _last(node.func) in _SETTING and len(node.args) > 1:
            yield _spelled(node.args[-2]), node.args[-1]
        elif _last(node.func) == "update":
            yield from ((one.arg, one.value) for one in node.keywords if one.arg)


def _spelled(key: ast.expr) -> str | None:
    """The last part of a name, empty for the file's own; None where that cannot be told."""
    if isinstance(key, ast.Name) and key.id == _OWN_NAME:
        return ""
    texts = [text for one in walk(key) if isinstance(one, ast.expr) and (text := _text(one))]
    last = texts[-1].rpartition(".")[2] if texts else ""
    return last if last.isidentifier() else None


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _last(node: ast.expr) -> str:
    return _dotted(node).rpartition(".")[2]


def _dotted(node: ast.expr) -> str:
    """`a.b.c` as text, with nothing in place of what is not a name."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
