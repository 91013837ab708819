"""Threads inherit data in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN509",
    name="threading-default-flip",
    kind="info",
    since="2.0.0",
    group="info",
    summary="A thread starts with the data of the code that starts it in 2.x",
    why=(
        "1.x gives a thread a copy of the main hub unless `propagate_hub` is on. In 2.x, events "
        "from threads have the tags and the transaction name of the request that started them; "
        "since 2.41, so do events from `ThreadPoolExecutor.submit()`."
    ),
    safety="No fix: `ThreadingIntegration(propagate_scope=False)` turns this off.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration(propagate_scope=True)\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Flags(
            "from sentry_sdk.integrations.threading import ThreadingIntegration\n"
            "ThreadingIntegration()\n",
            remedy="Pass `propagate_scope=False` to start threads without that data.",
        ),
    ),
)


@RULE.on("sentry_sdk.integrations.threading.ThreadingIntegration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and not use.call.args:
        yield context.finding(
            use, remedy="Pass `propagate_scope=False` to start threads without that data."
        )
