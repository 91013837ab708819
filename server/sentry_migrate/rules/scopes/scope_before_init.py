"""`configure_scope()` before `init()`: dropped in 1.x, kept in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import BEFORE_INIT
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN108",
    name="scope-before-init",
    kind="info",
    group="info",
    summary="Data set before `init()` was dropped in 1.x and is kept in 2.x",
    why=(
        "Without a client, 1.x yields a scope that is thrown away; 2.x always yields the live "
        "scope."
    ),
    safety="No fix: move the code after `init()`, or accept that it now has an effect.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import configure_scope, init\nconfigure_scope()\ninit()\n"),
        Ignores(
            "import sentry_sdk\n"
            "sentry_sdk.init()\n"
            "with sentry_sdk.configure_scope() as scope:\n"
            "    scope.set_tag('a', 'b')\n"
        ),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.configure_scope() as scope:\n"
            "    scope.set_tag('a', 'b')\n"
            "sentry_sdk.init()\n",
            remedy="Move this code after `init()` if it should have an effect in 1.x too.",
        ),
    ),
)


@RULE.on("sentry_sdk.configure_scope", "Hub.configure_scope", "Hub.scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if timing_of(context, use.node).doubt == BEFORE_INIT:
        yield context.finding(
            use, remedy="Move this code after `init()` if it should have an effect in 1.x too."
        )
