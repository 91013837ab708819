"""`Scope().capture_message()` sends in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN115",
    name="scope-capture-without-client",
    kind="info",
    since="2.0.0",
    group="info",
    summary="Capturing with a separate `Scope` object sends an event in 2.x",
    why="1.x returned `None` if no client was passed; 2.x sends the event with the active client.",
    safety="Nothing to change if you want the event to be sent.",
    link=DETAILED_GUIDE,
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("from mylib import Scope\nScope().capture_message('x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.capture_message('x')\n"),
        Ignores(
            "from sentry_sdk import Scope\ndef f(c):\n    Scope().capture_message('x', client=c)\n"
        ),
        Flags(
            "from sentry_sdk import Scope\nScope().capture_message('x')\n",
            remedy="Delete the call if nothing should be sent.",
        ),
    ),
)


@RULE.on(*(f"Scope.{name}" for name in CAPTURES))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or use.owner is None or use.owner.origin != "made":
        return
    if keyword(use.call, "client") is None:
        yield context.finding(use, remedy="Delete the call if nothing should be sent.")
