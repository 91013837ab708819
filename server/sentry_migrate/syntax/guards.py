"""Code that asks which sentry-sdk it runs on, and must be left alone.

Owns recognising version tests and the spans they guard: both branches of an `if`, the rest of a
block after an early exit, both sides of an import fallback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import libcst as cst

from sentry_migrate.syntax.bindings import dotted, walk
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.spans import Span
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import Ref, is_nothing
from sentry_migrate.syntax.values import Values

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
_NEWER = frozenset(
    (
        *("new_scope", "isolation_scope", "get_client", "is_initialized"),
        *("get_isolation_scope", "get_current_scope", "get_global_scope"),
    )
)
_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_VERSION_NAMES = re.compile(r"\b(?:VERSION|__version__|version|SENTRY_SDK_VERSION)\b")
_QUICK = re.compile(r"hasattr|getattr|VERSION|version|except")


def guarded_spans(tree: Tree, scopes: Scopes, values: Values) -> list[Span]:
    """The spans (code points) in which both SDK lines are supported on purpose."""
    if not _QUICK.search(tree.text):
        return []
    guards = _Guards(tree, scopes, values)
    definitions: list[cst.FunctionDef | cst.ClassDef] = []
    definitions += tree.nodes(cst.FunctionDef)
    definitions += tree.nodes(cst.ClassDef)
    whole = [
        *(node for node in tree.nodes(cst.If) if guards.asks(node.test)),
        *(node for node in tree.nodes(cst.IfExp) if guards.asks(node.test)),
        *(node for node in tree.nodes(cst.Match) if guards.asks(node.subject)),
        *(node for node in tree.nodes(cst.BooleanOperation) if guards.asks(node.left)),
        *(
            node
            for node in tree.nodes(cst.Try)
            if _chooses_import(node) or _falls_back(tree, values, node)
        ),
        *(
            node
            for node in definitions
            if any(guards.asks(one.decorator) for one in node.decorators)
        ),
    ]
    exits = [
        *(node for node in tree.nodes(cst.If) if guards.asks(node.test) and _is_exit(node)),
        *(node for node in tree.nodes(cst.Assert) if guards.asks(node.test)),
    ]
    return [*map(tree.span, whole), *_after(tree, exits), *_others(tree, guards)]


class _Guards:
    def __init__(self, tree: Tree, scopes: Scopes, values: Values) -> None:
        self._tree = tree
        self._scopes = scopes
        self._values = values
        self._busy: set[int] = set()

    def asks(self, test: cst.CSTNode) -> bool:
        """Whether an expression depends on the SDK's version or on what it offers."""
        if id(test) in self._busy:
            return False
        self._busy.add(id(test))
        found = any(self._asks_here(node) for node in walk(test))
        self._busy.discard(id(test))
        return found

    def is_newer(self, test: cst.CSTNode) -> bool:
        """Whether a name tells if an import of something that only 2.x has succeeded."""
        return isinstance(test, cst.Name) and any(
            binding.kind in ("import", "assign")
            and _imports_newer(self._tree.enclosing(binding.node, cst.Try))
            for binding in self._scopes.reaching(test)
        )

    def _asks_here(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call):
            return self._feature_test(node) or self._version_call(node) or self._function_asks(node)
        if isinstance(node, cst.Attribute | cst.Name) and self._values.path(node) in _VERSIONS:
            return True
        if isinstance(node, cst.Attribute):
            stores = self._scopes.attributes.get(node.attr.value, ())
            return isinstance(node.value, cst.Name) and any(
                self._answers(value) for _, value in stores
            )
        return isinstance(node, cst.Name) and any(
            binding.kind == "assign" and self._answers(binding.value)
            for binding in self._scopes.reaching(node)
        )

    def _answers(self, value: cst.CSTNode | None) -> bool:
        """Whether a variable with this value holds the answer to a version test."""
        return isinstance(value, _ANSWERS) and self.asks(value)

    def _function_asks(self, call: cst.Call) -> bool:
        """`is_v2()`, a function of this module that returns the answer."""
        if not isinstance(call.func, cst.Name):
            return False
        return any(
            isinstance(node, cst.Return) and self._answers(node.value)
            for binding in self._scopes.reaching(call.func)
            if isinstance(binding.node, cst.FunctionDef)
            for node in walk(binding.node.body)
        )

    def _feature_test(self, call: cst.Call) -> bool:
        """`hasattr(sentry_sdk, "x")` and `getattr(sentry_sdk, "x", default)`."""
        if not (isinstance(call.func, cst.Name) and call.func.value in ("hasattr", "getattr")):
            return False
        return bool(call.args) and isinstance(self._values.of(call.args[0].value), Ref)

    def _version_call(self, call: cst.Call) -> bool:
        """`version("sentry-sdk")` by whatever name."""
        name = self._tree.code(call.func).rsplit(".", 1)[-1]
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


def _after(tree: Tree, exits: Iterable[cst.CSTNode]) -> Iterator[Span]:
    """What follows statements that leave the block for one of the SDK lines."""
    for node in exits:
        statement = tree.statement(node)
        holder = tree.parent(statement)
        if isinstance(holder, cst.IndentedBlock | cst.Module):
            yield tree.span(statement)[1], tree.span(holder.body[-1])[1]


def _others(tree: Tree, guards: _Guards) -> Iterator[Span]:
    """The branches that run where an import of something that only 2.x has failed.

    The other branch stays in view: the flag may as well mean that sentry_sdk is there at all.
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


def _imports_newer(attempt: cst.Try | None) -> bool:
    """`try: from sentry_sdk import new_scope`."""
    return attempt is not None and any(
        isinstance(node, cst.ImportFrom)
        and not isinstance(node.names, cst.ImportStar)
        and all(dotted(alias.name) in _NEWER for alias in node.names)
        for node in _sentry_imports(attempt.body)
    )


def _leaves(body: cst.BaseSuite) -> bool:
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, _EXITS)


def _chooses_import(attempt: cst.Try) -> bool:
    """`try: from sentry_sdk import new_scope / except ImportError: from sentry_sdk import …`."""
    return bool(_sentry_imports(attempt.body)) and any(
        _sentry_imports(handler.body) for handler in attempt.handlers
    )


def _falls_back(tree: Tree, values: Values, attempt: cst.Try) -> bool:
    """`try: sentry_sdk.new_scope … / except AttributeError:` older code."""
    if not any(
        handler.type is None or "AttributeError" in tree.code(handler.type)
        for handler in attempt.handlers
    ):
        return False
    return any(
        isinstance(node, cst.Attribute)
        and node.attr.value in _NEWER
        and isinstance(values.of(node), Ref)
        for node in walk(attempt.body)
    )


def _sentry_imports(body: cst.CSTNode) -> list[cst.CSTNode]:
    return [
        node
        for node in walk(body)
        if (
            isinstance(node, cst.ImportFrom)
            and node.module is not None
            and dotted(node.module).split(".", 1)[0] == "sentry_sdk"
        )
        or (
            isinstance(node, cst.Import)
            and any(dotted(alias.name).split(".", 1)[0] == "sentry_sdk" for alias in node.names)
        )
    ]
