"""Long values are not cut any more."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._defaults import inits_without
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN804",
    name="default-value-length",
    kind="info",
    summary="2.x does not cut long values any more",
    why=(
        "1.x cuts strings in events at 1024 characters, 2.34 at 100 000, and 2.61 not at all. "
        "Events grow, and issues may be grouped anew."
    ),
    safety="No fix: `max_value_length=1024` is what 1.x does.",
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
        Reports(
            "import sentry_sdk\nsentry_sdk.init()\n",
            remedy="max_value_length=1024",
        ),
    ),
)


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if inits_without(use, context, "max_value_length"):
        yield context.finding(use, remedy="Write `max_value_length=1024` to cut as before.")
