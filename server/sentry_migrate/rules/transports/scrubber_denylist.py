"""`EventScrubber(denylist=...)`: part of the default list moved."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN512",
    name="scrubber-denylist",
    kind="info",
    group="info",
    summary=(
        "The keys for IP addresses moved from `DEFAULT_DENYLIST` to `DEFAULT_PII_DENYLIST` in 2.14"
    ),
    why=(
        "A scrubber applies `DEFAULT_PII_DENYLIST` unless it is created with "
        "`send_default_pii=True`. What the scrubber removes by default is unchanged. The "
        "constructor extends the list object that it is given."
    ),
    safety="No fix: pass your own list as `pii_denylist=`.",
    link="https://docs.sentry.io/platforms/python/data-management/sensitive-data/",
    since="2.14.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from sentry_sdk.scrubber import EventScrubber\nEventScrubber(recursive=True)\n"),
        Ignores("from mine import EventScrubber\nimport sentry_sdk\nEventScrubber(denylist=[])\n"),
        Flags(
            "from sentry_sdk.scrubber import DEFAULT_DENYLIST, EventScrubber\n"
            "EventScrubber(denylist=DEFAULT_DENYLIST + ['pin'])\n",
            remedy=(
                "Pass the keys for IP addresses as `pii_denylist=`, and pass a copy of any list "
                "that is used elsewhere."
            ),
        ),
        Flags(
            "from sentry_sdk.scrubber import EventScrubber\nEventScrubber(['pin'])\n",
            remedy=(
                "Pass the keys for IP addresses as `pii_denylist=`, and pass a copy of any list "
                "that is used elsewhere."
            ),
        ),
    ),
)


@RULE.on("sentry_sdk.scrubber.EventScrubber")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for index, arg in enumerate(use.call.args if use.call else ()):
        if (arg.keyword is None and not index) or (arg.keyword and arg.keyword.value == "denylist"):
            yield context.finding(
                use,
                remedy=(
                    "Pass the keys for IP addresses as `pii_denylist=`, and pass a copy of any "
                    "list that is used elsewhere."
                ),
            )
            return
