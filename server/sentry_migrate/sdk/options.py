"""Options that reach `sentry_sdk.init()` or `Client()`, wherever they were written.

Owns following option dictionaries inside one module: literals, `dict(...)`, `**options`, a
variable, `OPTIONS["key"] = ...`, `setdefault`, `update`, `|=`, a positional dictionary, what a
function returns, an attribute of a class, and the keywords of whoever calls a function or class
that passes its own `**options` on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import libcst as cst

from sentry_migrate.project.held_names import REFUSED
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Options
from sentry_migrate.sdk.values import Values

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


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """A dictionary of another module that is given to the SDK."""

    node: cst.BaseExpression
    keys: tuple[str, ...]
    """Which of the options that 2.x refuses it has."""


def find_options(tree: Tree, values: Values) -> Iterator[Option | Elsewhere]:
    """All options of all `init()` and `Client()` calls, each once; and those that 2.x refuses of
    calls of other modules' functions that pass them on."""
    seen: set[int] = set()
    finder = _Finder(tree, values)
    for call in tree.nodes(cst.Call):
        called = values.of(call.func)
        found: Iterator[Option]
        if isinstance(called, Options) and called.passes:
            found = (one for one in finder.all_of(call) if one.key in called.keys)
        elif values.path(call.func) in TARGETS or finder.is_client(call.func):
            found = finder.all_of(call)
        elif _is_partial(call) and values.path(call.args[0].value) in TARGETS:
            found = (one for one in finder.all_of(call) if one.key in REFUSED)
        else:
            continue
        for option in found:
            if id(option.name) not in seen:
                seen.add(id(option.name))
                yield option
    yield from finder.elsewhere


def _is_partial(call: cst.Call) -> bool:
    return bool(call.args) and dotted(call.func) in ("partial", "functools.partial")


class _Finder:
    def __init__(self, tree: Tree, values: Values) -> None:
        self._tree = tree
        self._values = values
        self._scopes: Scopes = values.scopes
        self._followed: set[int] = set()
        self._due: list[Iterator[Option]] = []
        """What functions pass on or return: chains of these may be long."""
        self.elsewhere: list[Elsewhere] = []

    def all_of(self, call: cst.Call) -> Iterator[Option]:
        """The options that reach `init()` or `Client()`."""
        yield from self.of_call(call, call, direct=True)
        while self._due:
            yield from self._due.pop()

    def is_client(self, func: cst.BaseExpression) -> bool:
        """Whether a call takes the options of `Client()`: of a subclass that leaves that to it, or
        of its base's `__init__()` in a subclass."""
        if isinstance(func, cst.Name):
            bindings = self._scopes.reaching(func)
            made = bindings[0].node if len(bindings) == 1 else None
            return isinstance(made, cst.ClassDef) and self._extends(made, "__init__")
        if not isinstance(func, cst.Attribute) or func.attr.value != "__init__":
            return False
        holder = self._tree.enclosing(func, cst.ClassDef)
        base = func.value.func if isinstance(func.value, cst.Call) else None
        inherits = isinstance(base, cst.Name) and base.value == "super"
        return inherits and holder is not None and self._extends(holder)

    def _extends(self, one: cst.ClassDef, without: str = "") -> bool:
        """Whether a class is a client of the SDK's, by classes that lack a method."""
        seen: set[int] = set()
        waiting = [one]
        while waiting:
            one = waiting.pop()
            if id(one) in seen or without in self._scopes.scopes[id(one)].bindings:
                continue
            seen.add(id(one))
            for base in one.bases:
                if self._values.path(base.value) == "sentry_sdk.Client":
                    return True
                root = base.value if isinstance(base.value, cst.Name) else None
                bindings = self._scopes.reaching(root) if root is not None else ()
                waiting += (one.node for one in bindings if isinstance(one.node, cst.ClassDef))
        return False

    def of_call(self, call: cst.Call, target: cst.Call, direct: bool) -> Iterator[Option]:
        """Options in the arguments of `init(...)` or `dict(...)`."""
        for arg in call.args:
            if arg.keyword is not None:
                yield Option(
                    arg.keyword.value, arg.keyword, arg.value, "keyword", arg, call, target, direct
                )
            elif arg.star == "**":
                yield from self.of_mapping(arg.value, target, direct)
            elif not arg.star and isinstance(
                arg.value, cst.Dict | cst.Call | cst.Name | cst.Attribute
            ):
                # 1.x takes a dictionary of options in place of the DSN.
                yield from self.of_mapping(arg.value, target, direct)

    def of_mapping(
        self, node: cst.BaseExpression, target: cst.Call, direct: bool
    ) -> Iterator[Option]:
        """Options in an expression that gives a dictionary."""
        value = self._values.of(node)
        if isinstance(value, Options):
            if not value.passes and id(node) not in self._followed:
                self._followed.add(id(node))
                self.elsewhere.append(Elsewhere(node, value.keys))
        elif isinstance(node, cst.Dict):
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
        elif isinstance(node, cst.BooleanOperation) or (
            isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr)
        ):
            yield from self.of_mapping(node.left, target, direct)
            yield from self.of_mapping(node.right, target, direct)
        elif isinstance(node, cst.Name):
            yield from self._of_variable(node, target)
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            self._due.append(self._returned(node.func, target))
        elif isinstance(node, cst.Attribute):
            yield from self._of_attribute(node, target)
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            yield from self._of_attribute(node.func, target)

    def _returned(self, name: cst.Name, target: cst.Call) -> Iterator[Option]:
        """Options in what a function of the text returns."""
        for binding in self._scopes.reaching(name):
            function = binding.node
            if isinstance(function, cst.FunctionDef) and id(function) not in self._followed:
                self._followed.add(id(function))
                yield from self._results_of(function, target)

    def _results_of(self, function: cst.FunctionDef, target: cst.Call) -> Iterator[Option]:
        for value in self._results.get(id(function), ()):
            yield from self.of_mapping(value, target, direct=False)

    @cached_property
    def _results(self) -> dict[int, list[cst.BaseExpression]]:
        """By id of a function, what it returns."""
        found: dict[int, list[cst.BaseExpression]] = {}
        for node in self._tree.nodes(cst.Return):
            function = self._tree.enclosing(node, cst.FunctionDef, cst.Lambda)
            if node.value is not None:
                found.setdefault(id(function), []).append(node.value)
        return found

    def _of_attribute(self, node: cst.Attribute, target: cst.Call) -> Iterator[Option]:
        """Options in a dictionary that a class of the text has, or that a method of it returns:
        `Config.SENTRY`, `self.SENTRY`, `Config().options()`."""
        for owner in self._classes_of(node.value):
            scope = self._scopes.scopes.get(id(owner))
            for binding in scope.bindings.get(node.attr.value, ()) if scope is not None else ():
                if id(binding.node) not in self._followed:
                    self._followed.add(id(binding.node))
                    if isinstance(binding.node, cst.FunctionDef):
                        self._due.append(self._results_of(binding.node, target))
                    elif isinstance(binding.value, cst.BaseExpression):
                        yield from self.of_mapping(binding.value, target, direct=False)
            for stored, value in self._scopes.attributes.get(node.attr.value, ()):
                inside = self._tree.enclosing(stored, cst.ClassDef) is owner
                if inside and id(stored) not in self._followed:
                    self._followed.add(id(stored))
                    if isinstance(value, cst.BaseExpression):
                        yield from self.of_mapping(value, target, direct=False)

    def _classes_of(self, node: cst.BaseExpression) -> Iterator[cst.ClassDef]:
        """The class that an expression is or makes, or that of the method whose first parameter it
        is."""
        if isinstance(node, cst.Call):
            node = node.func
        if isinstance(node, cst.Name):
            for binding in self._scopes.reaching(node):
                if isinstance(binding.node, cst.ClassDef):
                    yield binding.node
                elif binding.kind == "param":
                    method = binding.scope.node
                    holder = self._tree.enclosing(method, cst.ClassDef, cst.FunctionDef)
                    if isinstance(method, cst.FunctionDef) and isinstance(holder, cst.ClassDef):
                        first = method.params.params[:1]
                        if first and first[0].name.value == node.value:
                            yield holder

    def _passed_by_callers(self, binding: Binding, target: cst.Call) -> Iterator[Option]:
        """Options that callers pass by keyword to a function or class that takes `**options`."""
        function = binding.scope.node
        assert isinstance(function, cst.FunctionDef)
        called: cst.FunctionDef | cst.ClassDef = function
        if function.name.value == "__init__":
            holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
            called = holder if isinstance(holder, cst.ClassDef) else function
        named = (*function.params.params, *function.params.kwonly_params)
        own = {param.name.value for param in named}
        for load in self._scopes.reads_of_definition(called):
            call = self._tree.parent(load)
            if isinstance(call, cst.Call) and call.func is load:
                for option in self.of_call(call, target, direct=False):
                    if option.container is not call or option.key not in own:
                        yield option

    def _of_variable(self, name: cst.Name, target: cst.Call) -> Iterator[Option]:
        scope = self._scopes.lookup(name.value, self._scopes.scope_of(name))
        if scope is None:
            return
        bindings = scope.bindings[name.value]
        if any(
            binding.kind != "assign"
            and not takes_the_rest(binding)
            and merged_into(self._tree.parent(binding.node)) is None
            for binding in bindings
        ):
            return
        for binding in bindings:
            if id(binding.node) in self._followed:
                continue
            self._followed.add(id(binding.node))
            if takes_the_rest(binding):
                self._due.append(self._passed_by_callers(binding, target))
            if isinstance(binding.value, cst.BaseExpression):
                yield from self.of_mapping(binding.value, target, direct=False)
            yield from self._changes(binding, target)

    def _changes(self, binding: Binding, target: cst.Call) -> Iterator[Option]:
        """`x["key"] = v`, `x.setdefault("key", v)`, `x.update(...)`, `x |= ...` of a variable."""
        for load in self._scopes.reads_beside(binding):
            parent = self._tree.parent(load)
            merged = merged_into(parent)
            if merged is not None and merged is not load:
                yield from self.of_mapping(merged, target, direct=False)
            elif isinstance(parent, cst.Subscript):
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


def takes_the_rest(binding: Binding) -> bool:
    """Whether a variable is the `**options` of a function."""
    function = binding.scope.node
    if binding.kind != "param" or not isinstance(function, cst.FunctionDef):
        return False
    rest = function.params.star_kwarg
    return rest is not None and rest.name.value == binding.name


def subscript_key(node: cst.Subscript) -> cst.SimpleString | None:
    """The string of `x["key"]`."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        value = node.slice[0].slice.value
        if isinstance(value, cst.SimpleString):
            return value
    return None


def merged_into(node: cst.CSTNode | None) -> cst.BaseExpression | None:
    """The dictionary that `x |= dictionary` adds to a variable."""
    if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name):
        return node.value if isinstance(node.operator, cst.BitOrAssign) else None
    return None


def siblings(option: Option, options: Sequence[Option]) -> list[Option]:
    """The other options that reach the same `init()` or `Client()` call."""
    return [other for other in options if other.call is option.call and other is not option]
