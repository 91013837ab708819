"""`Scope().capture_message()` sends in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._arguments import keyword
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN115",
    name="scope-capture-without-client",
    kind="info",
    summary="capturing with a scope of one's own sends an event in 2.x",
    why="1.x returned `None` where no client was given; 2.x sends with the active client.",
    safety="Nothing to change if an event is wanted.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import Scope\nScope().capture_message('x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.capture_message('x')\n"),
        Ignores(
            "from sentry_sdk import Scope\ndef f(c):\n    Scope().capture_message('x', client=c)\n"
        ),
        Reports("from sentry_sdk import Scope\nScope().capture_message('x')\n", remedy="Delete"),
    ),
)


@RULE.on("Scope.capture_event", "Scope.capture_message", "Scope.capture_exception")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or use.owner is None or use.owner.origin != "made":
        return
    if keyword(use.call, "client") is None:
        yield context.finding(use, remedy="Delete the call if nothing is to be sent.")
