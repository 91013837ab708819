"""What a hub in the code stands for in 2.x.

Owns judging whether the hub an expression means is the one that is active where it stands. 2.x has
no hub object: a member becomes a function that works on the scopes active at the call.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT, OTHER_HUB, Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.hub_activation import RESUMED, activates, activations, since
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.sdk.given_arguments import arguments
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

STORED = OTHER_HUB.about(
    "the hub was obtained elsewhere; 1.x uses that hub, 2.x uses the scopes that are active here"
)
PARAMETER = OTHER_HUB.about(
    "the hub comes from the caller; 1.x uses that hub, 2.x uses the scopes that are active here"
)
EITHER = OTHER_HUB.about(
    "the hub is one that a caller gives, or `Hub.current` where none does; if none ever does, "
    "remove that choice, else take two scopes in place of the hub, and make both active for what "
    "it did"
)
SEVERAL = OTHER_HUB.about(
    "the hub was made elsewhere, or is one of several; keep two scopes for each, and make both "
    "active for what the hub did, with `use_isolation_scope(scope), use_scope(current_scope)`"
)
OWN_CLIENT = ONE_CLIENT.about(
    "the hub's client may differ from the client of the scope that is active here"
)


@dataclass(frozen=True, slots=True)
class HubStatus:
    """Whether a hub's members have counterparts here."""

    known: bool
    """Whether there is a rewrite at all."""
    doubt: Doubt | None = None
    """Why the rewrite is not safe, or why there is none."""


def hub_status(context: Context, use: Use) -> HubStatus:
    """Judge the hub that owns the member `use`."""
    hub = use.owner
    assert hub is not None
    return judge(context, hub, use.node)


def of_scope(context: Context, scope: Obj) -> HubStatus:
    """Judge the hub whose scope this is, by `hub.scope` or `hub.configure_scope()`; any other scope
    is of the active hub."""
    source = scope.node.func if isinstance(scope.node, cst.Call) else scope.node
    hub = source.value if isinstance(source, cst.Attribute) else None
    value = context.values.instance(hub, "Hub")
    return HubStatus(True) if value is None or hub is None else judge(context, value, hub)


def judge(context: Context, hub: Obj, node: cst.CSTNode) -> HubStatus:
    """Judge a hub met at `node`."""
    if hub.origin == "current":
        if hub.held == "inline":
            return HubStatus(True)
        if hub.held == "local":
            return HubStatus(True, since(context, hub.via.at, node) if hub.via else None)
        return HubStatus(True, STORED)
    if hub.origin == "either":
        return _without(EITHER)
    if hub.origin == "param":
        return HubStatus(True, _since_given(context, hub, node) if hub.held == "param" else STORED)
    if hub.origin in ("clone", "clone-scope", "client", "given", "element"):
        entered = _entered(context, hub, node)
        if entered is not None:
            given = OWN_CLIENT if hub.origin == "given" else None
            return HubStatus(True, given or entered.doubt)
    if hub.origin in ("clone", "clone-scope"):
        return _without(
            differs("it needs forks of both scopes, active here; see `hub-clone-object`")
        )
    if hub.origin in ("client", "given"):
        has = "has its" if hub.origin == "client" else "may have its"
        return _without(differs(f"the hub {has} own client; see `hub-custom-client`"))
    if hub.origin == "main":
        return _without(OTHER_HUB.about("2.x has no main hub; see `hub-main`"))
    if hub.origin == "element":
        return _without(SEVERAL)
    if hub.origin == "empty":
        return _without(differs("`Hub()` disables the SDK in 2.x; see `hub-new-empty`"))
    return _without(OTHER_HUB.about("a span has no hub in 2.x; see `span-hub-attr`"))


def _since_given(context: Context, hub: Obj, node: cst.CSTNode) -> Doubt | None:
    """Why the hub that a parameter holds may not be the active one at `node`."""
    param = hub.node
    function = context.function(node)
    if (
        not isinstance(param, cst.Param)
        or not isinstance(function, cst.FunctionDef)
        or context.parent(context.parent(param) or param) is not function
        or not _active_hubs(context).ask(param)
    ):
        return PARAMETER
    return since(context, context.span(function)[0], node)


@remembered
def _active_hubs(context: Context) -> Questions[cst.CSTNode, bool]:
    """Whether all calls of its function give a parameter the hub that is active there."""
    asked: Questions[cst.CSTNode, bool] = Questions(
        lambda param: isinstance(param, cst.Param) and _is_given_active(context, param),
        True,
        False,
        STEPS * len(context.tree.text),
    )
    return asked


def _is_given_active(context: Context, param: cst.Param) -> bool:
    function = context.parent(context.parent(param) or param)
    if not isinstance(function, cst.FunctionDef) or param.default is not None:
        return False
    own = context.scopes.bound_by(function)
    if (
        own is None
        or own.scope.kind == "class"
        or len(own.scope.bindings[own.name]) > 1
        or (own.scope is context.scopes.module and context.imports.is_interface(own))
        or function.asynchronous is not None
        or function.decorators
        or contains(function.body, cst.Yield)
    ):
        return False
    calls = arguments(context.tree, context.scopes, function, param) or {}
    return bool(calls) and all(_is_active_at(context, arg.value) for arg in calls.values())


def _is_active_at(context: Context, given: cst.BaseExpression) -> bool:
    hub = context.values.instance(given, "Hub")
    if hub is None or hub.origin not in ("clone", "clone-scope", "current", "param"):
        return False
    status = judge(context, hub, given)
    return status.known and status.doubt is None


def _without(doubt: Doubt) -> HubStatus:
    """There is no rewrite."""
    return HubStatus(False, doubt)


def cloned(context: Context, call: cst.Call) -> HubStatus:
    """Judge the hub that `Hub(hub)` clones: 2.x forks the scopes that are active here."""
    hub = context.values.instance(call.args[0].value, "Hub")
    assert hub is not None
    return judge(context, hub, call.args[0].value)


def comes_along(context: Context, hub: cst.BaseExpression) -> bool:
    """Whether a hub is a parameter of a function that is passed on, as to a thread: there, other
    scopes are active than where the hub is from."""
    first = hub.left if isinstance(hub, cst.BooleanOperation) else hub
    bindings = context.scopes.reaching(first) if isinstance(first, cst.Name) else ()
    function = bindings[0].scope.node if bindings and bindings[0].kind == "param" else None
    if not isinstance(function, cst.FunctionDef):
        return False
    name = function.name.value
    methods = (one for one in context.tree.nodes(cst.Attribute) if one.attr.value == name)
    for read in (*context.scopes.reads_of_definition(function), *methods):
        around = context.parent(read)
        if isinstance(around, cst.Arg | cst.Element):
            return True
    return False


def _entered(context: Context, hub: Obj, node: cst.CSTNode) -> HubStatus | None:
    """The status where `hub` is that of the innermost `with hub:` around the node; else None."""
    around = activations(context, node)
    if not around:
        return None
    if hub.via is not None and hub.via.kind == "with":
        named = around[0] is context.tree.enclosing(hub.via.node, cst.With)
        return HubStatus(True) if named else None
    start, end = context.span(around[0])
    before = [one for one in around[0].items if context.span(one)[1] <= context.span(node)[0]]
    item = next(one for one in reversed(before) if activates(context, one.item))
    entered = context.values.instance(item.item, "Hub")
    if (
        entered is None
        or hub.node is None
        or entered.node is not hub.node
        or start <= context.span(hub.node)[0] < end
        or not _is_same(context, item.item, node)
    ):
        return None
    doubt = since(context, context.span(item)[1], node)
    return HubStatus(True, doubt) if doubt in (None, RESUMED) else None


def _is_same(context: Context, entered: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether a variable, or an attribute of one, is what `node` is, or is a member of."""
    if isinstance(node, cst.Attribute) and context.values.instance(node, "Hub") is None:
        node = node.value
    while isinstance(entered, cst.Attribute) and isinstance(node, cst.Attribute):
        if entered.attr.value != node.attr.value:
            return False
        entered, node = entered.value, node.value
    return (
        isinstance(entered, cst.Name)
        and isinstance(node, cst.Name)
        and entered.value == node.value
        and list(context.scopes.reaching(entered)) == list(context.scopes.reaching(node))
    )


def explain(status: HubStatus) -> str:
    """Why a member has no rewrite, as a sentence."""
    reason = status.doubt.reason if status.doubt else ""
    return reason[:1].upper() + reason[1:] + "."
