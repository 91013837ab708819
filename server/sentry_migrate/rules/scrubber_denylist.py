"""`EventScrubber(denylist=...)`: part of the default list moved."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN512",
    name="scrubber-denylist",
    kind="info",
    summary="`DEFAULT_DENYLIST` holds no keys of addresses since 2.14; they are in another list",
    why=(
        "`DEFAULT_PII_DENYLIST` holds them, and a scrubber applies it unless it is made with "
        "`send_default_pii=True`. What the scrubber takes out by default is the same. The "
        "constructor extends the very list it is given."
    ),
    safety="No fix: pass `pii_denylist=` for a list of your own.",
    link="https://docs.sentry.io/platforms/python/data-management/sensitive-data/",
    since="2.14.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from sentry_sdk.scrubber import EventScrubber\nEventScrubber(recursive=True)\n"),
        Ignores("from mine import EventScrubber\nimport sentry_sdk\nEventScrubber(denylist=[])\n"),
        Reports(
            "from sentry_sdk.scrubber import DEFAULT_DENYLIST, EventScrubber\n"
            "EventScrubber(denylist=DEFAULT_DENYLIST + ['pin'])\n",
            remedy="pii_denylist",
        ),
        Reports(
            "from sentry_sdk.scrubber import EventScrubber\nEventScrubber(['pin'])\n",
            remedy="copy",
        ),
    ),
)


@RULE.on("sentry_sdk.scrubber.EventScrubber")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for index, arg in enumerate(use.call.args if use.call else ()):
        if (arg.keyword is None and not index) or (arg.keyword and arg.keyword.value == "denylist"):
            yield context.finding(
                use,
                remedy="Give keys of addresses as `pii_denylist=`, and a copy of a list that is "
                "used elsewhere too.",
            )
            return
