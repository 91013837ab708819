"""`sentry_sdk.last_event_id()`, which 2.x keeps by isolation scope."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN120",
    name="last-event-id-of-a-scope",
    kind="info",
    group="info",
    summary=(
        "`last_event_id()` does not return IDs of events captured in an isolation scope that has "
        "ended"
    ),
    why=(
        "`last_event_id()` reads the isolation scope: the ID of an event captured inside "
        "`isolation_scope()` is lost after the block."
    ),
    safety="No fix: the function still exists.",
    link=DETAILED_GUIDE,
    since="2.2.0",
    replaced_since="2.4.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import last_event_id\nlast_event_id()\n"),
        Ignores("import sentry_sdk\nprint(stream.last_event_id)\n"),
        Ignores("import sentry_sdk\nlast_event_id = sentry_sdk.capture_message('x')\n"),
        Flags(
            "import sentry_sdk\nprint(sentry_sdk.last_event_id())\n",
            remedy="Keep the ID that `capture_*()` returns instead.",
        ),
        Ignores("import sentry_sdk\nsentry_sdk.last_event_id()\n", sdk_version="2.0"),
    ),
)


@RULE.on("sentry_sdk.last_event_id")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None and isinstance(context.parent(use.node), cst.Attribute):
        return
    yield context.finding(use, remedy="Keep the ID that `capture_*()` returns instead.")
