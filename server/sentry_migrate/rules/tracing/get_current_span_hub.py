"""`get_current_span(hub)` → `get_current_span()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import SAFE_TO_REMOVE, hub_argument, remove
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN411",
    name="get-current-span-hub",
    kind="conditional",
    summary="`get_current_span()` no longer accepts a hub",
    why="2.x raises `AttributeError` for a hub passed by position and `TypeError` for `hub=`.",
    safety=SAFE_TO_REMOVE,
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import get_current_span\nget_current_span(hub=1)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.get_current_span()\n"),
        Ignores("import sentry_sdk\ndef f(scope):\n    sentry_sdk.get_current_span(scope)\n"),
        Rewrites(
            "from sentry_sdk import Hub, get_current_span, start_span\n"
            "def f():\n"
            "    with start_span(op='db'):\n"
            "        get_current_span(Hub.current).set_tag('a', 'b')\n",
            "from sentry_sdk import get_current_span, start_span\n"
            "def f():\n"
            "    with start_span(op='db'):\n"
            "        get_current_span().set_tag('a', 'b')\n",
        ),
        Flags(
            "import sentry_sdk\ndef f(hub):\n    return sentry_sdk.get_current_span(hub=hub)\n",
            remedy="Remove the argument if it is the current hub; if not, pass the scope.",
        ),
    ),
)


@RULE.on("sentry_sdk.get_current_span")
def check(use: Use, context: Context) -> Iterator[Draft]:
    given = hub_argument(context, use.call) if use.call is not None else None
    if use.call is None or given is None:
        return
    if given.safe:
        fix = context.fix("Remove the hub argument").add([remove(context, use.call, given.arg)])
        yield context.finding(use, fix)
    else:
        yield context.finding(
            use, remedy="Remove the argument if it is the current hub; if not, pass the scope."
        )
