"""What the body of a pushed scope does.

Owns the proof that `new_scope()` is enough for a `push_scope()` block: only setters on the yielded
scope and captures. Code that may write to the isolation scope ends the proof, also where it runs
behind an operation, in a function that is called, or while an event is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sentry_migrate.doubts import FOREIGN_VALUES, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import owned
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import EVENT_CALLBACK, STACKTRACE
from sentry_migrate.proof.data_types import is_never_none
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.executed import Inner, awaits, own, pushed_body
from sentry_migrate.proof.library import MAY_HIDE, PUSHED
from sentry_migrate.python.bindings import walk
from sentry_migrate.sdk.names import CAPTURES, PUSHES
from sentry_migrate.sdk.value_types import Obj, is_nothing

BLOCK, CALLBACK = "the block", "the callback"
"""What reasons speak of."""
_NOT_SIMPLE = "a nested block does more than set data on the scope"
_FORKS = (*PUSHES, "sentry_sdk.new_scope")


@remembered
def obstacle(
    context: Context,
    parts: Sequence[cst.CSTNode],
    source: cst.CSTNode,
    foreign: bool,
    subject: str = BLOCK,
) -> str:
    """Why what runs in the block is not proved simple, in words; empty when it is.

    `source` is what yields the scope: the `push_scope()` call, or a callback's parameter. With
    `foreign`, it is not assumed that values of foreign classes run nothing, see `Effects.of`.
    `subject` is BLOCK or CALLBACK.
    """
    if anytime := Effects.of(context).anytime():
        return f"{subject} {anytime}"
    proof = _Proof(context, parts, source, foreign, subject)
    reasons = (
        proof.block_obstacle(node.call) if isinstance(node, Inner) else proof.node_obstacle(node)
        for node in own(context, parts)
    )
    return _deleted(context, subject) or next(filter(None, reasons), "")


def obstacle_or_doubt(
    context: Context,
    parts: Sequence[cst.CSTNode],
    source: cst.CSTNode,
    subject: str = BLOCK,
) -> tuple[str, Doubt | None]:
    """As `obstacle`; and where the proof rests on an assumption, that. What nobody assumes is an
    obstacle."""
    why = obstacle(context, parts, source, False, subject)
    if why or not obstacle(context, parts, source, True, subject):
        return why, None
    if FOREIGN_VALUES.code not in context.settings.assumed:
        return f"{subject} {FOREIGN_VALUES.reason}", None
    return "", FOREIGN_VALUES


class _Proof:
    """One attempt to prove a block simple."""

    def __init__(
        self,
        context: Context,
        parts: Sequence[cst.CSTNode],
        source: cst.CSTNode,
        foreign: bool,
        subject: str,
    ) -> None:
        self._context = context
        self._foreign = foreign
        self._effects = Effects.of(context, foreign)
        self._source = source
        self._subject = subject
        self._outside = f"{subject} writes to a scope from outside {subject}"
        self._start = context.span(parts[0])[0] if parts else 0
        self._end = context.span(parts[-1])[1] if parts else 0

    def node_obstacle(self, node: cst.CSTNode) -> str:
        """Why this node ends the proof; empty when it does not."""
        if awaits(node):
            return self._does("awaits")
        if isinstance(node, cst.Yield):
            return self._does("yields")
        if isinstance(node, cst.Call):
            return self._call_obstacle(node)
        if isinstance(node, cst.Name):
            return self._escape(node)
        if isinstance(node, cst.Attribute) and self._context.values.instance(node.value, "Scope"):
            return self._member_obstacle(node)
        if isinstance(node, cst.Attribute) and self._context.values.trigger(node):
            return ""  # asked where it is called
        return self._does(self._effects.node(node))

    def _does(self, what: str) -> str:
        """The reason that the block does something; empty for nothing."""
        return f"{self._subject} {what}" if what else ""

    def _is_own(self, owner: Obj) -> bool:
        """Whether the scope is the block's own, or one that is pushed inside the block."""
        if owner.node is self._source:
            return True
        if owner.node is None or owner.origin != "pushed":
            return False
        return self._start <= self._context.span(owner.node)[0] < self._end

    def _escape(self, node: cst.Name) -> str:
        value = self._context.value(node)
        if not isinstance(value, Obj) or value.type != "Scope":
            return ""
        parent = self._context.parent(node)
        if isinstance(parent, cst.Attribute | cst.AsName | cst.AssignTarget):
            return ""
        if is_capture_argument(self._context, node) or self._is_followed(value, parent):
            return ""
        return self._does("passes the scope on")

    def _is_followed(self, scope: Obj, arg: cst.CSTNode | None) -> bool:
        """Whether the block's own scope is given to a function of which all is known."""
        call = self._context.parent(arg) if isinstance(arg, cst.Arg) else None
        if not isinstance(call, cst.Call) or not self._is_own(scope):
            return False
        return not self._context.values.trigger(call.func) and not self._effects.node(call)

    def _member_obstacle(self, node: cst.Attribute) -> str:
        owner = self._context.values.instance(node.value, "Scope")
        if owner is None:
            return ""
        if not self._is_own(owner):
            return self._outside
        if node.attr.value not in PUSHED:
            return self._does(f"uses the scope's `{node.attr.value}`")
        if node.attr.value in MAY_HIDE and self._may_hide(node):
            return self._does(f"may hide outer data with `{node.attr.value} = None`")
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
                return self._does(f"may hide outer data with `{member}(None)`")
            if member not in PUSHED:
                return self._does(f"calls `{name}()`")
            registered = self._effects.registered(call, member)
            return self._does(registered or self._effects.serialized(call))
        if kind in ("sentry_sdk", "Hub") and member in CAPTURES:
            return self._given_obstacle(call, member) or self._sending_obstacle(call, member)
        if trigger in _FORKS:
            return self._inner_obstacle(call)
        if trigger:
            return self._does(f"calls `{name}()`")
        return self._does(self._effects.node(call))

    def _sending_obstacle(self, call: cst.Call, function: str) -> str:
        """Why what runs while the event is sent ends the proof."""
        shown = function == "capture_exception" or self._context.elsewhere(STACKTRACE)
        if shown and (reason := self._effects.of_members("__repr__")):
            return self._does(f"sends local variables, whose `__repr__` {reason}")
        place = self._context.elsewhere(EVENT_CALLBACK)
        if place:
            return self._does(f"sends an event, which runs a callback in {place}")
        return self._does(self._effects.serialized(call))

    def _inner_obstacle(self, call: cst.Call) -> str:
        """What is set on an isolation scope does not override what is set on a current one."""
        context = self._context
        body = pushed_body(context, call)
        sends = any(use.calls(CAPTURES) for use in owned(context, call))
        if not body or call.args or sends or self._within(body, call):
            return _NOT_SIMPLE
        return ""

    def block_obstacle(self, call: cst.Call) -> str:
        """Why what runs with a scope that is pushed inside ends the proof."""
        reason = self._within(pushed_body(self._context, call), call)
        return _NOT_SIMPLE if reason == self._outside else reason

    def _within(self, body: Sequence[cst.CSTNode], call: cst.Call) -> str:
        return obstacle(self._context, body, call, self._foreign, self._subject)

    def _given_obstacle(self, call: cst.Call, function: str) -> str:
        """Why the `scope` that a capture is given ends the proof: functions are called."""
        for index, arg in enumerate(call.args):
            if arg.keyword is None and not arg.star:
                given = index == CAPTURES[function]
            else:
                given = arg.keyword is not None and arg.keyword.value == "scope"
            if given and not self._is_plain_scope(arg.value):
                return self._does(f"passes `{function}()` a value that may be a function")
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
                return "" if node.func.attr.value in PUSHED - CAPTURES.keys() else "other members"
        return self.node_obstacle(node)


def _deleted(context: Context, subject: str) -> str:
    """Why objects that go away at any time end every proof."""
    reason = Effects.of(context).of_members("__del__")
    return (
        f"objects that are deleted while {subject} runs may do more: `__del__` {reason}"
        if reason
        else ""
    )


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
