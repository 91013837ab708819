"""A bare `push_scope()` call, a stored one, and `pop_scope_unsafe()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._bodies import pushed_body
from sentry_migrate.rules._callback_scope import callback_of
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rule
from sentry_migrate.rules._variables import entered_at
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN105",
    name="push-scope-without-with",
    kind="manual",
    summary="A scope is pushed without `with`; 2.x forks it only where it is entered",
    why=(
        "1.x pushes the scope when `push_scope()` is called; 2.x does nothing before `__enter__`, "
        "so a bare call isolates nothing, and `pop_scope_unsafe()` raises `AssertionError`."
    ),
    safety="There is no fix: what the scope should cover is for a person to say.",
    link=GUIDE + "#scope-pushing",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import push_scope\npush_scope()\n"),
        Ignores("import sentry_sdk\nwith sentry_sdk.push_scope():\n    pass\n"),
        Ignores("import sentry_sdk\nstack.enter_context(sentry_sdk.push_scope())\n"),
        Reports(
            "import sentry_sdk\nsentry_sdk.push_scope()\nsentry_sdk.set_tag('a', 'b')\n",
            remedy="isolation_scope",
        ),
        Reports(
            "from sentry_sdk import Hub\nHub.current.pop_scope_unsafe()\n",
            remedy="isolation_scope",
        ),
    ),
)

_REMEDY = (
    "Put the code that the scope is for in `with sentry_sdk.isolation_scope():`, or enter it in an "
    "`ExitStack` that is closed where the scope was popped."
)


@RULE.on("sentry_sdk.push_scope", "Hub.push_scope")
def check_push(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None or callback_of(call) is not None or pushed_body(context, call):
        return
    if entered_at(context, call) is not None:
        return
    if isinstance(context.parent(call), cst.Expr):
        yield context.finding(use, remedy=_REMEDY)


@RULE.on("Hub.pop_scope_unsafe")
def check_pop(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(use, remedy=_REMEDY)
