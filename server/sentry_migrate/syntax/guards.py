"""Code that asks which sentry-sdk it runs on, and must be left alone.

Owns recognising version tests and the spans they guard: both branches of an `if`, the rest of a
block after an early exit, both sides of an import fallback.
"""

from __future__ import annotations

import re

import libcst as cst

from sentry_migrate.syntax.bindings import dotted, walk
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.spans import Span
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import Ref
from sentry_migrate.syntax.values import Values

_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_VERSION_NAMES = re.compile(r"\b(?:VERSION|__version__|version|SENTRY_SDK_VERSION)\b")
_QUICK = re.compile(r"hasattr|getattr|VERSION|version|except")


def guarded_spans(tree: Tree, scopes: Scopes, values: Values) -> list[Span]:
    """The spans (code points) in which both SDK lines are supported on purpose."""
    if not _QUICK.search(tree.text):
        return []
    guards = _Guards(tree, scopes, values)
    spans: list[Span] = []
    for branch in tree.nodes(cst.If):
        if guards.asks(branch.test):
            spans.append(tree.span(branch))
            rest = _after(tree, branch)
            if rest is not None:
                spans.append(rest)
    for choice in tree.nodes(cst.IfExp):
        if guards.asks(choice.test):
            spans.append(tree.span(choice))
    for either in tree.nodes(cst.BooleanOperation):
        if guards.asks(either.left):
            spans.append(tree.span(either))
    for attempt in tree.nodes(cst.Try):
        if _chooses_import(attempt) or _falls_back(tree, values, attempt):
            spans.append(tree.span(attempt))
    return spans


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

    def _asks_here(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call):
            return self._feature_test(node) or self._version_call(node)
        if isinstance(node, cst.Attribute):
            path = self._values.path(node)
            return path in (
                "sentry_sdk.VERSION",
                "sentry_sdk.consts.VERSION",
                "sentry_sdk.__version__",
            )
        if isinstance(node, cst.Name):
            if self._values.path(node) == "sentry_sdk.consts.VERSION":
                return True
            return any(
                binding.kind == "assign"
                and binding.value is not None
                and isinstance(
                    binding.value,
                    cst.Comparison
                    | cst.Call
                    | cst.BooleanOperation
                    | cst.UnaryOperation
                    | cst.Attribute
                    | cst.Subscript
                    | cst.Tuple,
                )
                and self.asks(binding.value)
                for binding in self._scopes.reaching(node)
            )
        return False

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


def _after(tree: Tree, branch: cst.If) -> Span | None:
    """What follows a guard whose body leaves the block: it is the other branch."""
    if branch.orelse is not None or not _leaves(branch.body):
        return None
    holder = tree.parent(branch)
    if not isinstance(holder, cst.IndentedBlock | cst.Module):
        return None
    return tree.span(branch)[1], tree.span(holder.body[-1])[1]


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


_NEWER = frozenset(
    [
        "get_isolation_scope",
        "get_current_scope",
        "get_global_scope",
        "new_scope",
        "isolation_scope",
        "get_client",
        "is_initialized",
    ]
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
