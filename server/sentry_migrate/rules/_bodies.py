"""What the body of a pushed scope does.

Owns the proof that `new_scope()` is enough for a `push_scope()` block: only setters on the yielded
scope and captures. A called helper may write to the isolation scope, so any call that is not known
to be harmless ends the proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._harmless import ATTRIBUTES, CAPTURES, GIVEN_SCOPE, MAY_HIDE, SETTERS
from sentry_migrate.rules._index import owned
from sentry_migrate.rules._plain import is_data, is_harmless, is_never_none
from sentry_migrate.syntax.bindings import walk
from sentry_migrate.syntax.tree import children
from sentry_migrate.syntax.value_types import Obj, is_nothing

_PUSHES = ("sentry_sdk.push_scope", "sentry_sdk.new_scope", "Hub.push_scope")


def obstacle(context: Context, parts: Sequence[cst.CSTNode], source: cst.CSTNode) -> str:
    """Why what runs in the block is not proved simple, in words; empty when it is.

    `source` is what yields the scope: the `push_scope()` call, or a callback's parameter.
    """
    key = ("obstacle", id(source))
    if key not in context.memory:
        proof = _Proof(context, parts, source)
        reasons = (proof.node_obstacle(node) for part in parts for node in executed(part))
        context.memory[key] = next(filter(None, reasons), "")
    return str(context.memory[key])


def executed(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Nodes whose code runs with the block: of functions defined in it, not the insides."""
    stack = [body]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, cst.FunctionDef):
            stack.extend((*node.decorators, *_defaults(node.params)))
        elif isinstance(node, cst.Lambda):
            stack.extend(_defaults(node.params))
        elif not isinstance(node, cst.ClassDef):
            stack.extend(children(node))


def _defaults(params: cst.Parameters) -> Iterator[cst.CSTNode]:
    for param in (*params.posonly_params, *params.params, *params.kwonly_params):
        if param.default is not None:
            yield param.default


def contains(body: cst.CSTNode, *kinds: type[cst.CSTNode]) -> bool:
    """Whether the block itself, not a function defined in it, has a node of these kinds."""
    return any(isinstance(node, kinds) for node in executed(body))


def awaits(node: cst.CSTNode) -> bool:
    """Whether other tasks may run while this node does, what it holds aside."""
    if isinstance(node, cst.With | cst.For | cst.CompFor):
        return node.asynchronous is not None
    return isinstance(node, cst.Await)


def pushed_body(context: Context, call: cst.Call) -> Sequence[cst.CSTNode]:
    """What runs with the pushed scope, when it is in view: later `with` items and the body."""
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        if isinstance(block, cst.With):
            index = list(block.items).index(holder)
            return [*block.items[index + 1 :], block.body]
    return ()


class _Proof:
    """One attempt to prove a block simple."""

    def __init__(self, context: Context, parts: Sequence[cst.CSTNode], source: cst.CSTNode) -> None:
        self._context = context
        self._source = source
        self._spans = [context.span(part) for part in parts]

    def node_obstacle(self, node: cst.CSTNode) -> str:
        """Why this node ends the proof; empty when it does not."""
        if awaits(node):
            return "the body awaits"
        if isinstance(node, cst.Yield):
            return "the body yields"
        if isinstance(node, cst.ClassDef | cst.Import | cst.ImportFrom | cst.Decorator):
            return "the body runs other code"
        if isinstance(node, cst.Call):
            return self._call_obstacle(node)
        if isinstance(node, cst.Name):
            return self._escape(node)
        if isinstance(node, cst.Attribute):
            return self._member_obstacle(node)
        if isinstance(node, cst.WithItem) and not isinstance(node.item, cst.Call):
            return f"the body enters `{self._context.code(node.item)}`, which may run other code"
        looped = _iterated(node)
        if looped is not None and not is_data(self._context, looped):
            return f"the body loops over `{self._context.code(looped)}`, which may run other code"
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
        if node.attr.value in MAY_HIDE and self._may_hide(node):
            return f"the body may hide outer data with `{node.attr.value} = None`"
        return ""

    def _may_hide(self, node: cst.Attribute) -> bool:
        """Whether the attribute may be set to None; to be read it is not made."""
        target = self._context.parent(node)
        assign = self._context.parent(target) if isinstance(target, cst.AssignTarget) else None
        return not isinstance(assign, cst.Assign) or not is_never_none(self._context, assign.value)

    def _call_obstacle(self, call: cst.Call) -> str:
        context = self._context
        name = context.code(call.func)
        trigger = context.values.trigger(call.func)
        kind, _, member = trigger.rpartition(".")
        if kind == "Scope":
            if member.removeprefix("set_") in MAY_HIDE and not (
                len(call.args) == 1 and is_never_none(context, call.args[0].value)
            ):
                return f"the body may hide outer data with `{member}(None)`"
            return "" if member in SETTERS else f"the body calls `{name}()`"
        if kind in ("sentry_sdk", "Hub") and member in CAPTURES:
            return self._given_obstacle(call, member)
        if trigger in _PUSHES:
            return self._inner_obstacle(call)
        if trigger or not is_harmless(context, call):
            return f"the body calls `{name}()`" + (
                "" if trigger else ", which may change the scope"
            )
        return ""

    def _inner_obstacle(self, call: cst.Call) -> str:
        """What is set on an isolation scope does not override what is set on a current one."""
        context = self._context
        body = pushed_body(context, call)
        sends = any(one.trigger.startswith("Scope.capture_") for one in owned(context, call))
        if not body or call.args or sends or obstacle(context, body, call):
            return "a block inside the body is not as simple"
        return ""

    def _given_obstacle(self, call: cst.Call, function: str) -> str:
        """Why the `scope` that a capture is given ends the proof: functions are called."""
        for index, arg in enumerate(call.args):
            if arg.keyword is None and not arg.star:
                given = index == GIVEN_SCOPE[function]
            else:
                given = arg.keyword is not None and arg.keyword.value == "scope"
            if given and not self._is_plain_scope(arg.value):
                return f"the body gives `{function}()` a scope that may be a function"
        return ""

    def _is_plain_scope(self, value: cst.BaseExpression) -> bool:
        if isinstance(value, cst.Lambda) and value.params.params:
            scope = value.params.params[0].name.value
            return not any(self._lambda_obstacle(node, scope) for node in walk(value.body))
        return is_nothing(value) or self._context.values.instance(value, "Scope") is not None

    def _lambda_obstacle(self, node: cst.CSTNode, scope: str) -> str:
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            owner = node.func.value
            if isinstance(owner, cst.Name) and owner.value == scope:
                return "" if node.func.attr.value in SETTERS - CAPTURES else "other members"
        return self.node_obstacle(node)


def _iterated(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What the node loops over, or takes apart."""
    if isinstance(node, cst.For | cst.CompFor):
        return node.iter
    if isinstance(node, cst.StarredElement | cst.StarredDictElement):
        return node.value
    if isinstance(node, cst.Arg) and node.star:
        return node.value
    if isinstance(node, cst.Assign):
        apart = any(isinstance(one.target, cst.Tuple | cst.List) for one in node.targets)
        return node.value if apart else None
    return None


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
