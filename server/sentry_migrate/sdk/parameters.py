"""What parameters hold, by annotation or because the SDK calls the function with a scope; and what
functions give, by annotation.

Owns finding the callbacks of `configure_scope()` and `push_scope()`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.project.modules import hub_parameters
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk import type_comments
from sentry_migrate.sdk.annotations import Annotations, Declared
from sentry_migrate.sdk.names import ENTERED
from sentry_migrate.sdk.value_types import Many, Obj, Value


def arguments(
    tree: Tree, scopes: Scopes, function: cst.FunctionDef, param: cst.Param
) -> Mapping[cst.Call, cst.Arg] | None:
    """What all calls in the text give a parameter; None where the function is used in any other
    way, or what a call gives it cannot be seen."""
    params = [*function.params.posonly_params, *function.params.params]
    at = next((index for index, one in enumerate(params) if one is param), None)
    found: dict[cst.Call, cst.Arg] = {}
    for read in scopes.reads_of_definition(function):
        call = tree.parent(read)
        if not isinstance(call, cst.Call) or call.func is not read:
            return None
        arg = None if at is None else _given(call, param.name.value, at)
        if arg is None:
            return None
        found[call] = arg
    return found


def _given(call: cst.Call, name: str, index: int) -> cst.Arg | None:
    """The argument for the parameter `name` at `index`; None behind a `*`."""
    if any(arg.star for arg in call.args):
        return None
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg
    if index >= len(call.args) or call.args[index].keyword is not None:
        return None
    return call.args[index]


class Parameters:
    """The parameters of one tree. `of` evaluates an expression."""

    __slots__ = ("_annotations", "_by_others", "_hubs", "_of", "_scopes", "_tree")

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        annotations: Annotations,
        given: Collection[cst.Param],
        hubs: bool,
    ) -> None:
        """`hubs` is whether the text spells anything that can give a hub."""
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._annotations = annotations
        self._by_others = frozenset(map(id, given))
        self._hubs = hubs or bool(given)

    def value(self, binding: Binding) -> Value | None:
        """What a parameter holds, by its annotation or by who calls the function."""
        param = binding.node
        if not isinstance(param, cst.Param):
            return None
        kind = self._taken(param)
        if isinstance(kind, str) and param.star:
            return Many(kind, "plain" if param.star == "*" else "mapping")
        if isinstance(kind, str):
            return Obj(kind, "param", param, "param", binding)
        if kind is not None:
            return None if param.star else kind
        made = ENTERED.get(("Manager", self._callback_of(param)))
        if made is not None:
            return Obj(made[0], made[1], param, "inline", binding)
        if self._takes_active_hub(param):
            return Obj("Hub", "param", param, "param", binding)
        return None

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
        entered = hub.via is not None and hub.via.kind == "with"
        return hub.origin in ("current", "param") or (hub.origin == "clone" and entered)

    def returned(self, call: cst.Call, instance: str) -> Value | None:
        """What a function of the text gives, or a method of what is called `instance` here, by its
        annotation."""
        function = self._function(call.func, instance)
        return None if function is None else self._stored(self._given(function), call)

    def giving(self) -> Iterator[cst.FunctionDef]:
        """The functions whose annotation tells what instance they give."""
        for function in self._tree.by_type.get(cst.FunctionDef, ()):
            assert isinstance(function, cst.FunctionDef)
            if self._given(function) is not None:
                yield function

    def _taken(self, param: cst.Param) -> Declared:
        """What a parameter's annotation says, or the comment in place of it."""
        if param.annotation is not None:
            return self._annotations.of(param.annotation.annotation)
        function = self._tree.parent(self._tree.parent(param) or param)
        if not isinstance(function, cst.FunctionDef):
            return None
        return self._annotations.text(type_comments.of_parameter(function, param))

    def _given(self, function: cst.FunctionDef) -> Declared:
        """What the annotation of a function's result says, or the comment in place of it."""
        if function.returns is not None:
            return self._annotations.of(function.returns.annotation)
        return self._annotations.text(type_comments.of_result(function))

    def _function(self, func: cst.BaseExpression, instance: str) -> cst.FunctionDef | None:
        bindings: Sequence[Binding] = ()
        if isinstance(func, cst.Name):
            bindings = self._scopes.reaching(func)
        elif isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name):
            holder = self._tree.enclosing(func, cst.ClassDef)
            if holder is not None and func.value.value == instance:
                bindings = self._scopes.scopes[id(holder)].bindings.get(func.attr.value, ())
        node = bindings[0].node if len(bindings) == 1 else None
        return node if isinstance(node, cst.FunctionDef) else None

    def declared(self, target: cst.CSTNode) -> Value | None:
        """What a variable or attribute holds by the annotation of this assignment."""
        statement = self._tree.parent(target)
        if isinstance(statement, cst.AnnAssign) and statement.target is target:
            return self._stored(self._annotations.of(statement.annotation.annotation), target)
        comment = type_comments.of_assignment(self._tree, target)
        return self._stored(self._annotations.text(comment), target) if comment else None

    def _stored(self, declared: Declared, node: cst.CSTNode) -> Value | None:
        return Obj(declared, "param", node, "attribute") if isinstance(declared, str) else declared

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
