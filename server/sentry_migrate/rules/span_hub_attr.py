"""`span.hub` is `None` in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN407",
    name="span-hub-attr",
    kind="manual",
    summary="`span.hub` is `None` in 2.x",
    why="What is read from it raises `AttributeError: 'NoneType' object has no attribute …`.",
    safety="Nothing is rewritten: 1.x used the hub the span was started with.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    examples=(
        Ignores("def f(span):\n    return span.hub\n"),
        Ignores("import sentry_sdk\nprint(device.hub.client)\n"),
        Reports(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='db') as span:\n"
            "    span.hub.capture_message('x')\n",
            remedy="get_client",
        ),
    ),
)


@RULE.on("Span.hub", "Transaction.hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        remedy=(
            "Call the top-level function (`sentry_sdk.capture_message()`), or take the client with "
            "`sentry_sdk.get_client()`."
        ),
    )
