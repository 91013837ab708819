"""Code that asks which sentry-sdk it runs on, and must be left alone.

Owns recognising version tests and the spans they guard: both branches of an `if`, the rest of a
block after an early exit, both sides of an import fallback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.python.flow import MANY
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree, children
from sentry_migrate.sdk.fallbacks import Fallbacks
from sentry_migrate.sdk.value_types import Ref, is_nothing
from sentry_migrate.sdk.values import Values
from sentry_migrate.text.spans import Span

_VERSIONS = ("sentry_sdk.VERSION", "sentry_sdk.consts.VERSION", "sentry_sdk.__version__")
_ANSWERS = (
    cst.Comparison,
    cst.Call,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.Attribute,
    cst.Subscript,
    cst.Tuple,
)
_Subject: TypeAlias = (
    "cst.CSTNode | Sequence[Binding] | Sequence[tuple[cst.Attribute, cst.BaseExpression | None]]"
)
_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_VERSION_NAMES = re.compile(r"\b(?:VERSION|__version__|version|SENTRY_SDK_VERSION)\b")
_SPELLED = re.compile(r"\b(?:VERSION|__version__)\b|[\"']sentry[-_]sdk")
"""What a text spells that asks for the version: by its name, or by that of the package."""
_FEATURE_TESTS = ("hasattr", "getattr")


def guarded_spans(tree: Tree, scopes: Scopes, values: Values) -> list[Span]:
    """The spans (code points) of guarded code, which supports 1.x and 2.x on purpose."""
    fallbacks = Fallbacks(tree, values)
    guards = _Guards(tree, scopes, values, fallbacks)
    exits: list[cst.CSTNode] = [
        node for node in tree.nodes(cst.Try) if fallbacks.needs_newer(node) and _is_last(node)
    ]
    whole: list[cst.CSTNode] = [*filter(fallbacks.chooses, tree.nodes(cst.Try))]
    if guards.may_ask():
        exits += (node for node in tree.nodes(cst.If) if guards.asks(node.test) and _is_exit(node))
        exits += (node for node in tree.nodes(cst.Assert) if guards.asks(node.test))
        whole += _asking(tree, guards)
    return [*map(tree.span, whole), *_after(tree, exits), *_others(tree, guards)]


def _asking(tree: Tree, guards: _Guards) -> Iterator[cst.CSTNode]:
    """What is chosen by an answer, and what a decorator chooses."""
    yield from (node for node in tree.nodes(cst.If) if guards.asks(node.test))
    yield from (node for node in tree.nodes(cst.IfExp) if guards.asks(node.test))
    yield from (node for node in tree.nodes(cst.Match) if guards.asks(node.subject))
    yield from (node for node in tree.nodes(cst.BooleanOperation) if guards.asks(node.left))
    definitions: list[cst.FunctionDef | cst.ClassDef] = []
    definitions += tree.nodes(cst.FunctionDef)
    definitions += tree.nodes(cst.ClassDef)
    for node in definitions:
        if any(guards.asks(one.decorator) for one in node.decorators):
            yield node


class _Guards:
    def __init__(self, tree: Tree, scopes: Scopes, values: Values, fallbacks: Fallbacks) -> None:
        self._tree = tree
        self._scopes = scopes
        self._values = values
        self._asking = Questions(self._asks, False, True, STEPS * len(tree.text))
        self._fallbacks = fallbacks
        self._returns: dict[int, list[cst.CSTNode]] | None = None

    def may_ask(self) -> bool:
        """Whether anything in the text asks: what others are worked out from."""
        names = self._values.reexported.origins
        if _SPELLED.search(self._tree.text) or any(one in _VERSIONS for one in names):
            return True
        loads = (load for name in _FEATURE_TESTS for load in self._scopes.loads.get(name, ()))
        calls = (self._tree.parent(load) for load in loads)
        return any(isinstance(one, cst.Call) and self._feature_test(one) for one in calls)

    def asks(self, test: cst.CSTNode) -> bool:
        """Whether an expression depends on the SDK's version or on what it offers."""
        return self._asking.ask(test)

    def is_newer(self, test: cst.CSTNode) -> bool:
        """Whether a name tells if an import of something that only 2.x has succeeded."""
        return isinstance(test, cst.Name) and any(
            binding.kind in ("import", "assign")
            and self._fallbacks.imports_newer(self._tree.enclosing(binding.node, cst.Try))
            for binding in self._scopes.reaching(test)
        )

    def _asks(self, subject: _Subject) -> bool:
        """Of a node: whether a part of it asks. Of a function: whether it returns an answer. Of
        bindings, and of what an attribute is given: whether one is an answer."""
        if isinstance(subject, cst.FunctionDef):
            return any(map(self.asks, self._returned(subject)))
        if isinstance(subject, cst.CSTNode):
            return self._asks_here(subject) or any(map(self._asking.ask, children(subject)))
        return any(
            self._holds(one) or self._makes(one)
            if isinstance(one, Binding)
            else self._answers(one[1])
            for one in subject
        )

    def _asks_here(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call):
            return self._feature_test(node) or self._version_call(node) or self._function_asks(node)
        if isinstance(node, cst.Attribute | cst.Name) and self._values.path(node) in _VERSIONS:
            return True
        if isinstance(node, cst.Attribute):
            stores = self._scopes.attributes.get(node.attr.value)
            return (
                stores is not None and isinstance(node.value, cst.Name) and self._asking.ask(stores)
            )
        return isinstance(node, cst.Name) and self._any(self._holds, node)

    def _any(self, is_so: Callable[[Binding], bool], name: cst.Name) -> bool:
        """Whether it is so of what a name can mean; of many bindings it is asked once."""
        bindings = self._scopes.reaching(name)
        return self._asking.ask(bindings) if len(bindings) > MANY else any(map(is_so, bindings))

    def _holds(self, binding: Binding) -> bool:
        """Whether a variable holds an answer."""
        return binding.kind == "assign" and self._answers(binding.value)

    def _makes(self, binding: Binding) -> bool:
        """Whether a name is that of a function that returns an answer."""
        return isinstance(binding.node, cst.FunctionDef) and self.asks(binding.node)

    def _answers(self, value: cst.CSTNode | None) -> bool:
        """Whether a variable with this value holds the answer to a version test."""
        return isinstance(value, _ANSWERS) and self.asks(value)

    def _function_asks(self, call: cst.Call) -> bool:
        """`is_v2()`, a function of this module that returns the answer."""
        return isinstance(call.func, cst.Name) and self._any(self._makes, call.func)

    def _returned(self, function: cst.FunctionDef) -> Sequence[cst.CSTNode]:
        """What a function returns that may be an answer, and the functions inside it, as a function
        that asks nowhere but in those is taken for one that asks."""
        if self._returns is None:
            self._returns = {}
            inner: list[tuple[cst.CSTNode, cst.CSTNode | None]] = []
            inner += ((one, one.value) for one in self._tree.nodes(cst.Return))
            inner += ((one, one) for one in self._tree.nodes(cst.FunctionDef))
            for node, what in inner:
                holder = self._tree.enclosing(node, cst.FunctionDef)
                if isinstance(what, (*_ANSWERS, cst.FunctionDef)):
                    self._returns.setdefault(id(holder), []).append(what)
        return self._returns.get(id(function), ())

    def _feature_test(self, call: cst.Call) -> bool:
        """`hasattr(sentry_sdk, "x")` and `getattr(sentry_sdk, "x", default)`."""
        if not (isinstance(call.func, cst.Name) and call.func.value in _FEATURE_TESTS):
            return False
        if len(call.args) == 3 and self._values.read(call) is not None:
            return False  # both versions have that
        return bool(call.args) and isinstance(self._values.of(call.args[0].value), Ref)

    def _version_call(self, call: cst.Call) -> bool:
        """`version("sentry-sdk")` by whatever name."""
        func = call.func
        last = func.attr if isinstance(func, cst.Attribute) else func
        name = last.value if isinstance(last, cst.Name) else self._tree.code(last)
        if not _VERSION_NAMES.search(name) and name not in ("get_distribution", "require"):
            return False
        return any(
            isinstance(arg.value, cst.SimpleString)
            and str(arg.value.evaluated_value).replace("_", "-").startswith("sentry-sdk")
            for arg in call.args
        )


def _is_exit(branch: cst.If) -> bool:
    """Whether what follows the statement is its other branch."""
    return branch.orelse is None and _leaves(branch.body)


def _is_last(attempt: cst.Try) -> bool:
    """Whether what follows the statement is not reached if nothing fails."""
    success = attempt.orelse.body if attempt.orelse is not None else attempt.body
    return _leaves(success) or _leaves(attempt.body)


def _after(tree: Tree, exits: Iterable[cst.CSTNode]) -> Iterator[Span]:
    """What follows statements that leave the block on 1.x or on 2.x."""
    for node in exits:
        statement = tree.statement(node)
        holder = tree.parent(statement)
        if isinstance(holder, cst.IndentedBlock | cst.Module):
            yield tree.span(statement)[1], tree.span(holder.body[-1])[1]


def _others(tree: Tree, guards: _Guards) -> Iterator[Span]:
    """The branches that run where an import of something that only 2.x has failed.

    The other branch stays visible: the flag may as well mean that sentry_sdk is there at all.
    """
    for branch in tree.nodes(cst.If):
        test, negated = _polarity(branch.test)
        if not guards.is_newer(test):
            continue
        if negated:
            yield tree.span(branch.body)
        elif branch.orelse is not None:
            yield tree.span(branch.orelse)
        elif _is_exit(branch):
            yield from _after(tree, [branch])
    for choice in tree.nodes(cst.IfExp):
        test, negated = _polarity(choice.test)
        if guards.is_newer(test):
            yield tree.span(choice.body if negated else choice.orelse)
    for either in tree.nodes(cst.BooleanOperation):
        if isinstance(either.operator, cst.Or) and guards.is_newer(either.left):
            yield tree.span(either.right)


def _polarity(test: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    """What is tested, and whether for absence: `not x`, `x is None`."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression, True
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        only = test.comparisons[0]
        if is_nothing(only.comparator):
            return test.left, isinstance(only.operator, cst.Is | cst.Equal)
    return test, False


def _leaves(body: cst.BaseSuite) -> bool:
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, _EXITS)
