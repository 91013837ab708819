"""What a callback does with the scope that `configure_scope()` or `push_scope()` gives it.

Owns finding the callback, its parameter and who gives it a scope; routing its uses of the span and
transaction, and the doubts that they give rise to. Refuses to know how the call is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import CURRENT_SCOPE, PASSED_SCOPE, Doubt
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import owned
from sentry_migrate.proof.given_scopes import only_sets
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.proof.library import ROUTED
from sentry_migrate.rewrite.configure_scope import staying
from sentry_migrate.rewrite.scope_uses import member_doubts, member_of, route
from sentry_migrate.sdk.uses import Use

UNSEEN = PASSED_SCOPE.about(
    "the callback isn't visible here and may read the scope's span or transaction"
)
CALLED_TOO = CURRENT_SCOPE.about(
    "the callback is called with other scopes too and uses their span or transaction"
)


def callback_of(call: cst.Call) -> cst.BaseExpression | None:
    """The callback argument, positional or `callback=`."""
    for arg in call.args:
        if not arg.star and (arg.keyword is None or arg.keyword.value == "callback"):
            return arg.value
    return None


def function_of(context: Context, callback: cst.BaseExpression) -> cst.FunctionDef | None:
    """The function of this module that the callback is; None when it is not visible."""
    if isinstance(callback, cst.Name):
        bindings = context.scopes.reaching(callback)
        if len(bindings) == 1 and isinstance(bindings[0].node, cst.FunctionDef):
            return bindings[0].node
    return None


def parameter_of(callback: cst.Lambda | cst.FunctionDef) -> cst.Param | None:
    """The parameter that gets the scope."""
    params = [*callback.params.posonly_params, *callback.params.params]
    return params[0] if params else None


def callback_doubts(context: Context, callback: cst.Lambda | cst.FunctionDef) -> Iterator[Doubt]:
    """What the callback does with the scope that 2.x does differently, whichever scope it is."""
    param = parameter_of(callback)
    if param is not None:
        reads = context.scopes.reads_of_variable(param)
        yield from member_doubts({member_of(context, read) for read in reads})


def uses_of(context: Context, param: cst.Param) -> Sequence[Use]:
    """The uses of the scope that a parameter is known to hold."""
    return owned(context, param)


def route_function(context: Context, fix: FixDraft, use: Use, callback: cst.BaseExpression) -> None:
    """Send the callback's span and transaction access to the current scope. Raises NoName."""
    function = function_of(context, callback)
    param = parameter_of(function) if function is not None else None
    if function is None or param is None:
        fix.unsafe(UNSEEN)
        return
    uses = uses_of(context, param)
    route(context, fix, [one for one in uses if one.trigger.partition(".")[2] in ROUTED])
    # Where the function is called elsewhere too, the parameter's uses are unknown: read the names.
    reads = context.scopes.reads_of_variable(param)
    if any(
        not isinstance(context.parent(read), cst.Attribute) and not only_sets(context, read)
        for read in reads
    ):
        fix.unsafe(UNSEEN)
    if any(member_of(context, read) in ROUTED for read in reads):
        for doubt in staying(context, uses):
            fix.unsafe(doubt)
        if not _only_a_callback(context, function):
            fix.unsafe(CALLED_TOO)


def calls_given(
    context: Context, callback: cst.Lambda | cst.FunctionDef
) -> Iterator[cst.Call | None]:
    """Each call that gets the callback; None for another use of it."""
    reads: Sequence[cst.CSTNode] = [callback]
    if isinstance(callback, cst.FunctionDef):
        reads = context.scopes.reads_of_definition(callback)
    for read in reads:
        arg = context.parent(read)
        call = context.parent(arg) if isinstance(arg, cst.Arg) else None
        made = context.values.instance(call, "Manager")
        yield call if isinstance(call, cst.Call) and made is not None else None


def _only_a_callback(context: Context, function: cst.FunctionDef) -> bool:
    """Whether the function is read only where `configure_scope()`, or `push_scope()`, gets it."""
    made = [context.values.instance(call, "Manager") for call in calls_given(context, function)]
    origins = {one.origin if one is not None else "" for one in made}
    return len(origins) == 1 and "" not in origins


def routing_doubts(context: Context, use: Use) -> Iterator[Doubt]:
    """Why a member may not be sent to the current scope, other than what `route()` finds."""
    yield from staying(context, [use])
    for call in _managers(context, use.owner.node if use.owner is not None else None):
        if use.owner is not None and use.owner.origin == "configure":
            doubt = timing_of(context, call).doubt
            if doubt is not None:
                yield doubt


def _managers(context: Context, source: cst.CSTNode | None) -> list[cst.Call]:
    """The `configure_scope()` calls the scope comes from, by `with` or as a callback's argument."""
    if isinstance(source, cst.Call):
        return [source]
    holder = context.tree.enclosing(source, cst.Lambda, cst.FunctionDef) if source else None
    if not isinstance(source, cst.Param) or not isinstance(holder, cst.Lambda | cst.FunctionDef):
        return []
    return [call for call in calls_given(context, holder) if call is not None]
