"""What the body of a pushed scope does.

Owns the proof that `new_scope()` is enough for a `push_scope()` block: only setters on the yielded
scope and captures. A called helper may write to the isolation scope, so any call that is not known
to be harmless ends the proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._harmless import (
    ATTRIBUTES,
    BUILTINS,
    CAPTURES,
    PURE_METHODS,
    PURE_MODULES,
    SETTERS,
)
from sentry_migrate.syntax.bindings import first_name
from sentry_migrate.syntax.tree import children
from sentry_migrate.syntax.value_types import Obj, is_nothing


def obstacle(context: Context, parts: Sequence[cst.CSTNode], source: cst.CSTNode) -> str:
    """Why what runs in the block is not proved simple, in words; empty when it is.

    `source` is what yields the scope: the `push_scope()` call, or a callback's parameter.
    """
    proof = _Proof(context, parts, source)
    for part in parts:
        for node in _executed(part):
            reason = proof.node_obstacle(node)
            if reason:
                return reason
    return ""


def _executed(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Nodes whose code runs with the block: not the insides of functions defined in it."""
    stack = [body]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            stack.extend(children(node))


class _Proof:
    """One attempt to prove a block simple."""

    def __init__(self, context: Context, parts: Sequence[cst.CSTNode], source: cst.CSTNode) -> None:
        self._context = context
        self._source = source
        self._spans = [context.span(part) for part in parts]

    def node_obstacle(self, node: cst.CSTNode) -> str:
        """Why this node ends the proof; empty when it does not."""
        if isinstance(node, cst.Call):
            return self._call_obstacle(node)
        if isinstance(node, cst.Await):
            return "the body awaits"
        if isinstance(node, cst.Yield):
            return "the body yields"
        if isinstance(node, cst.ClassDef | cst.Import | cst.ImportFrom):
            return "the body runs other code"
        if isinstance(node, cst.Name):
            return self._escape(node)
        if isinstance(node, cst.Attribute):
            return self._member_obstacle(node)
        if isinstance(node, cst.Assign):
            return self._assignment_obstacle(node)
        return ""

    def _is_own(self, owner: Obj) -> bool:
        """Whether the scope is the block's own, or one that is pushed inside the block."""
        if owner.node is self._source:
            return True
        if owner.node is None or owner.origin != "pushed":
            return False
        at = self._context.span(owner.node)[0]
        return any(start <= at < end for start, end in self._spans)

    def _escape(self, node: cst.Name) -> str:
        value = self._context.value(node)
        if not isinstance(value, Obj) or value.type != "Scope":
            return ""
        parent = self._context.parent(node)
        if isinstance(parent, cst.Attribute | cst.AsName | cst.AssignTarget):
            return ""
        return "" if is_capture_argument(self._context, node) else "the body passes the scope on"

    def _member_obstacle(self, node: cst.Attribute) -> str:
        owner = self._context.values.instance(node.value, "Scope")
        if owner is None:
            return ""
        if not self._is_own(owner):
            return "the body writes to a scope that was taken outside of it"
        if node.attr.value not in SETTERS | ATTRIBUTES:
            return f"the body uses `{node.attr.value}` of the scope"
        return ""

    def _assignment_obstacle(self, node: cst.Assign) -> str:
        for target in node.targets:
            attribute = target.target
            if (
                isinstance(attribute, cst.Attribute)
                and attribute.attr.value == "user"
                and is_nothing(node.value)
                and self._context.values.instance(attribute.value, "Scope")
            ):
                return "the body hides outer data with `user = None`"
        return ""

    def _call_obstacle(self, call: cst.Call) -> str:
        context = self._context
        name = context.code(call.func)
        trigger = context.values.trigger(call.func)
        if trigger.startswith("Scope."):
            member = trigger.partition(".")[2]
            if member == "set_user" and call.args and is_nothing(call.args[0].value):
                return "the body hides outer data with `set_user(None)`"
            return "" if member in SETTERS else f"the body calls `{name}()`"
        if trigger.rpartition(".")[2] in CAPTURES and trigger.startswith(("sentry_sdk.", "Hub.")):
            return ""
        if trigger in ("sentry_sdk.push_scope", "sentry_sdk.new_scope", "Hub.push_scope"):
            return ""
        if trigger:
            return f"the body calls `{name}()`"
        if isinstance(call.func, cst.Name):
            if call.func.value in BUILTINS and not context.scopes.reaching(call.func):
                return ""
        elif isinstance(call.func, cst.Attribute):
            if call.func.attr.value in PURE_METHODS or _is_library(context, call.func):
                return ""
        return f"the body calls `{name}()`, which may change the scope"


def is_capture_argument(context: Context, node: cst.Name) -> bool:
    """Whether the scope is given to a capture function as `scope=`, which only reads its data."""
    arg = context.parent(node)
    if not isinstance(arg, cst.Arg) or arg.keyword is None or arg.keyword.value != "scope":
        return False
    call = context.parent(arg)
    if not isinstance(call, cst.Call):
        return False
    trigger = context.values.trigger(call.func)
    return trigger.rpartition(".")[2] in CAPTURES and trigger.startswith("sentry_sdk.")


def _is_library(context: Context, node: cst.BaseExpression) -> bool:
    first = first_name(node)
    bindings = context.scopes.reaching(first) if first is not None else ()
    return bool(bindings) and all(
        binding.kind == "import" and binding.path.split(".", 1)[0] in PURE_MODULES
        for binding in bindings
    )


def contains(body: cst.CSTNode, *kinds: type[cst.CSTNode]) -> bool:
    """Whether the block itself, not a function defined in it, has a node of these kinds."""
    return any(isinstance(node, kinds) for node in _executed(body))
