"""What annotations say: an instance of the SDK's, or a container of such.

Owns reading them as code, in quotes and in comments (`Optional`, `|`, `dict[str, …]`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import walk
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.names import ANNOTATED, canonical
from sentry_migrate.sdk.reexported_names import ReexportedNames
from sentry_migrate.sdk.value_types import Many, Obj, Ref, Shape, Value

Declared: TypeAlias = "str | Many | None"
"""The type of an instance, such as `Hub`, or a container; None for anything else."""

_MAPPINGS = frozenset(
    (
        *("dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict"),
        *("OrderedDict", "ChainMap", "WeakValueDictionary"),
    )
)
_SEQUENCES = frozenset(
    (
        *("list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection"),
        *("set", "Set", "frozenset", "FrozenSet", "AbstractSet", "deque", "Deque", "tuple"),
        *("Tuple", "Generator", "WeakSet", "Reversible", "ValuesView"),
    )
)
_WRAPPERS = frozenset(("Optional", "Union", "Final", "ClassVar", "Annotated", "Required"))


class Annotations:
    """The annotations of one tree. `of` evaluates an expression."""

    __slots__ = ("_known", "_of", "_reexported", "_scopes", "_tree")

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        reexported: ReexportedNames,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._reexported = reexported
        self._known: dict[int, Declared] = {}

    def of(self, node: cst.CSTNode) -> Declared:
        """What an annotation in the code says."""
        if id(node) not in self._known:
            self._known[id(node)] = self._declared(node)
        return self._known[id(node)]

    def _declared(self, node: cst.CSTNode) -> Declared:
        value = self._of(node)
        if isinstance(value, Ref):
            return ANNOTATED.get(value.path)
        if not isinstance(node, cst.Subscript | cst.BinaryOperation | cst.SimpleString):
            return None
        paths: dict[str, str] = {}
        quoted = False
        for part in walk(node):
            quoted = quoted or isinstance(part, cst.SimpleString)
            if isinstance(part, cst.Name | cst.Attribute):
                named = self._of(part)
                if isinstance(named, Ref):
                    paths[self._tree.code(part)] = named.path
        return self._read(self._tree.code(node), paths.get) if paths or quoted else None

    def text(self, text: str) -> Declared:
        """What an annotation in quotes or in a comment says."""
        return None if not text else self._read(text, self._imported)

    def _read(self, text: str, path: Callable[[str], str | None]) -> Declared:
        try:
            return self._typed(ast.parse(text.strip(), mode="eval").body, path)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def _imported(self, name: str) -> str | None:
        """What a dotted name means that the module imports."""
        first, _, rest = name.partition(".")
        for binding in self._scopes.module.bindings.get(first, ()):
            if binding.kind == "import":
                path = self._reexported.origin(binding.path)
                return canonical(self._reexported.origin(f"{path}.{rest}" if rest else path))
        return None

    def _typed(self, node: ast.expr, path: Callable[[str], str | None]) -> Declared:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.text(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            return ANNOTATED.get(path(ast.unparse(node)) or "")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._either([node.left, node.right], path)
        if not isinstance(node, ast.Subscript):
            return None
        name = ast.unparse(node.value).rpartition(".")[2]
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _WRAPPERS:
            return self._either(given[:1] if name == "Annotated" else given, path)
        return self._container(name, given, path)

    def _either(self, parts: list[ast.expr], path: Callable[[str], str | None]) -> Declared:
        """What all of them say, None aside."""
        real = [one for one in parts if not _is_none(one)]
        kinds = {self._typed(part, path) for part in real}
        return kinds.pop() if len(kinds) == 1 else None

    def _container(
        self, name: str, parts: list[ast.expr], path: Callable[[str], str | None]
    ) -> Many | None:
        shape: Shape | None = None
        if name in _MAPPINGS and len(parts) == 2:
            shape = "mapping"
        elif name in _SEQUENCES:
            tuples = name in ("tuple", "Tuple") and len(parts) == 2
            if len(parts) == 1 or name == "Generator" or (tuples and _is_ellipsis(parts[1])):
                shape, parts = "plain", parts[:1]
        held = self._typed(parts[-1], path) if shape is not None else None
        return Many(held, shape) if isinstance(held, str) and shape is not None else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def stored(declared: Declared, node: cst.CSTNode) -> Value | None:
    """What is declared, as it is read at `node`."""
    return Obj(declared, "param", node, "attribute") if isinstance(declared, str) else declared
