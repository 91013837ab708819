"""Names of its own that a text looks up while it runs: by `globals()`, or by code in a string.

Owns which names these may be. Knows neither what they are nor where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree

ANY = "*"
"""A name that cannot be told: it may be any."""

_HAS = re.compile(r"\b(?:__main__|compile|eval|exec|globals|locals|modules|timeit|vars)\b")
_RUNNING = frozenset(("compile", "eval", "exec"))
_TIMING = frozenset(("Timer", "repeat", "timeit"))
_ASKING = frozenset(("__contains__", "__getitem__", "get", "pop"))
_PUTTING = frozenset(("__ior__", "__setitem__", "setdefault", "update"))
_NAMES_OF_FUNCTIONS = ("__name__", "__qualname__")
_WORD = re.compile(r"\w+")


def names_looked_up(tree: Tree) -> frozenset[str]:
    """The names that a text may look up, ANY among them."""
    return frozenset(_Finder(tree).found()) if _HAS.search(tree.text) else frozenset()


class _Finder:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def found(self) -> Iterator[str]:
        """See `names_looked_up`; twice, some of them."""
        spaces = [node for node in self._values() if self._is_own(node)]
        called = {name for node in spaces for name in self._variables(node)}
        spaces += [node for node in self._tree.nodes(cst.Name) if node.value in called]
        for node in spaces:
            yield from self._used(node)
        if any(self._runs(call) for call in self._tree.nodes(cst.Call)):
            yield from self._in_strings()

    def _values(self) -> Iterator[cst.BaseExpression]:
        yield from self._tree.nodes(cst.Call)
        yield from self._tree.nodes(cst.Subscript)
        yield from (one for one in self._tree.nodes(cst.Name) if one.value == "__main__")

    def _is_own(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is the module of the text, or the dictionary of its names."""
        if isinstance(node, cst.Name):
            return node.value == "__main__"
        if isinstance(node, cst.Subscript):
            at = node.slice[0].slice
            index = at.value if len(node.slice) == 1 and isinstance(at, cst.Index) else None
            return dotted(node.value).endswith("modules") and (
                isinstance(index, cst.Name) and index.value == "__name__"
            )
        name = dotted(node.func) if isinstance(node, cst.Call) else ""
        if name in ("locals", "vars") and isinstance(node, cst.Call) and not node.args:
            return self._tree.enclosing(node, cst.FunctionDef, cst.ClassDef, cst.Lambda) is None
        return name == "globals"

    def _variables(self, node: cst.BaseExpression) -> Iterator[str]:
        """What an expression is called."""
        at = self._tree.parent(node)
        targets: list[cst.CSTNode] = []
        if isinstance(at, cst.Assign):
            targets += (one.target for one in at.targets)
        elif isinstance(at, cst.NamedExpr | cst.AnnAssign):
            targets.append(at.target)
        yield from (one.value for one in targets if isinstance(one, cst.Name))

    def _used(self, node: cst.BaseExpression) -> Iterator[str]:
        """The names that are looked up where an expression that is the module stands."""
        at = self._tree.parent(node)
        if isinstance(at, cst.Attribute) and at.value is node:
            yield from self._member(at)
        elif isinstance(at, cst.Subscript) and at.value is node:
            index = at.slice[0].slice
            if not self._is_stored(at) and isinstance(index, cst.Index):
                yield from self._named(index.value)
        elif isinstance(at, cst.For | cst.CompFor) and at.iter is node:
            yield ANY
        elif isinstance(at, cst.Arg):
            yield from self._given(at)
        elif isinstance(at, cst.ComparisonTarget):
            comparison = self._tree.parent(at)
            assert isinstance(comparison, cst.Comparison)
            yield from self._named(comparison.left)
        elif isinstance(at, cst.BinaryOperation) and at.right is node:
            yield from self._in_strings()

    def _member(self, attribute: cst.Attribute) -> Iterator[str]:
        name, call = attribute.attr.value, self._tree.parent(attribute)
        if name == "__dict__":
            yield from self._used(attribute)
        elif not (isinstance(call, cst.Call) and call.func is attribute):
            yield name
        elif name in _ASKING:
            yield from self._named(call.args[0].value if call.args else None)
        elif name in ("copy", "items", "keys", "values"):
            yield ANY
        elif name not in _PUTTING:
            yield name

    def _given(self, arg: cst.Arg) -> Iterator[str]:
        """What a call looks up that gets the module."""
        call = self._tree.parent(arg)
        if not isinstance(call, cst.Call):
            return
        name = dotted(call.func)
        if name in ("getattr", "hasattr") and call.args[0] is arg and len(call.args) > 1:
            yield from self._named(call.args[1].value)
        elif name in ("dict", "dir", "list", "set", "sorted", "tuple", "vars"):
            yield ANY
        elif name not in ("setattr", "delattr", "id", "isinstance", "len", "print"):
            yield from self._in_strings()

    def _named(self, key: cst.BaseExpression | None) -> Iterator[str]:
        value = key.evaluated_value if isinstance(key, cst.SimpleString) else None
        if isinstance(value, str):
            yield value
        elif not (isinstance(key, cst.Attribute) and key.attr.value in _NAMES_OF_FUNCTIONS):
            yield ANY

    def _is_stored(self, node: cst.CSTNode) -> bool:
        """Whether an item is assigned to or deleted."""
        at = self._tree.parent(node)
        while isinstance(at, cst.Tuple | cst.Element):
            at = self._tree.parent(at)
        stored = cst.AssignTarget | cst.Del
        return isinstance(at, stored) or (isinstance(at, cst.AnnAssign) and at.target is node)

    def _runs(self, call: cst.Call) -> bool:
        """Whether a call runs code of a string."""
        home, _, name = dotted(call.func).rpartition(".")
        if name in _TIMING and (home or name != "repeat"):
            return home == "timeit" or not home
        return name in _RUNNING and home in ("", "builtins")

    def _in_strings(self) -> Collection[str]:
        """The words of strings, but for those that say what is for people."""
        texts = [
            one.value
            for one in self._tree.nodes(cst.SimpleString)
            if not isinstance(self._tree.parent(one), cst.Expr)
        ]
        texts += (one.value for one in self._tree.nodes(cst.FormattedStringText))
        return {word for text in texts for word in _WORD.findall(text)}
