"""Containers of the SDK's instances: lists, dictionaries, what is put into them and read from them.

Owns which type of instance a container holds, by its annotation, by what it is made of or by what
is stored in it. Which of several instances is read is not told apart. Refuses to know rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import Binding, dotted, walk
from sentry_migrate.python.flow import MANY
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Many, Obj, Shape, Value

_COPIES = frozenset(("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque"))
_COPIES_DICT = frozenset(("dict", "OrderedDict", "ChainMap", "copy", "deepcopy"))
_EMPTY = _COPIES | _COPIES_DICT | {"defaultdict", "WeakValueDictionary"}
_LOOKS = frozenset(("get", "pop", "setdefault"))
_TAKES = frozenset(("append", "add", "appendleft", "insert", "setdefault"))
"""Methods whose last argument is put into the container."""

_Key: TypeAlias = "int | tuple[str, int]"


class Containers:
    """The containers of one tree. `of` evaluates an expression."""

    __slots__ = ("_known", "_of", "_running", "_scopes", "_stores", "_tree")

    def __init__(
        self, tree: Tree, scopes: Scopes, of: Callable[[cst.CSTNode | None], Value | None]
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._known: dict[int, Mapping[int, int]] = {}
        self._running: dict[int, int] = {}
        """By id() of a tuple or list, the last place where code runs."""
        self._stores: dict[_Key, list[cst.BaseExpression]] | None = None

    def value(self, node: cst.CSTNode) -> Value | None:
        """A container that is written out, or what `container[key]` gives."""
        if isinstance(node, cst.List | cst.Tuple | cst.Set):
            return self._holding("plain", map(_part, node.elements))
        if isinstance(node, cst.ListComp | cst.SetComp | cst.GeneratorExp):
            return self._holding("plain", [node.elt])
        if isinstance(node, cst.DictComp):
            return self._holding("mapping", [node.value])
        if isinstance(node, cst.Dict):
            return self._holding("mapping", map(_part, node.elements))
        if isinstance(node, cst.Subscript):
            base = self._of(node.value)
            if not isinstance(base, Many) or len(node.slice) != 1:
                return None
            if isinstance(node.slice[0].slice, cst.Slice):
                return base if base.shape == "plain" else None
            return None if base.shape == "pairs" else base.one(node)
        return None

    def called(self, call: cst.Call) -> Value | None:
        """What a call reads from a container: `hubs.values()`, `hubs.get(key)`, `list(hubs)`."""
        if isinstance(call.func, cst.Attribute):
            base = self._of(call.func.value)
            if isinstance(base, Many):
                return self._method(base, call.func.attr.value, call)
        name = dotted(call.func).rpartition(".")[2]
        given = self._of(call.args[0].value) if call.args and not call.args[0].star else None
        if not isinstance(given, Many):
            return None
        if name == "next":
            return given.one(call) if given.shape == "plain" else None
        if name == "enumerate":
            return Many(given.type, "pairs") if given.shape == "plain" else None
        if name in _COPIES:
            return given if given.shape != "mapping" else None
        return given if name in _COPIES_DICT else None

    def _method(self, base: Many, name: str, call: cst.Call) -> Value | None:
        if base.shape == "plain" and name in ("pop", "popleft"):
            return base.one(call)
        if base.shape == "plain":
            return base if name == "copy" else None
        if base.shape == "mapping" and name in ("values", "items", "copy"):
            shapes: dict[str, Shape] = {"values": "plain", "items": "pairs", "copy": "mapping"}
            return Many(base.type, shapes[name])
        return base.one(call) if base.shape == "mapping" and name in _LOOKS else None

    def unpacked(self, binding: Binding) -> Value | None:
        """What a `for` loop or an assignment gives a name that gets a part of the value."""
        target, at = binding.node, -1
        element = self._tree.parent(target)
        if not binding.whole:
            around = self._tree.parent(element) if isinstance(element, cst.Element) else None
            if not isinstance(around, cst.Tuple | cst.List):
                return None
            if isinstance(self._tree.parent(around), cst.Element):
                return None
            at = self._places(around).get(id(target), -1)
            if at < 0:
                return None
        if binding.kind == "assign":
            return self._assigned(binding.value, at, target)
        iterated = binding.value if binding.value is not None else self._iterated(target)
        value = self._of(iterated)
        if not isinstance(value, Many):
            return None
        wanted = {"plain": -1, "pairs": 1}.get(value.shape)
        return value.one(target) if wanted == at else None

    def _assigned(self, value: cst.CSTNode | None, at: int, target: cst.CSTNode) -> Value | None:
        """`a, b = Hub.current, client` and `a, b = hubs`."""
        if isinstance(value, cst.Tuple | cst.List):
            if not 0 <= at < len(self._places(value)):
                return None
            one = self._of(value.elements[at].value)
            if isinstance(one, Obj) and at < self._running[id(value)]:
                return replace(one, held="attribute", via=None)  # it may be another one by then
            return one
        given = self._of(value)
        plain = isinstance(given, Many) and given.shape == "plain"
        return given.one(target) if plain and isinstance(given, Many) else None

    def _places(self, node: cst.Tuple | cst.List) -> Mapping[int, int]:
        """By id() of what stands in it, where; none where a star may be any number of things."""
        if id(node) not in self._known:
            parts = node.elements
            starred = any(isinstance(one, cst.StarredElement) for one in parts)
            places = {} if starred else {id(one.value): at for at, one in enumerate(parts)}
            self._known[id(node)] = places
            self._running[id(node)] = max(
                (at for at, one in enumerate(parts) if _runs_code(one)), default=-1
            )
        return self._known[id(node)]

    def _iterated(self, target: cst.CSTNode) -> cst.CSTNode | None:
        """What a comprehension goes through."""
        part = self._tree.enclosing(target, cst.CompFor)
        return part.iter if part is not None else None

    def _holding(self, shape: Shape, parts: Iterable[cst.CSTNode]) -> Many | None:
        """A container of these, if all are instances of one type."""
        values = [self._of(part) for part in parts]
        types = {one.type if isinstance(one, Obj) else "" for one in values}
        kind = types.pop() if len(types) == 1 else ""
        return Many(kind, shape) if kind else None

    def filled(self, target: cst.CSTNode, made: cst.CSTNode | None) -> Many | None:
        """What a container holds that is made empty and given to `target`: by what is stored in it
        as `name[key] = …` or with a method."""
        if not _is_empty(made):
            return None
        if self._stores is None:
            self._stores = {}
            for base, value in self._stored():
                for key in self._keys(base):
                    self._stores.setdefault(key, []).append(value)
        key = id(target) if isinstance(target, cst.Name) else self._attribute(target)
        mapping = isinstance(made, cst.Dict) or (
            isinstance(made, cst.Call) and dotted(made.func).rpartition(".")[2] not in _COPIES
        )
        return self._holding("mapping" if mapping else "plain", self._stores.get(key, ()))

    def _keys(self, base: cst.CSTNode) -> Iterator[_Key]:
        """What tells containers apart: the name that was bound, or the attribute and its class."""
        if isinstance(base, cst.Name):
            bindings = self._scopes.reaching(base)
            if len(bindings) <= MANY:
                yield from (id(binding.node) for binding in bindings)
        elif dotted(base):
            yield self._attribute(base)

    def _attribute(self, node: cst.CSTNode) -> _Key:
        return dotted(node), id(self._tree.enclosing(node, cst.ClassDef))

    def _stored(self) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
        for node in self._tree.nodes(cst.Assign):
            for target in node.targets:
                if isinstance(target.target, cst.Subscript):
                    yield target.target.value, node.value
        for call in self._tree.nodes(cst.Call):
            func = call.func
            if isinstance(func, cst.Attribute) and func.attr.value in _TAKES and call.args:
                yield func.value, call.args[-1].value


def _part(element: cst.BaseElement | cst.BaseDictElement) -> cst.CSTNode:
    """What is in a container; itself for what may be any number of things."""
    starred = isinstance(element, cst.StarredElement | cst.StarredDictElement)
    return element if starred else element.value


def _runs_code(node: cst.CSTNode) -> bool:
    return any(isinstance(one, cst.Call | cst.Await | cst.Yield) for one in walk(node))


def _is_empty(node: cst.CSTNode | None) -> bool:
    """Whether an expression makes an empty container."""
    if isinstance(node, cst.List | cst.Dict):
        return not node.elements
    if not isinstance(node, cst.Call) or dotted(node.func).rpartition(".")[2] not in _EMPTY:
        return False
    return not node.args or dotted(node.func).endswith("defaultdict")
