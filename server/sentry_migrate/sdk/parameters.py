"""What parameters hold: by annotation, by default, or because the SDK calls the function with a
scope.

Owns finding the callbacks of `configure_scope()` and `push_scope()`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import libcst as cst

from sentry_migrate.project.modules import LEGACY, SDK, hub_parameters
from sentry_migrate.project.sdk_members import ASSIGNED, ENTERED, HANDED
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.later_calls import LaterCall, is_thread, later_calls
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk import type_comments
from sentry_migrate.sdk.annotations import Declared, stored
from sentry_migrate.sdk.given_arguments import arguments, arguments_for, given_by, given_field
from sentry_migrate.sdk.reexported_names import ReexportedNames
from sentry_migrate.sdk.results import Results
from sentry_migrate.sdk.value_types import (
    Many,
    Obj,
    Ref,
    Value,
    holding,
    instance,
    is_nothing,
    merge,
)


def _decorated(function: cst.FunctionDef) -> set[str]:
    return {dotted(one.decorator) for one in function.decorators}


def _has_own_client(given: Value | None) -> bool:
    return isinstance(given, Obj) and given.type == "Hub" and given.origin in ("client", "empty")


_OF_CLASSES = frozenset(("__class_getitem__", "__init_subclass__", "__new__"))
"""Methods that take a class first, without a decorator."""


class Parameters:
    """The parameters of one tree. `of` evaluates an expression."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        results: Results,
        reexported: ReexportedNames,
        given: Collection[cst.Param],
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._annotations = results.annotations
        self._results = results
        self._elsewhere = reexported.given
        self._by_others = frozenset(map(id, given))
        spelled = (text.lower() for text in (tree.text, *reexported.origins))
        self._hubs = bool(given) or any("hub" in text for text in spelled)
        """Whether the text spells anything that can give a hub."""

    def value(self, binding: Binding) -> Value | None:
        """What a parameter holds, by its annotation or by who calls the function."""
        param = binding.node
        if not isinstance(param, cst.Param):
            return None
        kind = self._taken(param)
        if kind in (None, "Hub") and (
            self._takes_hub_elsewhere(param) or self._builds_thread(param)
        ):
            return Obj("Hub", "element", param, "param", binding)
        if isinstance(kind, str) and param.star:
            return Many(kind, "plain" if param.star == "*" else "mapping")
        if isinstance(kind, str):
            own = kind == "Hub" and any(map(_has_own_client, self._given(param)))
            return Obj(kind, "element" if own else "param", param, "param", binding)
        if kind is not None:
            return None if param.star else kind
        if kind := self._itself(param):
            return Obj(kind, "param", param, "param", binding)
        made = ENTERED.get(("Manager", self._callback_of(param)))
        if made is not None:
            return Obj(made[0], made[1], param, "inline", binding)
        if self._takes_active_hub(param):
            return Obj("Hub", "param", param, "param", binding)
        if kind := self._given_instance(param):
            return Obj(kind, "given", param, "param", binding)
        return self._by_default(param)

    def _by_default(self, param: cst.Param) -> Value | None:
        """The SDK, or a hub, that a parameter has unless a caller gives something else; the SDK
        that all calls in the text give it."""
        if param.default is not None and not is_nothing(param.default):
            default = self._of(param.default)
            if isinstance(default, Obj) and default.type == "Hub":
                return instance(default, param)
        else:
            default = self._handed(param)
        if isinstance(default, Ref) and default.path in ("sentry_sdk", "sentry_sdk.Hub"):
            return replace(default, given=True)
        return None

    def _itself(self, param: cst.Param) -> str:
        """The type of the instance whose method takes it first, where the class derives from one of
        scopes or spans."""
        function = self._tree.parent(self._tree.parent(param) or param)
        holder = self._method_of(function)
        if holder is None or not isinstance(function, cst.FunctionDef):
            return ""
        if [*function.params.posonly_params, *function.params.params][:1] != [param]:
            return ""
        without = _decorated(function) & {"classmethod", "staticmethod"}
        kind = (
            "" if without or function.name.value in _OF_CLASSES else self._results.derived(holder)
        )
        return kind if kind in HANDED else ""

    def _method_of(self, function: cst.CSTNode | None) -> cst.ClassDef | None:
        """The class whose method a function is."""
        if not isinstance(function, cst.FunctionDef):
            return None
        holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        return holder if isinstance(holder, cst.ClassDef) else None

    def _given_instance(self, param: cst.Param) -> str:
        """The type of the scopes or spans that all calls in the text give a parameter; empty for
        anything else."""
        given = merge(self._every(param)) if self._may_be_used else None
        return given.type if isinstance(given, Obj) and given.type in HANDED else ""

    @cached_property
    def _may_be_used(self) -> bool:
        """Whether the text has anything to say of the scopes and spans that functions are given."""
        if self._elsewhere:
            return True
        return not ASSIGNED.isdisjoint(self._scopes.attributes) or any(
            one in self._tree.text for one in ("start_child", "new_span")
        )

    def _handed(self, param: cst.Param) -> Value | None:
        named = self._handing.get(param.name.value, 0) or self._handing.get("", 0)
        return merge(self._every(param)) if named or self._elsewhere else None

    def _every(self, param: cst.Param) -> list[Value | None]:
        """What calls give a parameter, in this text and elsewhere."""
        given = self._given(param)
        function = self._tree.parent(self._tree.parent(param) or param)
        if (
            self._elsewhere
            and isinstance(function, cst.FunctionDef)
            and not param.star
            and self._tree.enclosing(function, cst.FunctionDef) is None
        ):
            holder, name = self._method_of(function), function.name.value
            if holder is not None:
                own = holder.name.value
                name = own if name == "__init__" else f"{own}.{name}"
            for way in (str(self._number(function, param)), param.name.value):
                if held := self._elsewhere.get((name, way)):
                    given.append(Ref(SDK, SDK) if held == SDK else holding(held))
        return given

    def _number(self, function: cst.FunctionDef, param: cst.Param) -> int | None:
        """The place of a parameter among what a call gives; None for one that is given by name."""
        method = self._method_of(function) is not None
        own = method and "staticmethod" not in _decorated(function)
        params = [*function.params.posonly_params, *function.params.params][own:]
        return next((index for index, one in enumerate(params) if one is param), None)

    def _given(self, param: cst.Param) -> list[Value | None]:
        """What all calls in the text give a parameter of a function, or of a class; empty where it
        may get something else."""
        function = self._tree.parent(self._tree.parent(param) or param)
        if not isinstance(function, cst.FunctionDef) or param.star:
            return []
        holder = self._method_of(function)
        if holder is None:
            calls = arguments(self._tree, self._scopes, function, param)
            return [self._of(arg.value) for arg in calls.values()] if calls else []
        at = self._number(function, param)
        if function.name.value != "__init__":
            return self._given_method(function, param, at)
        calls = arguments_for(self._tree, self._scopes, holder, param, at)
        return [self._of(arg.value) for arg in calls.values()] if calls else []

    def _given_method(
        self, function: cst.FunctionDef, param: cst.Param, at: int | None
    ) -> list[Value | None]:
        """The like for a method, which any call of its name may call."""
        found: list[Value | None] = []
        for call in self._methods.get(function.name.value, ()):
            arg = None if at is None else given_by(call, param.name.value, at)
            found.append(self._of(arg.value) if arg is not None else None)
        return found

    @cached_property
    def _methods(self) -> Mapping[str, Sequence[cst.Call]]:
        """The calls of attributes, by name; none of a name that is read in another way too."""
        found: dict[str, list[cst.Call]] = {}
        others: set[str] = set()
        for node in self._tree.nodes(cst.Attribute):
            call = self._tree.parent(node)
            if isinstance(call, cst.Call) and call.func is node:
                found.setdefault(node.attr.value, []).append(call)
            else:
                others.add(node.attr.value)
        return {name: calls for name, calls in found.items() if name not in others}

    @cached_property
    def _handing(self) -> Counter[str]:
        """By keyword, how many arguments are modules or classes of the SDK; empty without one."""
        found: Counter[str] = Counter()
        for name in (SDK, *LEGACY):
            for load in self._scopes.loads.get(name, ()):
                arg = self._tree.parent(load)
                if isinstance(arg, cst.Arg):
                    found[arg.keyword.value if arg.keyword is not None else ""] += 1
        return found

    def _takes_hub_elsewhere(self, param: cst.Param) -> bool:
        """Whether the function is given to a thread or the like, which calls it with a hub: that
        is not the active one there."""
        function = self._tree.parent(self._tree.parent(param) or param)
        if not self._hubs or not isinstance(function, cst.FunctionDef) or param.star:
            return False
        params = [*function.params.posonly_params, *function.params.params]
        at = next((index for index, one in enumerate(params) if one is param), None)
        holder = self._tree.enclosing(function, cst.ClassDef, cst.FunctionDef)
        own = self._scopes.bound_by(function)
        given: list[Value | None] = []
        for later in self._later.get(function.name.value, ()):
            method = isinstance(later.function, cst.Attribute)
            if method:
                around = self._tree.enclosing(later.function, cst.ClassDef)
                means = around is holder and dotted(later.function).count(".") == 1
            else:
                name = later.function
                means = isinstance(name, cst.Name) and [*self._scopes.reaching(name)] == [own]
            index = -1 if at is None else at - method
            if means and 0 <= index < len(later.args):
                given.append(self._of(later.args[index]))
            elif means and param.name.value in later.named:
                given.append(self._of(later.named[param.name.value]))
        return bool(given) and all(isinstance(one, Obj) and one.type == "Hub" for one in given)

    def _builds_thread(self, param: cst.Param) -> bool:
        """Whether every use of a class of threads in the text is a call that gives it a hub."""
        holder = self._tree.enclosing(param, cst.ClassDef) if self._hubs else None
        return (
            isinstance(holder, cst.ClassDef)
            and is_thread(self._scopes, holder)
            and bool(given := self._given(param))
            and all(isinstance(one, Obj) and one.type == "Hub" for one in given)
        )

    @cached_property
    def _later(self) -> Mapping[str, Sequence[LaterCall]]:
        return later_calls(self._tree, self._scopes)

    def _takes_active_hub(self, param: cst.Param) -> bool:
        """Whether every use of the function is a call that gives it the hub which is active, or one
        that the caller was given."""
        function = self._tree.parent(self._tree.parent(param) or param)
        if not self._hubs or not isinstance(function, cst.FunctionDef):
            return False
        if (function.name.value, param.name.value) not in hub_parameters(self._tree.text):
            return False
        own = self._scopes.bound_by(param)
        calls = arguments(self._tree, self._scopes, function, param)
        given = [
            arg
            for arg in (calls or {}).values()
            if not isinstance(arg.value, cst.Name) or self._scopes.reaching(arg.value) != [own]
        ]
        is_given = calls is not None and (bool(given) or id(param) in self._by_others)
        return is_given and all(map(self._is_active_hub, given))

    def _is_active_hub(self, arg: cst.Arg) -> bool:
        hub = self._of(arg.value)
        if not isinstance(hub, Obj) or hub.type != "Hub":
            return False
        return hub.origin in ("current", "param") or (
            hub.origin == "clone" and self._is_entered(hub, arg.value)
        )

    def _is_entered(self, hub: Obj, name: cst.BaseExpression) -> bool:
        """Whether a `with` statement around a name, in its function, gives it, or activates it."""
        if hub.via is None or hub.via.kind == "with":
            return hub.via is not None
        bound = [*self._scopes.reaching(name)] if isinstance(name, cst.Name) else []
        for block in self._tree.holders(name, cst.With, cst.FunctionDef, cst.Lambda):
            if not isinstance(block, cst.With):
                break
            names = [one.item for one in block.items if isinstance(one.item, cst.Name)]
            if any([*self._scopes.reaching(one)] == bound for one in names):
                return True
        return False

    def _taken(self, param: cst.Param) -> Declared:
        """What a parameter's annotation says, or the comment in place of it."""
        if param.annotation is not None:
            return self._annotations.of(param.annotation.annotation)
        function = self._tree.parent(self._tree.parent(param) or param)
        if not isinstance(function, cst.FunctionDef):
            return None
        return self._annotations.text(type_comments.of_parameter(function, param))

    def declared(self, target: cst.CSTNode) -> Value | None:
        """What a variable or attribute holds by the annotation of this assignment."""
        statement = self._tree.parent(target)
        if isinstance(statement, cst.AnnAssign) and statement.target is target:
            value = stored(self._annotations.of(statement.annotation.annotation), target)
            own = isinstance(value, Obj) and value.type == "Hub" and self._of_own_hub(target)
            return replace(value, origin="element") if own and isinstance(value, Obj) else value
        comment = type_comments.of_assignment(self._tree, target)
        return stored(self._annotations.text(comment), target) if comment else None

    def _of_own_hub(self, target: cst.CSTNode) -> bool:
        """Whether a call in the text gives a field of a class a hub that has its own client."""
        given = given_field(self._tree, self._scopes, target)
        return any(_has_own_client(self._of(arg.value)) for arg in given)

    def _callback_of(self, param: cst.Param) -> str:
        """`configure` or `push` for the first parameter of a callback of such a call."""
        holder = self._tree.parent(self._tree.parent(param) or param)
        if isinstance(holder, cst.Lambda):
            uses: Sequence[cst.CSTNode] = [holder]
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        elif isinstance(holder, cst.FunctionDef):
            uses = self._scopes.reads_of_definition(holder)
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        else:
            return ""
        if first != [param]:
            return ""
        origins: set[str] = set()
        for use in uses:
            arg = self._tree.parent(use)
            call = self._tree.parent(arg) if isinstance(arg, cst.Arg) else None
            if isinstance(call, cst.Call) and isinstance(holder, cst.CSTNode):
                made = self._of(call)
                if isinstance(made, Obj) and made.type == "Manager":
                    origins.add(made.origin)
                    continue
            if isinstance(holder, cst.FunctionDef):
                origins.add("")
        return origins.pop() if len(origins) == 1 else ""
