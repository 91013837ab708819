"""`Hub.current.scope` → `sentry_sdk.get_isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._configure import staying
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._hub import rewrite_member
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._variables import (
    PASSED_ON,
    ScopeVariable,
    reasons_of,
    route,
    variable_of,
)
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN210",
    name="hub-scope",
    kind="safe",
    summary="`hub.scope` is deprecated; take the scope with `get_isolation_scope()`",
    why=(
        "In 2.x `Hub.current.scope` gives the isolation scope and warns since 2.11; hubs are gone "
        "in 3.0. Spans and the transaction live on the current scope: reached through `hub.scope` "
        "they are None in 2.x."
    ),
    safety=(
        "Safe in place, with span and transaction access routed to the current scope. Not safe "
        "where the scope is kept or passed on, for the code that gets it may read its span, and "
        "for `clear()`, `capture_*()` and `add_breadcrumb()` of the scope."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.scope.set_tag('a', 'b')\n"),
        Ignores("def f(self):\n    self.hub.scope.set_tag('a', 'b')\n"),
        Rewrites(
            "from sentry_sdk import Hub\ndef f():\n    Hub.current.scope.set_tag('a', 'b')\n",
            "from sentry_sdk import get_isolation_scope\n"
            "def f():\n"
            "    get_isolation_scope().set_tag('a', 'b')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.Hub.current.scope.span is not None\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.get_current_scope().span is not None\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.Hub.current.scope)\n",
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.get_isolation_scope())\n",
            reason="passed on",
        ),
        Reports(
            "import sentry_sdk\nhub = sentry_sdk.Hub()\nhub.scope.set_tag('a', 'b')\n",
            remedy="switches the SDK off",
        ),
    ),
)


@RULE.on("Hub.scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    variable = variable_of(context, use.node)
    getter = "get_current_scope" if variable.only_routed else "get_isolation_scope"
    for draft in rewrite_member(
        context, use, lambda fix, at: fix.api(getter, at) + "()", f"Replace with `{getter}()`"
    ):
        if draft.fix is not None:
            try:
                _follow(context, use, draft.fix, variable)
            except NoName as error:
                yield context.finding(use, remedy=f"Use the current scope: {error}.")
                continue
        yield draft


def _follow(context: Context, use: Use, fix: FixDraft, variable: ScopeVariable) -> None:
    """Route the uses of the scope too; say why where it leaves the function. Raises NoName."""
    parent = context.parent(use.node)
    for reason in reasons_of(variable):
        fix.unsafe(reason)
    if variable.routed:
        for reason in staying(context, use, variable.routed):
            fix.unsafe(reason)
    if isinstance(parent, cst.Attribute):
        return
    if not isinstance(parent, cst.Assign | cst.AnnAssign) or any(
        one.owner is not None and one.owner.held != "local"
        for one in (*variable.routed, *variable.others)
    ):
        fix.unsafe(PASSED_ON)
    if not variable.only_routed:
        route(context, fix, variable.routed)
