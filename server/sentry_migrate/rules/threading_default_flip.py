"""Threads inherit data in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN509",
    name="threading-default-flip",
    kind="info",
    summary="A thread of 2.x begins with the data of the code that starts it",
    why=(
        "1.x gives a thread a copy of the main hub, unless `propagate_hub` is on. In 2.x events "
        "from threads have the tags and the transaction name of the request that started them; "
        "since 2.41 so do those of `ThreadPoolExecutor.submit()`."
    ),
    safety="No fix: `ThreadingIntegration(propagate_scope=False)` switches it off.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_scope=True)\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Reports(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration()\n",
            remedy="propagate_scope=False",
        ),
    ),
)


@RULE.on("sentry_sdk.integrations.threading.ThreadingIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and not use.call.args:
        yield context.finding(use, remedy="Write `propagate_scope=False` to keep threads apart.")
