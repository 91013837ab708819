"""What an annotation says, by the words in it: an instance, or a container of such.

Owns reading `Optional`, `|` and `dict[str, …]`. Refuses to know what a name means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

Said: TypeAlias = tuple[str, str]
"""A type such as `Hub`, and the shape of its container: `plain`, `mapping` or nothing; `giving` for
a function that gives one, `class` for the class itself."""

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
_GETTING = frozenset(("ContextVar", "Queue", "SimpleQueue", "LifoQueue"))
"""What gives its one thing, or the next, by `get()`, as a mapping does."""
_OF_ONE = {"Callable": ("giving", 2), "Type": ("class", 1), "type": ("class", 1)}
"""What is not a container, by name: the shape, and of how many parts."""
_WRAPPERS = frozenset(
    ("Optional", "Union", "Final", "ClassVar", "Annotated", "Required", "Awaitable")
)


class AnnotationTypes:
    """Reads annotations. `named` tells what a dotted name stands for, `quoted` what a text says."""

    def __init__(
        self, named: Callable[[str], Said | None], quoted: Callable[[str], Said | None]
    ) -> None:
        self._named = named
        self._quoted = quoted

    def read(self, text: str) -> Said | None:
        """What an annotation's text says."""
        try:
            return self.of(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def of(self, node: ast.expr) -> Said | None:
        """What an annotation says."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._quoted(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(ast.unparse(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._either([node.left, node.right])
        if not isinstance(node, ast.Subscript):
            return None
        name = ast.unparse(node.value).rpartition(".")[2]
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _WRAPPERS:
            return self._either(given[:1] if name == "Annotated" else given)
        return self._container(name, given)

    def _either(self, parts: Sequence[ast.expr]) -> Said | None:
        """What all of them say, None aside."""
        kinds = {self.of(part) for part in parts if not _is(part, None)}
        return kinds.pop() if len(kinds) == 1 else None

    def _container(self, name: str, parts: Sequence[ast.expr]) -> Said | None:
        shape, count = _OF_ONE.get(name, ("", 0))
        if len(parts) != count:
            shape = ""
        if (name in _MAPPINGS and len(parts) == 2) or (name in _GETTING and len(parts) == 1):
            shape = "mapping"
        elif name in _SEQUENCES:
            tuples = name in ("tuple", "Tuple") and len(parts) == 2
            if len(parts) == 1 or name == "Generator" or (tuples and _is(parts[1], ...)):
                shape, parts = "plain", parts[:1]
        held = self.of(parts[-1]) if shape else None
        return (held[0], shape) if held is not None and not held[1] else None


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
