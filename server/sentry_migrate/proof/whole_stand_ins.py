"""What takes the place of the SDK as a whole, and is defined in another file.

`monkeypatch.setattr(svc, "sentry_sdk", fakes.Sentry())` has `svc` call something of which the text
does not say which names and keywords it knows. Owns finding such places, and telling values that
are made here from those that may come from elsewhere. Refuses to know which calls a fix changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, stand_in_key
from sentry_migrate.project.modules import SDK
from sentry_migrate.project.plan_words import CALLED
from sentry_migrate.project.testing_files import TESTING
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.proof.derived_classes import put_by_heirs
from sentry_migrate.proof.joined_text import literal
from sentry_migrate.proof.unknown_names import module_of
from sentry_migrate.python.bindings import Binding, dotted, first_name, walk
from sentry_migrate.python.replaced import Replaced
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj, Ref

_SELVES = frozenset(("cls", "self"))
_MAKERS = frozenset(("mock", "mocker"))
"""Fixtures whose attributes make mocks."""
_STEPS = 20
"""How many values one is followed to."""


def called_key(name: str) -> str:
    """The kind of code that puts something of another file in the place of whatever has a name,
    such as an attribute by which a class calls the SDK."""
    return stand_in_key(SDK, f"{CALLED}{name}")


@remembered
def called(context: Context) -> Sequence[str]:
    """What a text calls the SDK, or what has its names, besides its own name:
    `self.sdk.push_scope()`."""
    names = {dotted(use.node.value) for use in context.uses if isinstance(use.node, cst.Attribute)}
    return tuple(sorted({name.rpartition(".")[2] for name in names - {SDK}} - {"", *_SELVES}))


def replaced(context: Context) -> str:
    """Where something takes the place of what a text calls the SDK; empty if nowhere."""
    return next(filter(None, (context.elsewhere(called_key(one)) for one in called(context))), "")


def held(context: Context, use: Use | None) -> str:
    """Why an attribute or a module's variable, by which the SDK is used, may have something else
    than the SDK: `self.sdk.push_scope()`; empty if it does not."""
    at: cst.CSTNode | None = use.node if use is not None else None
    while isinstance(at, cst.Attribute):
        of_sdk = isinstance(context.values.of(at), Ref)
        if of_sdk and not isinstance(context.values.of(at.value), Ref | Obj):
            name, home = at.attr.value, module_of(context, at.value)
            place = (
                context.elsewhere(stand_in_key(name, home))
                if home
                else put_by_heirs(context, at.value, name)
            )
            return f"{place} puts something in place of `{name}`" if place else ""
        at = at.value
    return ""


def home_of(context: Context, put: Replaced) -> str:
    """The last part of the module in which a name is put by other means than an assignment; empty
    where that is none, or not told."""
    home = own_module(context) if put.own else put.module.rpartition(".")[2]
    return home or (module_of(context, put.holder) if put.holder is not None else "")


def places(context: Context, test: bool) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for this reason, and where; `test` says whether it is
    part of the tests, which replace attributes of instances too."""
    for assign in context.tree.nodes(cst.Assign):
        for one in assign.targets:
            if test and isinstance(one.target, cst.Name) and _is_member(context, one.target):
                if is_from_elsewhere(context, assign.value):
                    yield called_key(one.target.value), one.target
            elif isinstance(one.target, cst.Attribute):
                holder, name = one.target.value, one.target.attr.value
                home = module_of(context, holder) if name == SDK else ""
                if (home or (test and not _is_self(context, holder))) and is_from_elsewhere(
                    context, assign.value
                ):
                    yield from _whole(name, home, test, one.target)
    for put in context.scopes.replaced:
        if put.name == SDK and is_from_elsewhere(context, put.value):
            yield from _whole(SDK, home_of(context, put), test, put.node)
    for call in context.tree.nodes(cst.Call):
        values = [arg.value for arg in call.args]
        for index, value in enumerate(values[:2]):
            *homes, name = literal(value).split(".")
            if not (name == SDK or (test and name.isidentifier() and (index or homes))):
                continue
            home = homes[-1] if homes else module_of(context, values[0]) if index else ""
            if any(is_from_elsewhere(context, one) for one in values[index + 1 :]):
                yield from _whole(name, home, test, call)
    for text in context.tree.nodes(cst.SimpleString) if test else ():
        if text.raw_value == SDK and is_from_elsewhere(context, _put_for(context, text)):
            yield stand_in_key(ANY_NAME, SDK), text
    for arg in context.tree.nodes(cst.Arg) if test else ():
        if arg.keyword is not None and is_from_elsewhere(context, arg.value):
            home = SDK if arg.keyword.value == SDK else ""
            yield from _whole(arg.keyword.value, home, test, arg)


def _whole(
    name: str, home: str, test: bool, node: cst.CSTNode
) -> Iterator[tuple[str, cst.CSTNode]]:
    if name == SDK and home:
        yield stand_in_key(ANY_NAME, home), node
    if test:
        yield called_key(name), node


def _is_member(context: Context, name: cst.Name) -> bool:
    """Whether a name is one of a class."""
    return context.scopes.scope_of(name).kind == "class"


def _is_self(context: Context, node: cst.BaseExpression) -> bool:
    """Whether it is the instance whose method this is: a test's own attribute."""
    bindings = context.scopes.reaching(node) if isinstance(node, cst.Name) else ()
    return bool(bindings) and all(one.name in _SELVES for one in bindings)


def _put_for(context: Context, name: cst.SimpleString) -> cst.BaseExpression | None:
    """What a module's name gets: `modules["m"] = …`, `setitem(modules, "m", …)`, `{"m": …}`."""
    holder = context.parent(name)
    if isinstance(holder, cst.DictElement):
        return holder.value if holder.key is name else None
    if isinstance(holder, cst.Arg):
        call = context.parent(holder)
        sets = isinstance(call, cst.Call) and dotted(call.func).endswith(("setitem", "setdefault"))
        return call.args[-1].value if isinstance(call, cst.Call) and sets else None
    subscript = context.parent(context.parent(holder) or name) if holder is not None else None
    target = context.parent(subscript) if subscript is not None else None
    assign = context.parent(target) if isinstance(target, cst.AssignTarget) else None
    return assign.value if isinstance(assign, cst.Assign) else None


# -- where a value is from -----------------------------------------------------------------------


def is_from_elsewhere(context: Context, value: cst.BaseExpression | None) -> bool:
    """Whether a value may be imported, or made by what is, but for mocks, which take everything."""
    return value is not None and _Origin(context).is_elsewhere(value)


class _Origin:
    """Follows one value to all that it may be."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: set[int] = set()

    def is_elsewhere(self, value: cst.CSTNode) -> bool:
        """Whether any of it is of another file; so is what leads through too much."""
        if id(value) in self._seen:
            return False
        if len(self._seen) >= _STEPS:
            return True
        self._seen.add(id(value))
        if isinstance(value, cst.IfExp):
            return self.is_elsewhere(value.body) or self.is_elsewhere(value.orelse)
        if isinstance(value, cst.BooleanOperation):
            return self.is_elsewhere(value.left) or self.is_elsewhere(value.right)
        if isinstance(value, cst.Call):
            return self.is_elsewhere(value.func)
        if isinstance(value, cst.Attribute) and _is_self(self._context, value.value):
            stores = self._context.scopes.attributes.get(value.attr.value, ())
            return any(one is not None and self.is_elsewhere(one) for _, one in stores)
        root = first_name(value)
        bindings = self._context.scopes.reaching(root) if root is not None else ()
        return any(map(self._is_elsewhere, bindings))

    def _is_elsewhere(self, binding: Binding) -> bool:
        if binding.kind == "import":
            return binding.path.partition(".")[0] not in (*TESTING, SDK)
        if isinstance(binding.node, cst.FunctionDef):
            return any(map(self.is_elsewhere, _given(binding.node)))
        if isinstance(binding.node, cst.ClassDef):
            return any(self.is_elsewhere(base.value) for base in binding.node.bases)
        if binding.kind == "param":
            return self._is_fixture_elsewhere(binding)
        return binding.value is not None and self.is_elsewhere(binding.value)

    def _is_fixture_elsewhere(self, binding: Binding) -> bool:
        """Whether a parameter may get what another file has: a fixture, unless it is defined here.
        What decorators give is a mock."""
        function = binding.scope.node
        if binding.name in _MAKERS or not isinstance(function, cst.FunctionDef):
            return False
        own = self._context.scopes.module.bindings.get(binding.name, ())
        if any(isinstance(one.node, cst.FunctionDef) for one in own):
            return any(map(self._is_elsewhere, own))
        patches = (self._context.code(one.decorator) for one in function.decorators)
        return not any("patch" in one for one in patches)


def _given(function: cst.FunctionDef) -> Iterator[cst.BaseExpression]:
    """What a function returns or yields."""
    for node in walk(function.body):
        if isinstance(node, cst.Return | cst.Yield) and isinstance(node.value, cst.BaseExpression):
            yield node.value
