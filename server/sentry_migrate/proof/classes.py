"""The classes of a text, by what their members are called.

Owns which members a name can mean on a value of unknown class: an operation runs code of the text
only through a member that some class here has. Refuses to know what any of that code does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.library import EXCEPTIONS, KNOWN_DECORATORS, PROPERTIES
from sentry_migrate.python.bindings import Binding, Scope, dotted, first_name, walk

Kind: TypeAlias = Literal["method", "property", "value", "stored"]
"""A `value` stands in the class and may be a descriptor, which runs code when it is read; what is
`stored` was assigned to an attribute, and is only read."""

PLAIN_BASES = frozenset(
    (
        *("object", *EXCEPTIONS, "abc.ABC", "typing.Generic", "typing.NamedTuple"),
        *("typing.Protocol", "typing.TypedDict", "enum.Enum"),
    )
)
"""Bases from outside the text whose methods run no code but that of their subclasses."""

DATACLASSES = frozenset(
    (
        *("attr.attrs", "attr.dataclass", "attr.define", "attr.frozen", "attr.mutable", "attr.s"),
        *("attrs.define", "attrs.frozen", "attrs.mutable", "dataclasses.dataclass"),
    )
)
"""Decorators of classes that write methods for them."""
PLAIN = DATACLASSES | {"enum.unique", "functools.total_ordering", "typing.final"}
"""Decorators that give the class that they are given."""
_REPLACED = frozenset(("__bases__", "__class__", "__code__"))
"""Attributes that, assigned to, have a value or a function be another."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """What the body of a class, or an assignment to its attribute, binds a name to."""

    kind: Kind
    node: cst.CSTNode
    """The function or the value; the decorated function where nobody knows the decorator."""
    known: bool = True
    """Whether the code that runs is that of `node`."""


@dataclass(slots=True, eq=False)
class Class:
    """One class statement."""

    node: cst.ClassDef
    members: dict[str, list[Member]] = field(default_factory=dict)
    bases: list[Class] = field(default_factory=list)
    open: bool = False
    """Whether it has a base that is not in this text and may bring members."""
    unseen: bool = False
    """Whether it has a base that may be any class, of this text or another."""


class Classes:
    """The classes of one text."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.by_node: dict[int, Class] = {}
        self.by_member: dict[str, list[Member]] = {}
        self._stored_as: dict[str, list[Member]] = {}
        """By name, the members of the kind `stored`."""
        for scope in context.scopes.scopes.values():
            if scope.kind == "class" and isinstance(scope.node, cst.ClassDef):
                self.by_node[id(scope.node)] = self._read(scope, scope.node)
        self._families: dict[int, tuple[list[Class], bool]] = {}
        self._below: dict[int, list[Class]] = {}
        for one in self.by_node.values():
            self._find_bases(one)
            for base in one.bases:
                self._below.setdefault(id(base), []).append(one)
        self._unseen = [one for one in self.by_node.values() if one.unseen]
        for name, stored in context.scopes.attributes.items():
            for _, value in stored:
                self._add(name, self._stored(value))
        for put in context.scopes.replaced:
            if put.holder is not None and put.name and put.value is not None:
                self._add(put.name, self._stored(put.value))

    @staticmethod
    @remembered
    def of(context: Context) -> Classes:
        """The one of a text."""
        return Classes(context)

    def members(self, name: str) -> Sequence[Member]:
        """What the name can mean on any instance of a class of this text."""
        return self.by_member.get(name, ())

    def below(self, one: Class) -> Sequence[Class]:
        """The classes that name `one` as a base."""
        return self._below.get(id(one), ())

    def heirs(self, one: Class) -> list[Class]:
        """The class and all that are, or may be, derived from it in this text."""
        return _reached([one, *self._unseen], self.below)

    def family(self, one: Class) -> tuple[list[Class], bool]:
        """The classes whose members an instance of `one` or of a subclass may have, and whether
        there are others."""
        if id(one) not in self._families:
            certain = _reached(_reached([one], self.below), _bases)
            found = _reached([*certain, *self.heirs(one)], _bases) if self._unseen else certain
            self._families[id(one)] = found, any(at.open for at in certain)
        return self._families[id(one)]

    def above(self, one: Class) -> tuple[list[Class], bool]:
        """The classes whose members an instance of `one` itself has, and whether there may be
        others."""
        found = _reached([one], _bases)
        return found, any(at.open for at in found)

    def of_family(self, classes: Iterable[Class], name: str) -> list[Member]:
        """What the name can mean on an instance of these classes, on which it may be replaced."""
        return [*all_members(classes, name), *self._stored_as.get(name, ())]

    def is_generated(self, one: Class) -> bool:
        """Whether it has methods that call those of its fields' values."""
        return (
            one.open
            or any(
                decorator_path(self._context, each) in DATACLASSES for each in one.node.decorators
            )
            or any(
                path_of(self._context, base.value) == "typing.NamedTuple" for base in one.node.bases
            )
        )

    def of_receiver(self, node: cst.BaseExpression) -> Class | None:
        """The class that a value certainly has: that of `self` and `cls`, or of `C()`."""
        if self._context.scopes.attributes.keys() & _REPLACED:
            return None
        if isinstance(node, cst.Call):
            return self._made(node.func)
        if not isinstance(node, cst.Name):
            return None
        bindings = self._context.scopes.reaching(node)
        found = [self._bound(binding) for binding in bindings]
        return found[0] if len(found) == 1 else None

    def _made(self, function: cst.BaseExpression) -> Class | None:
        """The class of what a call certainly gives: `__new__` and decorators may give another."""
        one = self.called(function)
        if one is None or any(
            "__new__" in at.members
            or any(decorator_path(self._context, each) not in PLAIN for each in at.node.decorators)
            for at in self.above(one)[0]
        ):
            return None
        return one

    def called(self, function: cst.BaseExpression) -> Class | None:
        """The class of this text that a call of `function` makes an instance of."""
        if not isinstance(function, cst.Name):
            return None
        bindings = self._context.scopes.reaching(function)
        if len(bindings) != 1 or bindings[0].kind != "class":
            return None
        return self.by_node.get(id(bindings[0].node))

    def _bound(self, binding: Binding) -> Class | None:
        if binding.kind == "assign" and binding.whole and isinstance(binding.value, cst.Call):
            return self._made(binding.value.func)
        if binding.kind != "param" or not isinstance(binding.scope.node, cst.FunctionDef):
            return None
        function = binding.scope.node
        params = [*function.params.posonly_params, *function.params.params]
        if not params or params[0] is not binding.node or _is_static(function):
            return None
        outer = binding.scope.parent
        return self.by_node.get(id(outer.node)) if outer is not None else None

    def _read(self, scope: Scope, node: cst.ClassDef) -> Class:
        result = Class(node)
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                member = self._member(binding)
                if member is not None:
                    result.members.setdefault(name, []).append(member)
                    self._add(name, member)
        return result

    def _add(self, name: str, member: Member) -> None:
        self.by_member.setdefault(name, []).append(member)
        if member.kind == "stored":
            self._stored_as.setdefault(name, []).append(member)

    def _member(self, binding: Binding) -> Member | None:
        node = binding.node
        if binding.kind == "def" and isinstance(node, cst.FunctionDef):
            return self._decorated(node)
        if binding.kind == "class":
            return Member("method", node)  # calling it makes an instance
        if binding.kind == "import":
            return Member("value", node)
        if binding.value is None:
            return None  # `name: int`
        if isinstance(binding.value, cst.Lambda):
            return Member("method", binding.value)
        return (
            self._named_function(binding.value)
            or self._property(binding.value)
            or Member("value", binding.value)
        )

    def _property(self, value: cst.CSTNode | None) -> Member | None:
        """What `name = property(function)` makes of a name; None for any other value."""
        if not isinstance(value, cst.Call) or path_of(self._context, value.func) not in PROPERTIES:
            return None
        if len(value.args) != 1:
            return Member("property", value, known=False)
        given = value.args[0].value
        made = self._named_function(given)
        function = given if isinstance(given, cst.Lambda) else made.node if made else None
        return Member("property", function or value, function is not None)

    def _named_function(self, value: cst.CSTNode | None) -> Member | None:
        """The function that a name certainly means."""
        inner = self._context.scopes.reaching(value) if isinstance(value, cst.Name) else ()
        if len(inner) == 1 and isinstance(inner[0].node, cst.FunctionDef):
            return self._decorated(inner[0].node)
        return None

    def _decorated(self, node: cst.FunctionDef) -> Member:
        kind: Kind = "method"
        for decorator in node.decorators:
            name = decorator_path(self._context, decorator)
            if name in PROPERTIES or name.rpartition(".")[2] in ("setter", "getter", "deleter"):
                kind = "property"
            elif name not in KNOWN_DECORATORS:
                return Member("property", node, known=False)
        return Member(kind, node)

    def _find_bases(self, one: Class) -> None:
        known = True
        for arg in one.node.bases:
            base = self.called(arg.value)
            value = arg.value.value if isinstance(arg.value, cst.Subscript) else arg.value
            if base is not None:
                one.bases.append(base)
            elif arg.star or path_of(self._context, value) not in PLAIN_BASES:
                known = False
                one.unseen = one.unseen or bool(arg.star) or _may_be_any(self._context, arg.value)
        one.open = not known or bool(one.node.keywords)

    def _stored(self, value: cst.BaseExpression | None) -> Member:
        if isinstance(value, cst.Lambda):
            return Member("stored", value)
        if (computed := self._property(value)) is not None:
            return computed
        made = self._named_function(value)
        if made is not None:
            return Member("stored", made.node, made.known)
        return Member("stored", value or self._context.tree.module, known=False)


def _reached(begin: Iterable[Class], following: Callable[[Class], Iterable[Class]]) -> list[Class]:
    known: dict[int, Class] = {}
    waiting = list(begin)
    while waiting:
        at = waiting.pop()
        if id(at) not in known:
            known[id(at)] = at
            waiting.extend(following(at))
    return list(known.values())


def _bases(one: Class) -> list[Class]:
    return one.bases


_MAKING = frozenset(("collections.namedtuple", "typing.NamedTuple", "typing.NewType"))
"""Functions that make a class which is derived from none of the project's."""


def _may_be_any(context: Context, base: cst.BaseExpression) -> bool:
    """Whether nobody sees which class a base is: neither an imported name nor one of Python's."""
    if isinstance(base, cst.Subscript):  # `Base[int]`, and `KINDS["base"]`
        quoted = any(isinstance(node, cst.SimpleString) for node in walk(base.slice[0]))
        return quoted or _may_be_any(context, base.value)
    if isinstance(base, cst.Call):
        return path_of(context, base.func) not in _MAKING
    if path_of(context, base):
        return False
    bindings = context.scopes.reaching(base) if isinstance(base, cst.Name) else ()
    return not bindings or any(
        one.kind not in ("class", "import") and not (one.value and path_of(context, one.value))
        for one in bindings
    )


def _is_static(function: cst.FunctionDef) -> bool:
    return any(dotted(one.decorator) == "staticmethod" for one in function.decorators)


def decorator_path(context: Context, decorator: cst.Decorator) -> str:
    """What `path_of` says of a decorator, called or not."""
    inner = decorator.decorator
    return path_of(context, inner.func if isinstance(inner, cst.Call) else inner)


def path_of(context: Context, node: cst.CSTNode) -> str:
    """The dotted path that an imported name means, the name itself for builtins; else empty."""
    first = first_name(node)
    if first is None:
        return ""
    bindings = context.scopes.reaching(first)
    rest = dotted(node).partition(".")[2]
    if not bindings:
        return dotted(node)
    paths = {f"{one.path}.{rest}" if rest else one.path for one in bindings}
    if len(paths) != 1 or any(one.kind != "import" for one in bindings):
        return ""
    return paths.pop()


def all_members(classes: Iterable[Class], name: str) -> list[Member]:
    """What the name can mean in these classes."""
    return [member for one in classes for member in one.members.get(name, ())]
