"""Which options reach `sentry_sdk.init()` or `Client()`.

Owns following option dictionaries inside one module: literals, `dict(...)`, `**options`, a
variable, `OPTIONS["key"] = ...`, `setdefault`, `update`, `|=`, a positional dictionary, an item
of a dictionary, what a function returns, an attribute of a class, its bases and subclasses, the
fields of a dataclass, and what whoever calls a function or class gives it to pass on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

import libcst as cst

from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.class_members import ClassMembers
from sentry_migrate.sdk.named_options import KeyPlaces, some
from sentry_migrate.sdk.options import (
    COPIES,
    TARGETS,
    Elsewhere,
    Option,
    fields_of,
    items_of,
    makes_mapping,
    merged_into,
    subscript_key,
    takes_the_rest,
)
from sentry_migrate.sdk.value_types import Options, holding
from sentry_migrate.sdk.values import Values


def find_options(
    tree: Tree,
    values: Values,
    targets: Collection[str] = TARGETS,
    renamed: Collection[str] = REFUSED,
) -> Iterator[Option | Elsewhere]:
    """All options of all `init()` and `Client()` calls, each once; and those that 2.x refuses of
    calls of other modules' functions that pass them on. The like of other classes: `targets`, the
    last of which is that to inherit from, and the options that are `renamed`."""
    seen: set[int] = set()
    finder = _Finder(tree, values, [*targets][-1])
    for call in tree.nodes(cst.Call):
        called = values.of(call.func)
        found: Iterator[Option]
        if isinstance(called, Options) and called.passes:
            found = finder.passed(call, called)
        elif values.path(call.func) in targets or finder.is_client(call.func):
            found = finder.all_of(call)
        elif any(values.path(one) in targets for one in _partially(call, values.scopes)):
            found = (one for one in finder.all_of(call) if one.key in renamed)
        else:
            continue
        for option in found:
            if id(option.name) not in seen:
                seen.add(id(option.name))
                yield option
    yield from finder.elsewhere


def _partially(call: cst.Call, scopes: Scopes) -> Iterator[cst.BaseExpression]:
    """What `partial(f, …)` is to call with more, or `g(…)` calls if `g = partial(f, …)`."""
    made: list[cst.CSTNode | None] = [call]
    if isinstance(call.func, cst.Name):
        made += (one.value for one in scopes.reaching(call.func) if one.whole)
    for one in made:
        if isinstance(one, cst.Call) and one.args:
            if dotted(one.func) in ("partial", "functools.partial"):
                yield one.args[0].value


class _Finder:
    def __init__(self, tree: Tree, values: Values, base: str) -> None:
        self._tree = tree
        self._base = base
        self._values = values
        self._scopes: Scopes = values.scopes
        self._followed: set[int] = set()
        self._changed: set[int] = set()
        self._members = ClassMembers(tree, values.scopes)
        self._keys = KeyPlaces(tree, values.scopes)
        self._due: list[Iterator[Option]] = []
        """What functions pass on or return: chains of these may be long."""
        self.elsewhere: list[Elsewhere] = []

    def passed(self, call: cst.Call, function: Options) -> Iterator[Option]:
        """The options that 2.x refuses of a call of another module's function."""
        if function.keys:
            yield from (one for one in self.all_of(call) if one.key in function.keys)
        for name, at in function.given:
            yield from self.of_argument(call, name, at, call)
        while self._due:
            yield from self._due.pop()

    def all_of(self, call: cst.Call) -> Iterator[Option]:
        """The options that reach `init()` or `Client()`."""
        yield from self.of_call(call, call, direct=True)
        while self._due:
            yield from self._due.pop()

    def is_client(self, func: cst.BaseExpression) -> bool:
        """Whether a call takes the options of the base: of a subclass that leaves that to it, or
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
        """Whether a class inherits from the base, by classes that lack a method."""
        seen: set[int] = set()
        waiting = [one]
        while waiting:
            one = waiting.pop()
            if id(one) in seen or without in self._scopes.scopes[id(one)].bindings:
                continue
            seen.add(id(one))
            for base in one.bases:
                if self._values.path(base.value) == self._base:
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
            elif not arg.star:
                # 1.x takes a dictionary of options in place of the DSN.
                yield from self.of_mapping(arg.value, target, direct)

    def of_mapping(
        self, node: cst.BaseExpression, target: cst.Call, direct: bool
    ) -> Iterator[Option]:
        """Options in an expression that gives a dictionary."""
        value = self._values.of(node)
        if isinstance(value, Options):
            if not value.passes and self._is_new(node):
                self._add_of(node, self._scopes.imported(node), value.keys)
        elif places := self._keys.foreign(node):
            self.elsewhere.append(Elsewhere(node, (), places=places))
            for binding in self._scopes.reaching(node) if isinstance(node, cst.Name) else ():
                self._set_fields(binding)
        elif isinstance(node, cst.Dict):
            for element in node.elements:
                if isinstance(element, cst.StarredDictElement):
                    yield from self.of_mapping(element.value, target, direct)
                elif not isinstance(element, cst.DictElement):
                    continue
                elif not isinstance(element.key, cst.SimpleString):
                    self._computed(element.key)
                else:
                    key = element.key.evaluated_value
                    if isinstance(key, str):
                        yield Option(
                            key, element.key, element.value, "entry", element, node, target, direct
                        )
        elif isinstance(node, cst.Call) and makes_mapping(self._scopes, node.func):
            yield from self.of_call(node, target, direct)
        elif (fields := fields_of(node)) is not None:
            self._follow_fields(fields, node)
        elif isinstance(node, cst.Call) and dotted(node.func) == "getattr" and node.args[2:]:
            name = self._tree.code(node.args[1].value).strip("'\"")
            self._of_imported(node, f"{self._scopes.imported(node.args[0].value)}.{name}")
            yield from self.of_mapping(node.args[2].value, target, direct=False)
        elif isinstance(node, cst.Call) and dotted(node.func) in COPIES and node.args:
            yield from self.of_mapping(node.args[0].value, target, direct=False)
        elif isinstance(node, cst.DictComp):
            if (every := items_of(node)) is not None:
                yield from self.of_mapping(every, target, direct=False)
            else:
                self._computed(node.key)
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
            if node.func.attr.value == "copy" and not node.args:
                yield from self.of_mapping(node.func.value, target, direct=False)
            yield from self._of_attribute(node.func, target)
        elif isinstance(node, cst.Subscript):
            item = subscript_key(node)
            yield from self._of_item(node.value, item and item.evaluated_value, target)

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

    def _of_item(self, node: cst.BaseExpression, key: object, target: cst.Call) -> Iterator[Option]:
        """Options in an item of a dictionary that is written out: `CONFIG["sentry"]`; in all that
        are dictionaries where the key is not known."""
        self._of_imported(node, f"{self._scopes.imported(node)}.{key}")
        bindings = self._scopes.reaching(node) if isinstance(node, cst.Name) else ()
        for made in (one.value for one in bindings):
            for element in made.elements if isinstance(made, cst.Dict) else ():
                name = element.key if isinstance(element, cst.DictElement) else None
                if key is None or getattr(name, "evaluated_value", "") == key:
                    yield from self.of_mapping(element.value, target, direct=False)

    def _follow_fields(self, instance: cst.BaseExpression, node: cst.BaseExpression) -> None:
        """Options that are fields of an instance of which all are given."""
        for path in self._members.imported(instance):
            self._of_imported(node, f"{path}.{path.rpartition('.')[2]}")
        for key in REFUSED:
            places = (one for one in self._members.field(instance, key) if self._is_new(one))
            self.elsewhere += (Elsewhere(one, (key,), field=True) for one in places)

    def _of_imported(self, node: cst.BaseExpression, path: str) -> None:
        """What a name of another module has, if it is a dictionary, or a class with fields."""
        value = holding(self._values.reexported.origin(path))
        if isinstance(value, Options) and not value.passes and self._is_new(node):
            self._add_of(node, path, value.keys)

    def _add_of(self, node: cst.CSTNode, path: str, keys: tuple[str, ...]) -> None:
        """A dictionary that `path` names in another module."""
        self.elsewhere.append(Elsewhere(node, keys, places=self._keys.dictionary(node, path)))

    def _computed(self, key: cst.BaseExpression) -> None:
        """A name of an option that is not written where the dictionary gets it."""
        if places := tuple(self._keys.of(key)):
            self.elsewhere.append(Elsewhere(key, (), places=places))

    def _is_new(self, node: cst.CSTNode) -> bool:
        """Whether a node was not looked at before; it is from now on."""
        new = id(node) not in self._followed
        self._followed.add(id(node))
        return new

    def _of_attribute(self, node: cst.Attribute, target: cst.Call) -> Iterator[Option]:
        """Options in a dictionary that a class of the text has, or that a method of it returns:
        `Config.SENTRY`, `self.SENTRY`, `Config().options()`."""
        name, lineage = node.attr.value, [*self._members.lineage(node.value)]
        if not lineage:
            self.elsewhere.append(Elsewhere(node, (), places=(some(name),)))
        for owner in lineage:
            own = self._scopes.scopes[id(owner)].bindings.get(name, ())
            for binding in own if self._members.is_meant(owner, name, lineage) else ():
                if id(binding.node) not in self._followed:
                    self._followed.add(id(binding.node))
                    if isinstance(binding.node, cst.FunctionDef):
                        self._due.append(self._results_of(binding.node, target))
                    elif isinstance(binding.value, cst.BaseExpression):
                        yield from self.of_mapping(binding.value, target, direct=False)
            for stored, value in self._scopes.attributes.get(name, ()):
                inside = self._tree.enclosing(stored, cst.ClassDef) is owner
                if inside and id(stored) not in self._followed:
                    self._followed.add(id(stored))
                    if isinstance(value, cst.BaseExpression):
                        yield from self.of_mapping(value, target, direct=False)
        for read in self._members.read(name, lineage):
            if id(read) not in self._changed:
                self._changed.add(id(read))
                yield from self._change(read, target)

    def _given_by_callers(self, binding: Binding, target: cst.Call) -> Iterator[Option]:
        """Options in the dictionaries that callers give for a parameter."""
        function = binding.scope.node
        if not isinstance(function, cst.FunctionDef):
            return
        names = [
            one.name.value for one in (*function.params.posonly_params, *function.params.params)
        ]
        at = names.index(binding.name) if binding.name in names else -1
        for call, skipped in self._members.calls_of(function):
            yield from self.of_argument(call, binding.name, at - skipped, target)

    def of_argument(self, call: cst.Call, name: str, at: int, target: cst.Call) -> Iterator[Option]:
        """Options in the dictionary that a call gives for a parameter, by name or position."""
        for index, arg in enumerate(call.args):
            named = arg.keyword is not None and arg.keyword.value == name
            if named or (index == at and arg.keyword is None and not arg.star):
                yield from self.of_mapping(arg.value, target, direct=False)

    def _passed_by_callers(self, binding: Binding, target: cst.Call) -> Iterator[Option]:
        """Options that callers pass by keyword to a function or class that takes `**options`."""
        function = binding.scope.node
        assert isinstance(function, cst.FunctionDef)
        named = (*function.params.params, *function.params.kwonly_params)
        own = {param.name.value for param in named}
        for call, _ in self._members.calls_of(function):
            for option in self.of_call(call, target, direct=False):
                if option.container is not call or option.key not in own:
                    yield option

    def _of_variable(self, name: cst.Name, target: cst.Call) -> Iterator[Option]:
        scope = self._scopes.lookup(name.value, self._scopes.scope_of(name))
        if scope is None:
            return
        bindings = scope.bindings[name.value]
        if any(
            binding.kind not in ("assign", "param")
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
            elif binding.kind == "param":
                self._due.append(self._given_by_callers(binding, target))
            if isinstance(binding.value, cst.BaseExpression):
                yield from self.of_mapping(binding.value, target, direct=False)
            self._set_fields(binding)
            for load in self._scopes.reads_beside(binding):
                yield from self._change(load, target)

    def _set_fields(self, binding: Binding) -> None:
        """Options that are attributes of a dictionary: `config.with_locals = …`."""
        around = (self._tree.parent(load) for load in self._scopes.reads_beside(binding))
        for one in around:
            if isinstance(one, cst.Attribute) and one.attr.value in REFUSED:
                self.elsewhere.append(Elsewhere(one.attr, (one.attr.value,), field=True))

    def _change(self, load: cst.BaseExpression, target: cst.Call) -> Iterator[Option]:
        """`x["key"] = v`, `x.setdefault("key", v)`, `x.update(...)`, `x |= ...` of a dictionary."""
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
        index = node.slice[0].slice
        if key is None and isinstance(index, cst.Index):
            self._computed(index.value)
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
            else:
                self._computed(key)
