"""`Hub()` switches the SDK off in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN222",
    name="hub-new-empty",
    kind="manual",
    summary="`Hub()` without a client switches the SDK off for the whole process in 2.x",
    why=(
        "In 1.x it made a hub without a client. In 2.x constructing it sets the global client to "
        "None: nothing is sent from then on, and nothing says so."
    ),
    safety="There is no fix: whether the object was needed at all is for a person to say.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nhub = Hub()\n"),
        Ignores("import sentry_sdk\nhub = sentry_sdk.Hub(sentry_sdk.Client())\n"),
        Ignores("import sentry_sdk\nscope = sentry_sdk.Scope()\n"),
        Reports("import sentry_sdk\nhub = sentry_sdk.Hub()\n", remedy="sentry_sdk.Scope()"),
        Reports("from sentry_sdk import Hub\nwith Hub(None):\n    pass\n", remedy="Delete"),
    ),
)


@RULE.on("sentry_sdk.Hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None:
        return
    hub = context.values.instance(use.call, "Hub")
    if hub is not None and hub.origin == "empty":
        yield context.finding(
            use, remedy="Delete it, or use `sentry_sdk.Scope()` if only a scope was wanted."
        )
