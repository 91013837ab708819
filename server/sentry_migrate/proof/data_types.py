"""Values of Python's own types, and values that are not None, as far as the text says so.

Owns following a value through variables, conditionals and calls of builtins. Unknown is no.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, later_key
from sentry_migrate.project.modules import last_part
from sentry_migrate.proof.library import BUILTINS, GIVES_DATA, TEXT_METHODS
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.python.flow import MANY

_Subject: TypeAlias = "cst.CSTNode | Binding | Sequence[Binding]"

_LITERALS = (
    *(cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float),
    *(cst.Dict, cst.List, cst.Set, cst.Tuple, cst.DictComp, cst.ListComp, cst.SetComp),
    cst.GeneratorExp,
)
_SCALARS = (
    *(cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float),
    cst.Imaginary,
)
_CONTAINERS = frozenset(
    (
        *("dict", "enumerate", "frozenset", "list", "reversed", "set", "sorted", "tuple"),
        *("vars", "zip"),
    )
)
"""Builtins that give what holds other values."""


_IDENTITY = (cst.Is, cst.IsNot)
"""What answers True or False, whatever is compared."""
_OPERATIONS = (cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.Lambda)


def is_data(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is certainly of a builtin type, so that its methods and items are known."""
    return _data(context).judge(node)


def is_scalar(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is certainly text, a number, a truth value or None, which hold no other."""
    return _scalar(context).judge(node)


def is_literal(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is certainly a scalar, or a container that holds nothing else."""
    return _literal(context).judge(node)


def is_file(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is certainly what the builtin `open()` gives."""
    return _file(context).judge(node)


def is_never_none(context: Context, node: cst.BaseExpression) -> bool:
    """Whether the value is certainly not None."""
    return _never_none(context).judge(node)


def is_builtin(context: Context, name: cst.BaseExpression) -> bool:
    """Whether it is a harmless builtin, by its own name."""
    if not isinstance(name, cst.Name) or name.value not in BUILTINS:
        return False
    return not context.scopes.reaching(name) and not _may_be_bound(context, name.value, -1)


def may_be_replaced(context: Context, binding: Binding) -> bool:
    """Whether other code may bind a name of the module again, here or in another file."""
    own = binding.scope is context.scopes.module
    return own and _may_be_bound(context, binding.name, binding.at)


def _may_be_bound(context: Context, name: str, at: int) -> bool:
    """Whether other code may bind a name of the module, after an offset or in another file."""
    own = own_names(context)
    keys = (later_key(own + one) for one in (name, ANY_NAME)) if own else ()
    return context.scopes.may_bind_anew(at) or any(map(context.elsewhere, keys))


def own_names(context: Context) -> str:
    """What the names of the text's module begin with where other files replace them."""
    return "" if context.path is None else f"{last_part(str(context.path))}:"


class _Judgement:
    """One question about a value, asked of all that a name can mean."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # Where a variable is bound to itself, what else it is bound to answers.
        self._asked: Questions[_Subject, bool] = Questions(
            self._judge, True, False, STEPS * len(context.tree.text)
        )

    literals: tuple[type[cst.CSTNode], ...] = _LITERALS
    entered = False
    """Whether what `with` binds is what the manager is."""

    def judge(self, node: cst.BaseExpression) -> bool:
        """Whether the answer is certainly yes."""
        return isinstance(node, self.literals) or self._asked.ask(node)

    def _judge(self, node: _Subject) -> bool:
        if isinstance(node, Binding):
            return self._judge_bound(node)
        if not isinstance(node, cst.CSTNode):
            return all(map(self._asked.ask, node))
        if isinstance(node, cst.Name):
            bindings = self._context.scopes.reaching(node)
            if len(bindings) > MANY:
                return self._asked.ask(bindings)
            return bool(bindings) and all(map(self._asked.ask, bindings))
        if isinstance(node, cst.IfExp):
            return self.judge(node.body) and self.judge(node.orelse)
        if isinstance(node, cst.NamedExpr):
            return self.judge(node.value)
        if isinstance(node, cst.Call):
            return self._called(node)
        return self._other(node)

    def _judge_bound(self, binding: Binding) -> bool:
        value = binding.value
        if may_be_replaced(self._context, binding):
            return False
        if isinstance(binding.node, cst.Param):
            return binding.node.star in ("*", "**")  # `*args` is a tuple, `**more` a dict
        kinds = ("assign", "with") if self.entered else ("assign",)
        if binding.kind not in kinds or not binding.whole:
            return False
        return isinstance(value, cst.BaseExpression) and self.judge(value)

    def _called(self, call: cst.Call) -> bool:
        func = call.func
        if isinstance(func, cst.Name):
            return func.value in GIVES_DATA and is_builtin(self._context, func)
        if not isinstance(func, cst.Attribute):
            return False
        name = func.attr.value
        if name in ("read", "readline", "readlines") and is_file(self._context, func.value):
            return True
        views = name in ("items", "keys", "values", "copy")
        return name in TEXT_METHODS or (views and is_data(self._context, func.value))

    def _other(self, node: cst.CSTNode) -> bool:
        raise NotImplementedError


class _Data(_Judgement):
    def _other(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Attribute):
            return node.attr.value == "__dict__"
        if isinstance(node, cst.BooleanOperation):
            return self.judge(node.left) and self.judge(node.right)
        if isinstance(node, cst.BinaryOperation):
            return self.judge(node.left) or self.judge(node.right)
        return False


class _NeverNone(_Judgement):
    def _other(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BooleanOperation):
            left = isinstance(node.operator, cst.Or) or self.judge(node.left)
            return left and self.judge(node.right)
        return isinstance(node, _OPERATIONS)

    def _judge_bound(self, binding: Binding) -> bool:
        return binding.kind in ("def", "class") or super()._judge_bound(binding)


class _Scalar(_Judgement):
    literals = _SCALARS

    def _judge(self, node: _Subject) -> bool:
        if isinstance(node, cst.Name) and node.value in ("None", "True", "False"):
            return True
        return super()._judge(node)

    def _judge_bound(self, binding: Binding) -> bool:
        return not isinstance(binding.node, cst.Param) and super()._judge_bound(binding)

    def _called(self, call: cst.Call) -> bool:
        func = call.func
        if isinstance(func, cst.Name):
            given = func.value in GIVES_DATA and is_builtin(self._context, func)
            return given and func.value not in _CONTAINERS
        if not isinstance(func, cst.Attribute):
            return False
        name = func.attr.value
        if name in ("read", "readline"):
            return is_file(self._context, func.value)
        return name in TEXT_METHODS and name not in ("groups", "rsplit", "split", "splitlines")

    def _other(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BooleanOperation | cst.BinaryOperation):
            return self.judge(node.left) and self.judge(node.right)
        if isinstance(node, cst.Comparison):
            same = all(isinstance(one.operator, _IDENTITY) for one in node.comparisons)
            return same or all(
                map(self.judge, (node.left, *(c.comparator for c in node.comparisons)))
            )
        return isinstance(node, cst.UnaryOperation) and self.judge(node.expression)


class _Literal(_Scalar):
    def _other(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Dict | cst.List | cst.Set | cst.Tuple):
            return all(map(self._element, node.elements))
        return super()._other(node)

    def _element(self, element: cst.CSTNode) -> bool:
        if isinstance(element, cst.DictElement):
            return self.judge(element.key) and self.judge(element.value)
        return isinstance(element, cst.Element) and self.judge(element.value)


class _File(_Judgement):
    literals = ()
    entered = True

    def _called(self, call: cst.Call) -> bool:
        func = call.func
        return (
            isinstance(func, cst.Name) and func.value == "open" and is_builtin(self._context, func)
        )

    def _judge_bound(self, binding: Binding) -> bool:
        return not isinstance(binding.node, cst.Param) and super()._judge_bound(binding)

    def _other(self, node: cst.CSTNode) -> bool:
        return False


@remembered
def _data(context: Context) -> _Judgement:
    return _Data(context)


@remembered
def _never_none(context: Context) -> _Judgement:
    return _NeverNone(context)


@remembered
def _scalar(context: Context) -> _Judgement:
    return _Scalar(context)


@remembered
def _literal(context: Context) -> _Judgement:
    return _Literal(context)


@remembered
def _file(context: Context) -> _Judgement:
    return _File(context)
