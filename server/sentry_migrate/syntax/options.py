"""Options that reach `sentry_sdk.init()` or `Client()`, wherever they were written.

Owns following option dictionaries inside one module: literals, `dict(...)`, `**options`, a
variable, `OPTIONS["key"] = ...`, `setdefault`, `update`, and a positional dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.values import Values

Form = Literal["keyword", "entry", "store"]
"""`f(key=value)`; `{"key": value}`; `options["key"] = value` and `setdefault("key", value)`."""

TARGETS = ("sentry_sdk.init", "sentry_sdk.Client")


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One option given to the SDK."""

    key: str
    name: cst.CSTNode
    """The keyword's Name, or the key's string."""
    value: cst.BaseExpression
    form: Form
    holder: cst.CSTNode
    """The Arg, DictElement, Assign or Call that gives it."""
    container: cst.CSTNode
    """The Call or Dict whose entry `holder` is; the same node for options given together."""
    call: cst.Call
    """The `init()` or `Client()` call it reaches."""
    direct: bool
    """Whether it is written in that call or in a literal given to it."""


def find_options(tree: Tree, values: Values) -> Iterator[Option]:
    """All options of all `init()` and `Client()` calls, each once."""
    if "sentry_sdk" not in tree.text:
        return
    seen: set[int] = set()
    finder = _Finder(tree, values)
    for call in tree.nodes(cst.Call):
        if values.path(call.func) not in TARGETS:
            continue
        for option in finder.of_call(call, call, direct=True):
            if id(option.name) not in seen:
                seen.add(id(option.name))
                yield option


class _Finder:
    def __init__(self, tree: Tree, values: Values) -> None:
        self._tree = tree
        self._scopes: Scopes = values.scopes
        self._followed: set[int] = set()

    def of_call(self, call: cst.Call, target: cst.Call, direct: bool) -> Iterator[Option]:
        """Options in the arguments of `init(...)` or `dict(...)`."""
        for arg in call.args:
            if arg.keyword is not None:
                yield Option(
                    arg.keyword.value, arg.keyword, arg.value, "keyword", arg, call, target, direct
                )
            elif arg.star == "**":
                yield from self.of_mapping(arg.value, target, direct)
            elif not arg.star and isinstance(arg.value, cst.Dict | cst.Call | cst.Name):
                # 1.x takes a dictionary of options in place of the DSN.
                yield from self.of_mapping(arg.value, target, direct)

    def of_mapping(
        self, node: cst.BaseExpression, target: cst.Call, direct: bool
    ) -> Iterator[Option]:
        """Options in an expression that gives a dictionary."""
        if isinstance(node, cst.Dict):
            for element in node.elements:
                if isinstance(element, cst.StarredDictElement):
                    yield from self.of_mapping(element.value, target, direct)
                elif isinstance(element, cst.DictElement) and isinstance(
                    element.key, cst.SimpleString
                ):
                    key = element.key.evaluated_value
                    if isinstance(key, str):
                        yield Option(
                            key, element.key, element.value, "entry", element, node, target, direct
                        )
        elif isinstance(node, cst.Call) and self._tree.code(node.func) == "dict":
            yield from self.of_call(node, target, direct)
        elif isinstance(node, cst.IfExp):
            yield from self.of_mapping(node.body, target, direct)
            yield from self.of_mapping(node.orelse, target, direct)
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            yield from self.of_mapping(node.left, target, direct)
            yield from self.of_mapping(node.right, target, direct)
        elif isinstance(node, cst.Name):
            yield from self._of_variable(node, target)

    def _of_variable(self, name: cst.Name, target: cst.Call) -> Iterator[Option]:
        scope = self._scopes.lookup(name.value, self._scopes.scope_of(name))
        if scope is None:
            return
        bindings = scope.bindings[name.value]
        if any(binding.kind != "assign" for binding in bindings):
            return
        for binding in bindings:
            if id(binding.node) in self._followed:
                continue
            self._followed.add(id(binding.node))
            if isinstance(binding.value, cst.BaseExpression):
                yield from self.of_mapping(binding.value, target, direct=False)
            yield from self._changes(binding, target)

    def _changes(self, binding: Binding, target: cst.Call) -> Iterator[Option]:
        """`x["key"] = v`, `x.setdefault("key", v)`, `x.update(...)` of a variable."""
        for load in self._scopes.loads.get(binding.name, ()):
            if self._scopes.lookup(load.value, self._scopes.scope_of(load)) is not binding.scope:
                continue
            parent = self._tree.parent(load)
            if isinstance(parent, cst.Subscript):
                yield from self._stored(parent, target)
            elif isinstance(parent, cst.Attribute):
                call = self._tree.parent(parent)
                if isinstance(call, cst.Call) and call.func is parent:
                    yield from self._called(parent.attr.value, call, target)

    def _stored(self, node: cst.Subscript, target: cst.Call) -> Iterator[Option]:
        holder = self._tree.parent(self._tree.parent(node) or node)
        if not isinstance(self._tree.parent(node), cst.AssignTarget):
            return
        key = subscript_key(node)
        if isinstance(holder, cst.Assign) and key is not None:
            text = key.evaluated_value
            if isinstance(text, str):
                yield Option(text, key, holder.value, "store", holder, holder, target, False)

    def _called(self, method: str, call: cst.Call, target: cst.Call) -> Iterator[Option]:
        if method == "update":
            yield from self.of_call(call, target, direct=False)
        elif method == "setdefault" and len(call.args) == 2:
            key = call.args[0].value
            if isinstance(key, cst.SimpleString) and isinstance(key.evaluated_value, str):
                yield Option(
                    key.evaluated_value, key, call.args[1].value, "store", call, call, target, False
                )


def subscript_key(node: cst.Subscript) -> cst.SimpleString | None:
    """The string of `x["key"]`."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        value = node.slice[0].slice.value
        if isinstance(value, cst.SimpleString):
            return value
    return None


def siblings(option: Option, options: Sequence[Option]) -> list[Option]:
    """The other options that reach the same `init()` or `Client()` call."""
    return [other for other in options if other.call is option.call and other is not option]
