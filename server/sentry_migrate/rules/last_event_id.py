"""`sentry_sdk.last_event_id()` is back since 2.2."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN118",
    name="last-event-id",
    kind="info",
    summary="`last_event_id()` does not see events of an isolation scope that was left",
    why=(
        "It is missing in 2.0 and 2.1, came back in 2.2, and reads the isolation scope: an id "
        "captured inside `isolation_scope()` is gone after the block."
    ),
    safety="Nothing is rewritten: the function still exists.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import last_event_id\nlast_event_id()\n"),
        Ignores("import sentry_sdk\nprint(stream.last_event_id)\n"),
        Ignores("import sentry_sdk\nlast_event_id = sentry_sdk.capture_message('x')\n"),
        Reports("import sentry_sdk\nprint(sentry_sdk.last_event_id())\n", remedy="returned"),
        Reports(
            "from sentry_sdk import last_event_id\nprint(last_event_id())\n",
            remedy="2.2",
            sdk_version="2.0",
        ),
    ),
)


@RULE.on("sentry_sdk.last_event_id")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None and isinstance(context.parent(use.node), cst.Attribute):
        return
    if context.at_least(2, 2):
        yield context.finding(use, remedy="Better keep the id that `capture_*()` returned.")
        return
    yield context.finding(
        use,
        remedy="Keep the id that `capture_*()` returned, or require sentry-sdk 2.2.",
        message="`last_event_id()` is missing in sentry-sdk 2.0 and 2.1",
        severity=Severity.ERROR,
    )
