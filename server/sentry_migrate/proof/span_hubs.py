"""Where code gives a span its hub, and where it reads that of a span.

2.x has one only for a span that was given it, and keeps such a span on the isolation scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.doubts import Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.plan_words import SPAN_HUB
from sentry_migrate.project.sdk_members import SPANS
from sentry_migrate.proof.classes import Class, Classes, all_members
from sentry_migrate.sdk.value_types import Obj

_HUB = "hub"
MAKERS = (
    *("sentry_sdk.start_span", "sentry_sdk.start_transaction"),
    *("sentry_sdk.tracing.Span", "sentry_sdk.tracing.Transaction"),
    *("Hub.start_span", "Hub.start_transaction", "Scope.start_span", "Scope.start_transaction"),
    *("Span.start_child", "Span.new_span", "Transaction.start_child", "Transaction.new_span"),
)
"""What makes spans and takes `hub=`."""


def read_of_spans(context: Context) -> Doubt | None:
    """Why a span still needs the hub that it is given: something may read it."""
    place = context.elsewhere(SPAN_HUB)
    reason = f"{place} reads `hub` of what may be this span, and gets `None` without `hub=`"
    return differs(reason) if place else None


def readers(context: Context) -> Iterator[cst.CSTNode]:
    """What reads `hub` of something that is not known to be anything but a span."""
    if _HUB not in context.tree.text:
        return
    for node in context.tree.nodes(cst.Attribute):
        stored = isinstance(context.parent(node), cst.AssignTarget | cst.AnnAssign)
        if node.attr.value == _HUB and not stored and _may_be_span(context, node.value):
            yield node
    for arg in context.tree.nodes(cst.Arg):
        named = isinstance(arg.value, cst.SimpleString) and arg.value.evaluated_value == _HUB
        call = context.parent(arg)
        if named and isinstance(call, cst.Call) and _reads(call, arg):
            yield call


def _reads(call: cst.Call, arg: cst.Arg) -> bool:
    """Whether a call may read the attribute that an argument names, as `getattr` does."""
    called = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    name = called.value if isinstance(called, cst.Name) else ""
    return name == "attrgetter" or (name == "getattr" and call.args.index(arg) == 1)


def _may_be_span(context: Context, owner: cst.BaseExpression) -> bool:
    value = context.values.of(owner)
    if isinstance(value, Obj):
        return value.type in SPANS
    if context.values.path(owner):
        return False
    if isinstance(owner, cst.Name):
        bindings = context.scopes.reaching(owner)
        if bindings and all(isinstance(one.statement, cst.Import) for one in bindings):
            return False
    own = Classes.of(context).of_receiver(owner)
    if own is None:
        return True
    given = _given_hubs(context)
    return own not in given and not all_members(Classes.of(context).family(own)[0], _HUB)


@remembered
def _given_hubs(context: Context) -> Collection[Class | None]:
    """The classes whose instances the text gives an attribute of this name."""
    stored = context.scopes.attributes.get(_HUB, ())
    return {Classes.of(context).of_receiver(target.value) for target, _ in stored}
