"""What takes a hub: the parameter of a function, or of the class of a thread, and all its calls.

Owns finding every place that gives the parameter something, or saying why some may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import attributes_by_name
from sentry_migrate.python.later_calls import is_thread, later_call
from sentry_migrate.rewrite.hub_holders import (
    NoForm,
    Place,
    is_reached_by_name,
    passed_on,
)
from sentry_migrate.rewrite.slots import class_of_self
from sentry_migrate.sdk import type_comments


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What takes a hub that is given: a parameter, a variable, an entry of a dictionary."""

    node: cst.Param | cst.Name | cst.Subscript
    reads: Sequence[Place]
    given: Sequence[cst.BaseExpression]
    """All that it is given."""

    @property
    def place(self) -> Place:
        """What names it."""
        return self.node.name if isinstance(self.node, cst.Param) else self.node


def taken_by(context: Context, param: cst.Param) -> Taken:
    """A parameter with what it is given in all places. Raises NoForm where that is not seen."""
    binding = context.scopes.bound_by(param)
    function = context.tree.enclosing(param, cst.FunctionDef)
    assert isinstance(function, cst.FunctionDef)
    assert binding is not None
    given = [_given(context, function, param, use) for use in _uses(context, function)]
    return Taken(param, context.scopes.possible_reads(binding), given)


def parameter(
    context: Context, place: cst.BaseExpression, taker: cst.BaseExpression, by: int | str
) -> cst.Param:
    """The parameter of what `taker` names, at an index or of a name. Raises NoForm."""
    function = _function(context, place, taker)
    if function.decorators:
        raise passed_on(context, place)
    own = 1 if _holder(context, function) is not None else 0
    params = [*function.params.posonly_params, *function.params.params][own:]
    if isinstance(by, str):
        known = (*function.params.params, *function.params.kwonly_params)
        params = [one for one in known if one.name.value == by]
        by = 0
    param = params[by] if by < len(params) else None
    if param is None or param.default is not None:
        raise passed_on(context, place)
    if type_comments.of_parameter(function, param):
        raise NoForm(f"a comment has the type of `{param.name.value}`")
    return param


def is_called_later(context: Context, param: cst.Param) -> bool:
    """Whether something else than its caller calls the function of a parameter, at least once."""
    function = context.tree.enclosing(param, cst.FunctionDef)
    assert isinstance(function, cst.FunctionDef)
    holder = _holder(context, function)
    if function.name.value == "__init__" and holder is not None:
        return is_thread(context.scopes, holder)
    return any(
        not isinstance(call := context.parent(use), cst.Call) or call.func is not use
        for use in _uses(context, function)
    )


def _holder(context: Context, function: cst.FunctionDef) -> cst.ClassDef | None:
    """The class of a method."""
    around = context.parent(context.parent(function) or function)
    return around if isinstance(around, cst.ClassDef) else None


def _function(
    context: Context, place: cst.BaseExpression, taker: cst.BaseExpression
) -> cst.FunctionDef:
    """The function, method or constructor that a name means. Raises NoForm."""
    function: cst.CSTNode | None = _method(context, taker)
    if isinstance(taker, cst.Name):
        bindings = context.scopes.reaching(taker)
        one = bindings[0] if len(bindings) == 1 else None
        if one is None or one.scope.kind == "class" or is_reached_by_name(context, one):
            raise passed_on(context, place)
        function = one.node
        if isinstance(function, cst.ClassDef):
            function = _constructor(function)
    if not isinstance(function, cst.FunctionDef):
        raise passed_on(context, place)
    return function


def _constructor(holder: cst.ClassDef) -> cst.FunctionDef | None:
    """What a call of a class calls, if nothing else says what that takes."""
    if holder.decorators or holder.keywords:
        return None
    methods = [one for one in holder.body.body if isinstance(one, cst.FunctionDef)]
    made = [one for one in methods if one.name.value in ("__init__", "__new__")]
    return made[0] if len(made) == 1 and made[0].name.value == "__init__" else None


def _method(context: Context, name: cst.BaseExpression) -> cst.FunctionDef | None:
    """The method that `self.name` means, if no other function of the text has that name."""
    if not isinstance(name, cst.Attribute):
        return None
    holder = class_of_self(context, name)
    defined = [
        one for one in context.tree.nodes(cst.FunctionDef) if one.name.value == name.attr.value
    ]
    own = len(defined) == 1 and holder is not None and _holder(context, defined[0]) is holder
    return defined[0] if own else None


def _uses(context: Context, function: cst.FunctionDef) -> Sequence[cst.BaseExpression]:
    """All places that name a function, the class that it constructs, or the method that it is.
    Raises NoForm."""
    holder = _holder(context, function)
    if holder is None or function.name.value == "__init__":
        return context.scopes.reads_of_definition(holder or function)
    uses = attributes_by_name(context).get(function.name.value, ())
    for one in uses:
        if class_of_self(context, one) is not holder:
            raise NoForm(f"`{context.code(one)}` may be another method")
    return uses


def _given(
    context: Context, function: cst.FunctionDef, param: cst.Param, use: cst.BaseExpression
) -> cst.BaseExpression:
    """What a parameter is given where its function is used."""
    around = context.parent(use)
    if isinstance(around, cst.Call) and around.func is use:
        plain = [one.value for one in around.args if one.keyword is None]
        named = {one.keyword.value: one.value for one in around.args if one.keyword is not None}
        starred = any(one.star for one in around.args)
    else:
        call = context.parent(around) if isinstance(around, cst.Arg) else None
        later = (
            later_call(context.tree, context.scopes, call) if isinstance(call, cst.Call) else None
        )
        if later is None or later.function is not use:
            raise NoForm(f"`{context.code(use)}` is used without being called")
        plain, named, starred = [*later.args], dict(later.named), False
    own = 1 if _holder(context, function) is not None else 0
    params = [*function.params.posonly_params, *function.params.params][own:]
    at = next((index for index, one in enumerate(params) if one is param), len(plain))
    value = named.get(param.name.value) or (plain[at] if at < len(plain) else None)
    if value is None or starred:
        raise NoForm(f"what `{context.code(use)}` is given is not visible here")
    return value
