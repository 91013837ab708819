"""Whether a text may be empty, as far as its own file says so.

Owns following it to where its variable, parameter or attribute is given. What no text of the file
gives is taken for a text with something in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.bindings import Binding

_SHORTENING = frozenset(
    (
        *("join", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip"),
        "translate",
    )
)
"""Methods of texts that may give an empty one."""


def may_be_empty(context: Context, value: cst.BaseExpression) -> bool:
    """Whether a value says that it may be no text: here, where its variable is bound, or where the
    function is called in this file."""
    if isinstance(value, cst.FormattedString) and len(value.parts) == 1:
        (part,) = value.parts  # `f"{sql}"`
        value = part.expression if isinstance(part, cst.FormattedStringExpression) else value
    values = [value]
    if isinstance(value, cst.Name):
        for binding in context.scopes.reaching(value):
            if isinstance(binding.node, cst.Param):
                values.extend(_passed(context, binding.node))
            else:
                values.extend(_bound(context, binding))
    elif isinstance(value, cst.Attribute):
        values.extend(_stored(context, value.attr.value))
    return any(_is_empty(part) for one in values for part in _outcomes(one))


def _bound(context: Context, binding: Binding) -> Iterator[cst.BaseExpression]:
    """What a variable is given, or the parts of what is written out, of which it is given one."""
    if not isinstance(binding.value, cst.BaseExpression):
        return
    if binding.kind != "for" and binding.whole:
        yield binding.value
        return
    held = _written(context, binding.value)
    if binding.kind == "for" and binding.whole:
        yield from held
        return
    at = _place(context, binding.node)
    rows = [held] if binding.kind != "for" else [_written(context, one) for one in held]
    yield from (row[at] for row in rows if at < len(row))


def _written(context: Context, value: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The parts of a list or the like that is written out, here or where its variable is bound; of
    the items of a dictionary, pairs."""
    method = ""
    func = value.func if isinstance(value, cst.Call) and not value.args else None
    if isinstance(func, cst.Attribute):
        value, method = func.value, func.attr.value
    if isinstance(value, cst.Name):
        given = [one.value for one in context.scopes.reaching(value) if one.whole]
        value = next((one for one in given if isinstance(one, cst.BaseExpression)), value)
    if isinstance(value, cst.List | cst.Tuple | cst.Set):
        return [one.value for one in value.elements]
    if not isinstance(value, cst.Dict):
        return []
    pairs = [one for one in value.elements if isinstance(one, cst.DictElement)]
    if method == "items":
        return [cst.Tuple([cst.Element(one.key), cst.Element(one.value)]) for one in pairs]
    return [one.value if method == "values" else one.key for one in pairs]


def _place(context: Context, target: cst.CSTNode) -> int:
    """Which of several targets it is."""
    element = context.parent(target)
    around = context.parent(element) if element is not None else None
    if not isinstance(around, cst.Tuple | cst.List):
        return 0
    return next((at for at, one in enumerate(around.elements) if one is element), 0)


def _stored(context: Context, name: str) -> Iterator[cst.BaseExpression]:
    """What attributes of this name are given in this file, in the bodies of classes too."""
    given: list[cst.CSTNode | None] = []
    given += (value for _, value in context.scopes.attributes.get(name, ()))
    for scope in context.scopes.scopes.values():
        if scope.kind == "class":
            given += (one.value for one in scope.bindings.get(name, ()) if one.kind == "assign")
    yield from (one for one in given if isinstance(one, cst.BaseExpression))


def _passed(context: Context, param: cst.Param) -> Iterator[cst.BaseExpression]:
    """What a parameter is by default, and what calls in this file give it."""
    if param.default is not None:
        yield param.default
    given = context.parent(param)
    function = context.parent(given) if given is not None else None
    if not isinstance(given, cst.Parameters) or not isinstance(function, cst.FunctionDef):
        return
    index = next((at for at, one in enumerate(given.params) if one is param), -1)
    reads = context.scopes.reads_of_definition(function)
    calls = [call for read in reads if isinstance(call := context.parent(read), cst.Call)]
    if isinstance(context.function(function), cst.ClassDef):
        calls, index = list(_of_methods(context).get(function.name.value, ())), index - 1
    for call in calls:
        yield from _given(call, param.name.value, index)


def _given(call: cst.Call, name: str, index: int) -> Iterator[cst.BaseExpression]:
    """The argument for a parameter; none where a `*` before it leaves that open."""
    named = [
        one.value for one in call.args if one.keyword is not None and one.keyword.value == name
    ]
    if named:
        yield named[0]
    elif 0 <= index < len(call.args) and all(
        one.keyword is None and not one.star for one in call.args[: index + 1]
    ):
        yield call.args[index].value


@remembered
def _of_methods(context: Context) -> Mapping[str, Sequence[cst.Call]]:
    """By name, the calls of methods, of whatever class."""
    found: dict[str, list[cst.Call]] = {}
    for call in context.tree.nodes(cst.Call):
        if isinstance(call.func, cst.Attribute):
            found.setdefault(call.func.attr.value, []).append(call)
    return found


def _outcomes(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The parts of an expression of which one may be its value."""
    if isinstance(value, cst.IfExp):
        yield from (*_outcomes(value.body), *_outcomes(value.orelse))
    elif isinstance(value, cst.BooleanOperation):
        yield from (*_outcomes(value.left), *_outcomes(value.right))
    elif isinstance(value, cst.Call):
        # A default: `d.get("sql", "")`, `getattr(o, "sql", "")`, `str()`.
        yield from (arg.value for arg in value.args[1:])
        if isinstance(value.func, cst.Attribute) or not value.args:
            yield value
    else:
        yield value


def _is_empty(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.SimpleString | cst.ConcatenatedString):
        return value.evaluated_value in ("", b"")
    if isinstance(value, cst.Integer | cst.Float):
        return not value.evaluated_value
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute):
            return value.func.attr.value in _SHORTENING
        return isinstance(value.func, cst.Name) and value.func.value == "str"
    return isinstance(value, cst.FormattedString) and not value.parts
