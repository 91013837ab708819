"""A bare `push_scope()` call, a stored one, and `pop_scope_unsafe()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.executed import pushed_body
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.callback_scope_uses import callback_of
from sentry_migrate.sdk.names import PUSHES
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN105",
    name="push-scope-without-with",
    kind="manual",
    summary=(
        "`push_scope()` has no effect in 2.x until it is entered, and `pop_scope_unsafe()` fails"
    ),
    messages=(
        "`…` has no effect in 2.x until it is entered",
        "`…` fails in 2.x, where only a block pushes a scope",
    ),
    why=(
        "1.x pushes the scope when `push_scope()` is called. 2.x does nothing until `__enter__`, "
        "so a bare call isolates nothing, and `pop_scope_unsafe()` raises `AssertionError`."
    ),
    safety="No fix: only a person can say which code the scope should cover.",
    link=GUIDE + "#scope-pushing",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import push_scope\npush_scope()\n"),
        Ignores("import sentry_sdk\nwith sentry_sdk.push_scope():\n    pass\n"),
        Ignores("import sentry_sdk\nstack.enter_context(sentry_sdk.push_scope())\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.push_scope()\nsentry_sdk.set_tag('a', 'b')\n",
            remedy=(
                "Move the code that the scope is for into `with sentry_sdk.isolation_scope():`, "
                "or enter `isolation_scope()` in an `ExitStack` that is closed where the scope "
                "was popped."
            ),
        ),
        Flags(
            "from sentry_sdk import Hub\nHub.current.pop_scope_unsafe()\n",
            remedy=(
                "Move the code that the scope is for into `with sentry_sdk.isolation_scope():`, "
                "or enter `isolation_scope()` in an `ExitStack` that is closed where the scope "
                "was popped."
            ),
        ),
    ),
)

_REMEDY = (
    "Move the code that the scope is for into `with sentry_sdk.isolation_scope():`, or enter "
    "`isolation_scope()` in an `ExitStack` that is closed where the scope was popped."
)


@RULE.on(*PUSHES)
def check_push(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None or callback_of(call) is not None or pushed_body(context, call):
        return
    if entering(context.tree, call) is not None:
        return
    if isinstance(context.parent(call), cst.Expr):
        message = "`push_scope()` has no effect in 2.x until it is entered"
        yield context.finding(use, remedy=_REMEDY, message=message)


@RULE.on("Hub.pop_scope_unsafe")
def check_pop(use: Use, context: Context) -> Iterator[Draft]:
    message = "`pop_scope_unsafe()` fails in 2.x, where only a block pushes a scope"
    yield context.finding(use, remedy=_REMEDY, message=message)
