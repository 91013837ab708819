"""Long values are no longer truncated."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.default_arguments import inits_without
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN804",
    name="default-value-length",
    kind="info",
    group="info",
    summary="2.x no longer truncates long values",
    why=(
        "1.x truncates strings in events to 1,024 characters, 2.34 to 100,000, and 2.61 not at "
        "all. Events become larger, and issues may be grouped differently."
    ),
    safety="No fix: `max_value_length=1024` restores the behaviour of 1.x.",
    link=DETAILED_GUIDE,
    since="2.34.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\nsentry_sdk.init(max_value_length=1024)\n",
        ),
        Ignores(
            "import sentry_sdk\ndef f(**options):\n    sentry_sdk.init(**options)\n",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init()\n",
            remedy="Pass `max_value_length=1024` to truncate as before.",
        ),
    ),
)


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if inits_without(use, context, "max_value_length"):
        yield context.finding(use, remedy="Pass `max_value_length=1024` to truncate as before.")
