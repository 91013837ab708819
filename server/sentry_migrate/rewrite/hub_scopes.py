"""`hub.scope` → the scope of 2.x that has what is used of it.

Owns choosing between the isolation and the current scope, and following the variable that takes it.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import PASSED_SCOPE
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import uses_at
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.given_scopes import only_sets
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.rewrite.active_hubs import rewrite_member
from sentry_migrate.rewrite.configure_scope import staying
from sentry_migrate.rewrite.scope_uses import ScopeVariable, doubts_of, route, variable_of
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use


def scope_of_hub(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `hub.scope`."""
    variable = variable_of(context, use.node)
    getter = "get_current_scope" if variable.only_routed else "get_isolation_scope"
    for draft in rewrite_member(
        context, use, lambda fix, at: fix.api(getter, at) + "()", f"Replace with `{getter}()`"
    ):
        if draft.fix is not None:
            try:
                _follow(context, use, draft.fix, variable)
            except NoName as error:
                yield context.finding(
                    use,
                    remedy=by_hand(error, "Use `sentry_sdk.get_current_scope()`."),
                )
                continue
        yield draft


@remembered
def hub_scope_fix(context: Context, node: cst.CSTNode) -> FixDraft | None:
    """The fix of the finding for the `hub.scope` at `node`."""
    use = next((one for one in uses_at(context, node) if one.trigger == "Hub.scope"), None)
    drafts = list(scope_of_hub(context, use)) if use is not None else []
    return drafts[0].fix if drafts else None


def _follow(context: Context, use: Use, fix: FixDraft, variable: ScopeVariable) -> None:
    """Route the uses of the scope too; say why where it leaves the function. Raises NoName."""
    parent = context.parent(use.node)
    if not variable.only_routed:
        fix.unsafe(timing_of(context, use.node).doubt)
    for doubt in doubts_of(context, variable):
        fix.unsafe(doubt)
    if variable.routed:
        for doubt in staying(context, variable.routed):
            fix.unsafe(doubt)
    if isinstance(parent, cst.Attribute):
        return
    if not (isinstance(parent, cst.Assign | cst.AnnAssign) or only_sets(context, use.node)) or any(
        one.owner is not None and one.owner.held != "local"
        for one in (*variable.routed, *variable.others)
    ):
        fix.unsafe(PASSED_SCOPE)
    if not variable.only_routed:
        route(context, fix, variable.routed, once=True)
