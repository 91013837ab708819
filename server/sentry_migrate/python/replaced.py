"""What code puts under a name by other means than a plain assignment to it.

`setattr(obs, "name", value)`, `globals().update(…)`, `vars(obs)["name"] = value`, `del obs.name`.
Owns these forms. Knows neither what the objects are nor what the values do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree

_WORDS = re.compile(r"\b(?:__dict__|__globals__|delattr|globals|locals|modules|setattr|vars)\b")
_IMPORTING = ("__import__", "import_module", "importlib.import_module")
_OWN_NAMES = ("__name__", "__qualname__")
_MODULES = ("modules", "sys.modules")


@dataclass(frozen=True, slots=True, eq=False)
class Replaced:
    """One name that is set or deleted."""

    node: cst.CSTNode
    """The code that does it."""
    name: str
    """Empty where it cannot be told."""
    value: cst.BaseExpression | None = None
    """None where it is deleted, or not one expression."""
    holder: cst.BaseExpression | None = None
    """What has the name; None for a module that is told by its `module`."""
    module: str = ""
    """The path of a module that a string spells; empty for the module of the text itself."""

    @property
    def own(self) -> bool:
        """Whether it is a name of the text's own module."""
        return self.holder is None and not self.module


Store = tuple[cst.CSTNode, cst.BaseExpression | None]
"""A target that is assigned to or deleted, and what it gets."""


def replaced(tree: Tree, stores: Iterable[Store]) -> Iterator[Replaced]:
    """All of a text, where these are its `stores` to attributes and items."""
    if _WORDS.search(tree.text) is not None or any(word in tree.text for word in _IMPORTING):
        yield from _Finder(tree).found(stores)
    else:
        yield from (_deleted(node) for node, _ in stores if _is_deleted(tree, node))


def _is_deleted(tree: Tree, node: cst.CSTNode) -> bool:
    at = tree.parent(node)
    while isinstance(at, cst.Tuple | cst.Element):
        at = tree.parent(at)
    return isinstance(at, cst.Del) and isinstance(node, cst.Attribute)


def _deleted(node: cst.CSTNode) -> Replaced:
    assert isinstance(node, cst.Attribute)
    return Replaced(node, node.attr.value, None, node.value)


@dataclass(frozen=True, slots=True)
class _Space:
    """A module or another object, or the dictionary of its names."""

    holder: cst.BaseExpression | None = None
    module: str = ""
    is_dict: bool = False


class _Finder:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._called: dict[str, _Space] = {}
        """Variables that are given a module by its name, or a dictionary of names."""
        for assign in tree.nodes(cst.Assign):
            space = self._space(assign.value)
            for one in assign.targets:
                if space is not None and isinstance(one.target, cst.Name):
                    self._called[one.target.value] = space

    def found(self, stores: Iterable[Store]) -> Iterator[Replaced]:
        for target, value in stores:
            if isinstance(target, cst.Attribute):
                space = self._space(target.value)
                if space is not None and not space.is_dict:
                    yield Replaced(target, target.attr.value, value, None, space.module)
                elif _is_deleted(self._tree, target):
                    yield _deleted(target)
            elif isinstance(target, cst.Subscript):
                space = self._space(target.value)
                if space is not None and space.is_dict:
                    yield from self._put(target, space, _item(target), value)
        for call in self._tree.nodes(cst.Call):
            yield from self._by_call(call)
        for node in self._tree.nodes(cst.AugAssign):
            space = self._space(node.target)
            if space is not None and space.is_dict:
                yield from self._put(node, space, None, node.value)

    def _put(
        self,
        node: cst.CSTNode,
        space: _Space,
        key: cst.BaseExpression | None,
        value: cst.BaseExpression | None,
    ) -> Iterator[Replaced]:
        if isinstance(key, cst.Attribute) and key.attr.value in _OWN_NAMES:
            return  # a function or class gets its own name
        name = _text(key)
        if not name or name.isidentifier():
            yield Replaced(node, name, value, space.holder, space.module)

    def _by_call(self, call: cst.Call) -> Iterator[Replaced]:
        func = call.func
        given = [arg.value for arg in call.args if not arg.star and arg.keyword is None]
        first, second, third = [*given, None, None, None][:3]
        if isinstance(func, cst.Name) and func.value in ("setattr", "delattr"):
            if first is not None and len(given) == len(call.args) == 2 + (func.value == "setattr"):
                yield from self._put(call, self._space(first) or _Space(first), second, third)
            return
        space = self._space(func.value) if isinstance(func, cst.Attribute) else None
        if not isinstance(func, cst.Attribute) or space is None or not space.is_dict:
            return
        if func.attr.value in ("__setitem__", "setdefault"):
            yield from self._put(call, space, first, second)
        elif func.attr.value in ("__delitem__", "pop"):
            yield from self._put(call, space, first, None)
        elif func.attr.value in ("clear", "popitem"):
            yield from self._put(call, space, None, None)
        elif func.attr.value in ("__ior__", "update"):
            yield from self._updated(call, space)

    def _updated(self, call: cst.Call, space: _Space) -> Iterator[Replaced]:
        for arg in call.args:
            if arg.keyword is not None:
                yield Replaced(call, arg.keyword.value, arg.value, space.holder, space.module)
            elif not arg.star and isinstance(arg.value, cst.Dict):
                for one in arg.value.elements:
                    key = one.key if isinstance(one, cst.DictElement) else None
                    yield from self._put(call, space, key, one.value)
            else:
                yield from self._put(call, space, None, arg.value)

    def _space(self, node: cst.BaseExpression) -> _Space | None:
        """What an expression is, if it is a module by its name, or a dictionary of names."""
        if isinstance(node, cst.Name):
            return self._called.get(node.value)
        if isinstance(node, cst.Attribute):
            if node.attr.value == "__globals__":
                return _Space(is_dict=True)
            if node.attr.value == "__dict__":
                return self._names_of(node.value)
        elif isinstance(node, cst.Subscript) and dotted(node.value) in _MODULES:
            return self._named(_item(node))
        elif isinstance(node, cst.Call):
            name, given = dotted(node.func), [arg.value for arg in node.args]
            if name == "globals" or (name in ("locals", "vars") and not given):
                outside = name == "globals" or not self._is_inside(node)
                return _Space(is_dict=True) if outside else None
            if name == "vars":
                return self._names_of(given[0])
            if name in _IMPORTING and given:
                return self._named(given[0])
        return None

    def _names_of(self, holder: cst.BaseExpression) -> _Space:
        space = self._space(holder) or _Space(holder)
        return _Space(space.holder, space.module, True)

    @staticmethod
    def _named(path: cst.BaseExpression | None) -> _Space | None:
        """The module of this name, as far as it can be told."""
        if isinstance(path, cst.Name) and path.value == "__name__":
            return _Space()
        text = _text(path)
        return _Space(module=text) if text else None

    def _is_inside(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a function or class."""
        at: cst.CSTNode | None = node
        while at is not None and not isinstance(at, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            at = self._tree.parent(at)
        return at is not None


def _item(node: cst.Subscript) -> cst.BaseExpression | None:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return index.value if isinstance(index, cst.Index) else None


def _text(node: cst.BaseExpression | None) -> str:
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else ""
