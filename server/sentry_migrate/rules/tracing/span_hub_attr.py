"""`span.hub` is `None` in 2.x, unless the span was made with `hub=`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN407",
    name="span-hub-attr",
    kind="manual",
    summary="`span.hub` is `None` in 2.x, unless the span was made with `hub=`",
    why=(
        "Only a span that was given `hub=` has a hub, and 3.0 will have neither. Reading anything "
        "from `None` raises `AttributeError: 'NoneType' object has no attribute …`."
    ),
    safety="No fix: 1.x used the hub that the span was started with.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("def f(span):\n    return span.hub\n"),
        Ignores("import sentry_sdk\nprint(device.hub.client)\n"),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='db') as span:\n"
            "    span.hub.capture_message('x')\n",
            remedy=(
                "Call the top-level function, such as `sentry_sdk.capture_message()`, or use "
                "`sentry_sdk.get_client()`. Then `hub=` can go where the span is made."
            ),
        ),
    ),
)


@RULE.on("Span.hub", "Transaction.hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        remedy=(
            "Call the top-level function, such as `sentry_sdk.capture_message()`, or use "
            "`sentry_sdk.get_client()`. Then `hub=` can go where the span is made."
        ),
    )
