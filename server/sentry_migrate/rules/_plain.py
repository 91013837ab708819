"""Expressions that run no code but Python's own.

Owns what a pushed scope's block may evaluate without ending the proof that it is simple: calls of
builtins, of methods of builtin values and of harmless library functions, loops over builtin values,
and values that are surely not None. Reading an attribute, an item or a comparison counts as
harmless; everything else that is unknown does not.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._harmless import (
    BUILTINS,
    GIVES_DATA,
    HANDED_FUNCTIONS,
    IMPURE,
    ITERATING,
    PURE_FUNCTIONS,
    PURE_METHODS,
    PURE_MODULES,
    TEXT_METHODS,
)
from sentry_migrate.syntax.bindings import Binding, dotted, first_name, walk

_LITERALS = (
    *(cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float),
    *(cst.Dict, cst.List, cst.Set, cst.Tuple, cst.DictComp, cst.ListComp, cst.SetComp),
    cst.GeneratorExp,
)


def is_data(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is surely of a builtin type, so that its methods and items are known."""
    return _Data(context).judge(node)


def is_never_none(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is surely not None."""
    return _NeverNone(context).judge(node)


def is_harmless(context: Context, call: cst.Call) -> bool:
    """Whether the call itself, its arguments aside, runs nothing but Python's own code."""
    func = call.func
    if isinstance(func, cst.Name) and is_builtin(context, func):
        return _is_harmless_builtin(context, call, func.value)
    if _is_harmless_library(context, call):
        return True
    if not isinstance(func, cst.Attribute):
        return False
    name = func.attr.value
    given = [arg.value for arg in call.args if arg.keyword is None]
    if name == "join" and len(given) != 1:
        return False  # of a thread or a queue
    if name in ("join", "extend", "update") and not all(is_data(context, one) for one in given):
        return False
    return name in TEXT_METHODS or (name in PURE_METHODS and is_data(context, func.value))


def is_builtin(context: Context, name: cst.Name) -> bool:
    """Whether the name is a harmless builtin, by its own name."""
    return name.value in BUILTINS and not context.scopes.reaching(name)


def _is_harmless_builtin(context: Context, call: cst.Call, name: str) -> bool:
    if name not in ITERATING:
        return True
    given = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
    if name not in ("max", "min") or len(given) == 1:
        if not all(is_data(context, value) for value in given[: None if name == "zip" else 1]):
            return False
    return all(
        _calls_nothing(context, arg.value)
        for arg in call.args
        if arg.keyword is not None and arg.keyword.value == "key"
    )


def _is_harmless_library(context: Context, call: cst.Call) -> bool:
    first = first_name(call.func)
    bindings = context.scopes.reaching(first) if first is not None else ()
    rest = dotted(call.func).partition(".")[2]
    paths = {f"{one.path}.{rest}" if rest else one.path for one in bindings}
    if not bindings or not all(one.kind == "import" for one in bindings):
        return False
    return all(map(_is_pure, paths)) and all(_is_harmless_argument(context, a) for a in call.args)


def _is_pure(path: str) -> bool:
    if path in IMPURE:
        return False
    parts = path.split(".")
    return parts[0] in PURE_MODULES or any(
        ".".join(parts[:end]) in PURE_FUNCTIONS for end in range(2, len(parts) + 1)
    )


def _is_harmless_argument(context: Context, arg: cst.Arg) -> bool:
    """Whether a library function that is given it has no function to call."""
    value = arg.value
    if arg.keyword is not None and arg.keyword.value in HANDED_FUNCTIONS:
        return _calls_nothing(context, value)
    if isinstance(value, cst.Lambda):
        return _calls_nothing(context, value)
    return not isinstance(value, cst.Name) or not any(
        one.kind in ("def", "import") for one in context.scopes.reaching(value)
    )


def _calls_nothing(context: Context, function: cst.BaseExpression) -> bool:
    """Whether a function that is handed on is a builtin, or a lambda that only reads."""
    if isinstance(function, cst.Lambda):
        return not any(isinstance(node, cst.Call | cst.Await) for node in walk(function.body))
    first = first_name(function)
    return first is not None and (first.value == "None" or is_builtin(context, first))


class _Judgement:
    """One question about a value, asked of all that a name can mean."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._answers: dict[int, bool] = {}

    def judge(self, node: cst.BaseExpression) -> bool:
        """Whether the answer is surely yes."""
        if isinstance(node, _LITERALS):
            return True
        if isinstance(node, cst.Name):
            bindings = self._context.scopes.reaching(node)
            return bool(bindings) and all(map(self._bound, bindings))
        if isinstance(node, cst.IfExp):
            return self.judge(node.body) and self.judge(node.orelse)
        if isinstance(node, cst.NamedExpr):
            return self.judge(node.value)
        if isinstance(node, cst.Call):
            return self._called(node)
        return self._other(node)

    def _bound(self, binding: Binding) -> bool:
        if id(binding) not in self._answers:
            self._answers[id(binding)] = True  # where it is bound to itself, the rest answers
            self._answers[id(binding)] = self._judge_bound(binding)
        return self._answers[id(binding)]

    def _judge_bound(self, binding: Binding) -> bool:
        value = binding.value
        if isinstance(binding.node, cst.Param):
            return binding.node.star in ("*", "**")  # `*args` is a tuple, `**more` a dict
        if binding.kind != "assign" or not binding.whole:
            return False
        return isinstance(value, cst.BaseExpression) and self.judge(value)

    def _called(self, call: cst.Call) -> bool:
        func = call.func
        if isinstance(func, cst.Name):
            return func.value in GIVES_DATA and is_builtin(self._context, func)
        if not isinstance(func, cst.Attribute):
            return False
        name = func.attr.value
        views = name in ("items", "keys", "values", "copy")
        return name in TEXT_METHODS or (views and is_data(self._context, func.value))

    def _other(self, node: cst.BaseExpression) -> bool:
        raise NotImplementedError


class _Data(_Judgement):
    def _other(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.BooleanOperation):
            return self.judge(node.left) and self.judge(node.right)
        if isinstance(node, cst.BinaryOperation):
            return self.judge(node.left) or self.judge(node.right)
        return False


class _NeverNone(_Judgement):
    def _other(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.BooleanOperation):
            left = isinstance(node.operator, cst.Or) or self.judge(node.left)
            return left and self.judge(node.right)
        return isinstance(node, cst.BinaryOperation | cst.UnaryOperation | cst.Comparison)
