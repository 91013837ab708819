"""Whether the options in a dictionary are all visible, and whether it serves `init()` alone.

Owns following a dictionary through variables, copies and changes; both questions are asked with a
key that matters, since asking the dictionary for another key does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.sdk.options import TARGETS, merged_into, subscript_key
from sentry_migrate.sdk.spelled_options import read_of

_READS = frozenset(("get", "setdefault"))


def is_closed(context: Context, node: cst.BaseExpression, key: str) -> bool:
    """Whether a mapping is visible."""
    return _mappings(context, key).ask(node)


def serves_init(context: Context, name: cst.Name, key: str) -> bool:
    """Whether every read of a variable feeds `init()`, changes it, or asks for another key."""
    variable = variable_of(context, name)
    return variable is None or _mappings(context, key).ask(_Served(variable))


Variable: TypeAlias = "list[Binding]"
"""All bindings of a name in one scope, always the same list."""


def variable_of(context: Context, name: cst.Name) -> Variable | None:
    """The variable that a name is, read or bound."""
    home = context.scopes.lookup(name.value, context.scopes.scope_of(name))
    return home.bindings[name.value] if home is not None else None


@dataclass(frozen=True, slots=True)
class _Served:
    """The question what a variable serves, besides that whether it is closed."""

    variable: Variable


class _Mappings:
    """Both questions with one key, of one text."""

    def __init__(self, context: Context, key: str) -> None:
        self._context = context
        self._key = key
        # A variable that a mapping is made of by way of itself adds nothing to it.
        self._asked: Questions[cst.CSTNode | Variable | _Served, bool] = Questions(
            self._answer, True, False, STEPS * len(context.tree.text)
        )
        self._served: dict[int, _Served] = {}
        texts = context.tree.nodes(cst.SimpleString) if key in REFUSED else ()
        self._read = {id(read_of(context.tree, one)) for one in texts if one.raw_value == key}

    def ask(self, subject: cst.CSTNode | _Served) -> bool:
        """Whether an expression is closed, or a variable serves nothing else."""
        if isinstance(subject, _Served):
            subject = self._served.setdefault(id(subject.variable), subject)
        return self._asked.ask(subject)

    def _answer(self, subject: cst.CSTNode | Variable | _Served) -> bool:
        if isinstance(subject, _Served):
            return self._serves(subject.variable)
        if isinstance(subject, list):
            return all(map(self._binds_closed, subject)) and self.ask(_Served(subject))
        return self._is_closed(subject)

    def _binds_closed(self, binding: Binding) -> bool:
        value = merged_into(self._context.parent(binding.node))
        if value is None and binding.kind == "assign" and binding.whole:
            value = binding.value if isinstance(binding.value, cst.BaseExpression) else None
        return value is not None and self._asked.ask(value)

    def _is_closed(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Dict):
            return all(
                self._asked.ask(element.value)
                if isinstance(element, cst.StarredDictElement)
                else isinstance(getattr(element, "key", None), cst.SimpleString)
                for element in node.elements
            )
        if isinstance(node, cst.Call):
            return self._is_dict(node) and self._all_closed(node)
        if isinstance(node, cst.IfExp):
            return self._asked.ask(node.body) and self._asked.ask(node.orelse)
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            return self._asked.ask(node.left) and self._asked.ask(node.right)
        variable = variable_of(self._context, node) if isinstance(node, cst.Name) else None
        return variable is not None and self._asked.ask(variable)

    def _is_dict(self, call: cst.Call) -> bool:
        return isinstance(call.func, cst.Name) and call.func.value == "dict"

    def _all_closed(self, call: cst.Call) -> bool:
        return all(arg.keyword or self._asked.ask(arg.value) for arg in call.args)

    def _serves(self, variable: Variable) -> bool:
        first = variable[0]
        return first.name not in _exported(self._context) and all(
            map(self._is_harmless, self._context.scopes.reads_beside(first))
        )

    def _is_harmless(self, load: cst.Name) -> bool:
        context = self._context
        parent = context.parent(load)
        if id(load) in self._read:
            return True  # a fix that renames the option does so where it is read
        if isinstance(parent, cst.Subscript) and parent.value is load:
            asked = subscript_key(parent)
            holder = context.parent(parent)
            stored = isinstance(holder, cst.AssignTarget)
            taken = isinstance(holder, cst.Del)
            return (
                asked is not None and not taken and (stored or asked.evaluated_value != self._key)
            )
        if isinstance(parent, cst.Attribute):
            call = context.parent(parent)
            if not isinstance(call, cst.Call) or call.func is not parent:
                return False
            if parent.attr.value == "update":
                return self._all_closed(call)
            first = call.args[0].value if call.args else None
            return (
                parent.attr.value in _READS
                and isinstance(first, cst.SimpleString)
                and (parent.attr.value == "setdefault" or first.evaluated_value != self._key)
            )
        merged = merged_into(parent)
        if merged is not None and merged is not load:
            return self._asked.ask(merged)
        return self._goes_to_init(parent)

    def _goes_to_init(self, at: cst.CSTNode | None) -> bool:
        while isinstance(at, cst.Arg | cst.StarredDictElement | cst.Dict | cst.IfExp):
            at = self._context.parent(at)
            if isinstance(at, cst.Call):
                if self._context.values.path(at.func) in TARGETS:
                    return True
                if not self._is_dict(at):
                    return False
                at = self._context.parent(at)
        return False


@remembered
def _mappings(context: Context, key: str) -> _Mappings:
    return _Mappings(context, key)


@remembered
def _exported(context: Context) -> frozenset[str]:
    """The names that `__all__` holds."""
    return frozenset(
        str(element.value.evaluated_value)
        for binding in context.scopes.module.bindings.get("__all__", ())
        if isinstance(binding.value, cst.List | cst.Tuple)
        for element in binding.value.elements
        if isinstance(element.value, cst.SimpleString)
    )
