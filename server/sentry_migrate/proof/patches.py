"""What tests put in the place of functions and properties: `patch("svc.f", side_effect=g)`.

Owns the calls that replace something for a while, and what a mock calls when it is called. Refuses
to know what calling that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.joined_text import literal
from sentry_migrate.python.bindings import Binding, dotted, first_name

_BY_PATH = frozenset(("patch", "setattr"))
_BY_HOLDER = frozenset(("object", "setattr"))
_MOCKS = frozenset(
    (
        *("AsyncMock", "MagicMock", "Mock", "NonCallableMagicMock", "NonCallableMock"),
        *("PropertyMock", "create_autospec", "sentinel", "stub"),
    )
)
_CALLING = frozenset(("side_effect", "wraps"))
"""What a mock calls when it is called."""
_HOLDERS = ("target",)
_NAMES = ("attribute", "name")
_VALUES = ("new", "value")
_PROPERTIES = frozenset(("PropertyMock", "cached_property", "property"))


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """One name that is replaced."""

    node: cst.CSTNode
    """The code that does it."""
    path: str
    """The path of what is replaced; empty where no import leads there."""
    name: str
    values: Sequence[cst.BaseExpression]
    """What may be called in its place."""
    is_property: bool
    """Whether that is called where the name is read."""

    @property
    def paths(self) -> Iterator[str]:
        """The paths by which other code may call it; that of a member has no module."""
        parts = self.path.split(".")
        if len(parts) != 2 or not parts[0].islower():  # else it is a function of a module
            yield f".{self.name}"
        yield from (".".join(parts[at:]) for at in range(len(parts) - 1))


@remembered
def patches(context: Context) -> Sequence[Patch]:
    """All of a text that have something called in the place of what they replace."""
    found = _Finder(context).found() if _may_patch(context.tree.text) else ()
    return [one for one in found if one.values]


@remembered
def patched_properties(context: Context) -> Mapping[str, Sequence[Patch]]:
    """By name, those that have something called where the name is read."""
    found: dict[str, list[Patch]] = {}
    for one in patches(context):
        if one.is_property:
            found.setdefault(one.name, []).append(one)
    return found


def _may_patch(text: str) -> bool:
    return "patch" in text or "setattr" in text or "Mock" in text


def called_by(context: Context, value: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
    """What a call of a value calls: a mock's side effect, or the value itself."""
    effects = _Finder(context).effects_of(value) if _has_mocks(context) else None
    return [value] if effects is None else effects


@remembered
def _has_mocks(context: Context) -> bool:
    return "ock" in context.tree.text


class _Finder:
    def __init__(self, context: Context) -> None:
        self._context = context

    def found(self) -> Iterator[Patch]:
        for call in self._context.tree.nodes(cst.Call):
            yield from self._by_call(call)
        for assign in self._context.tree.nodes(cst.Assign):
            for one in assign.targets:
                if isinstance(one.target, cst.Attribute):
                    yield from self._assigned(one.target, assign.value)

    def _assigned(self, target: cst.Attribute, value: cst.BaseExpression) -> Iterator[Patch]:
        """What an attribute of anything gets that is a mock, and what a mock in a place calls."""
        if target.attr.value == "side_effect" and isinstance(target.value, cst.Attribute):
            place = target.value
            effects = list(self._effects([value]))
            yield self._patch(target, place.value, place.attr.value, effects, value)
        elif (known := self.effects_of(value)) is not None:
            yield self._patch(target, target.value, target.attr.value, known, value)

    def _by_call(self, call: cst.Call) -> Iterator[Patch]:
        func = dotted(call.func)
        last = func.rpartition(".")[2]
        if last not in (*_BY_PATH, *_BY_HOLDER, "multiple") or func == "setattr":
            return
        given = _Given(call)
        target = given.at(0, _HOLDERS)
        if target is None:
            return
        *homes, named = literal(target).split(".")
        if last == "multiple":
            for name, value in given.others(_HOLDERS):
                effects = self._values(call, value, ())
                if named:
                    path = ".".join((*homes, named, name))
                    yield Patch(call, path, name, effects, self._is_property(value))
                else:
                    yield self._patch(call, target, name, effects, value)
        elif homes and last in _BY_PATH:
            yield self._made(call, ".".join((*homes, named)), named, given, 1)
        elif last in _BY_HOLDER and (second := given.at(1, _NAMES)) is not None:
            if (name := literal(second)).isidentifier():
                yield self._made(call, self._path(target, name), name, given, 2)

    def _made(self, call: cst.Call, path: str, name: str, given: _Given, at: int) -> Patch:
        value, factory = given.at(at, _VALUES), given.at(-1, ("new_callable",))
        effects = self._values(call, value, [one for key, one in given.others() if key in _CALLING])
        if factory is not None and not self._is_mock(factory):
            effects = [*effects, call]  # nobody knows what that makes
        imported = self._context.scopes.imported
        own = [one for one in effects if not path or path != imported(one)]
        is_property = any(map(self._is_property, filter(None, (value, factory))))
        return Patch(call, path, name, own, is_property)

    def _patch(
        self,
        node: cst.CSTNode,
        holder: cst.BaseExpression,
        name: str,
        values: Sequence[cst.BaseExpression],
        value: cst.BaseExpression,
    ) -> Patch:
        return Patch(node, self._path(holder, name), name, values, self._is_property(value))

    def _path(self, holder: cst.BaseExpression, name: str) -> str:
        path = self._context.scopes.imported(holder)
        return f"{path}.{name}" if path else ""

    # -- mocks -----------------------------------------------------------------------------------

    def _values(
        self,
        call: cst.Call,
        value: cst.BaseExpression | None,
        given: Sequence[cst.BaseExpression],
    ) -> Sequence[cst.BaseExpression]:
        """What is called in the place of what a call replaces: `value`, or a mock with these."""
        if value is None:
            own = self._context.parent(call)
            more = self._put([own]) if isinstance(own, cst.Attribute) else ()
            return [*self._effects((*given, *more)), *self._later(self._names(call))]
        known = self.effects_of(value)
        if known is None and isinstance(value, cst.Call) and self._is_property(value):
            return [one.value for one in value.args]
        return [value] if known is None else known

    def effects_of(self, value: cst.BaseExpression) -> Sequence[cst.BaseExpression] | None:
        """What a mock calls when it is called; None for all but mocks that are made here."""
        if isinstance(value, cst.Name):
            return self._of_variable(value)
        if not isinstance(value, cst.Call) or not self._is_mock(value.func):
            return None
        given = [one.value for one in value.args if one.keyword and one.keyword.value in _CALLING]
        return list(self._effects(given))

    def _of_variable(self, name: cst.Name) -> Sequence[cst.BaseExpression] | None:
        """The like for a variable, with what it is given later."""
        bindings = self._context.scopes.reaching(name)
        found = self._later(bindings)
        for one in bindings:
            made = one.value if one.kind == "assign" and one.whole else None
            known = self.effects_of(made) if isinstance(made, cst.Call) else None
            if known is None:
                return None
            found += known
        return found if bindings else None

    def _is_mock(self, func: cst.BaseExpression) -> bool:
        own = any(one.kind in ("class", "def") for one in self._bound_here(func))
        return dotted(func).rpartition(".")[2] in _MOCKS and not own

    def _bound_here(self, func: cst.BaseExpression) -> Sequence[Binding]:
        """What a name is bound to by anything but an import or a parameter."""
        first = first_name(func)
        bindings = () if first is None else self._context.scopes.reaching(first)
        return [one for one in bindings if one.kind not in ("import", "param")]

    def _is_property(self, value: cst.BaseExpression) -> bool:
        func = value.func if isinstance(value, cst.Call) else value
        return dotted(func).rpartition(".")[2] in _PROPERTIES

    def _effects(self, given: Sequence[cst.BaseExpression]) -> Iterator[cst.BaseExpression]:
        """Those of a mock's side effects that are functions, and not errors or results."""
        for value in given:
            made = value.func if isinstance(value, cst.Call) else value
            name = dotted(made).rpartition(".")[2]
            here = self._bound_here(made)
            if isinstance(value, cst.Lambda) or (name and here):
                is_error = isinstance(value, cst.Call) and all(one.kind == "class" for one in here)
                yield from () if is_error else (value,)
            elif name and not name[:1].isupper() and name not in ("iter", "count", "cycle"):
                yield value

    def _names(self, call: cst.Call) -> Sequence[Binding]:
        """The variables that have the mock a call makes, as far as the text says so."""
        at: cst.CSTNode = call
        parent = self._context.parent(at)
        while isinstance(parent, cst.Attribute | cst.Call) and parent is not None:
            at, parent = parent, self._context.parent(parent)  # `patch(…).start()`
        if isinstance(parent, cst.Decorator):
            function = self._context.parent(parent)
            params = function.params.params if isinstance(function, cst.FunctionDef) else ()
            bound = [self._context.scopes.bound_by(one) for one in params]
            return [one for one in bound if one is not None]
        target: cst.CSTNode | None = None
        if isinstance(parent, cst.WithItem) and parent.asname is not None:
            target = parent.asname.name
        elif isinstance(parent, cst.Assign) and len(parent.targets) == 1:
            target = parent.targets[0].target
        variable = self._context.scopes.bound_by(target) if target is not None else None
        return [] if variable is None else [variable]

    def _later(self, mocks: Sequence[Binding]) -> list[cst.BaseExpression]:
        """What is made the side effect of mocks in these variables: `m.side_effect = f`."""
        reads = (read for one in mocks for read in self._context.scopes.possible_reads(one))
        parents = ((read, self._context.parent(read)) for read in reads)
        members = (at for read, at in parents if isinstance(at, cst.Attribute) and at.value is read)
        return list(self._effects(list(self._put(members))))

    def _put(self, members: Iterable[cst.Attribute]) -> Iterator[cst.BaseExpression]:
        """What these attributes of a mock are given, or a call of one gives it."""
        for member in members:
            holder = self._context.parent(member)
            assign = self._context.parent(holder) if isinstance(holder, cst.AssignTarget) else None
            if member.attr.value in _CALLING and isinstance(assign, cst.Assign):
                yield assign.value
            elif member.attr.value == "configure_mock" and isinstance(holder, cst.Call):
                yield from (one for key, one in _Given(holder).others() if key in _CALLING)


class _Given:
    """The arguments of a call."""

    def __init__(self, call: cst.Call) -> None:
        self._args = call.args

    def at(self, index: int, keywords: Sequence[str]) -> cst.BaseExpression | None:
        """The argument of this place, or by one of these keywords."""
        for at, arg in enumerate(self._args):
            if arg.keyword.value in keywords if arg.keyword is not None else at == index:
                return None if arg.star else arg.value
        return None

    def others(self, apart: Sequence[str] = ()) -> Iterator[tuple[str, cst.BaseExpression]]:
        """What is given by keywords, apart from these."""
        for arg in self._args:
            if arg.keyword is not None and arg.keyword.value not in apart:
                yield arg.keyword.value, arg.value
