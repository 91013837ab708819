"""`span.finish(hub)` → `span.finish()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import (
    SAFE_TO_REMOVE,
    hub_argument,
    name_it,
    positional,
    remove,
)
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN406",
    name="finish-hub",
    kind="conditional",
    summary="`finish()` no longer accepts a hub",
    why=(
        "In 2.x, `Span.finish(hub=…)` raises `TypeError`. A hub passed by position raises "
        "`AttributeError` from 2.51 on, and `Transaction.finish()` has warned since 2.10."
    ),
    safety=SAFE_TO_REMOVE,
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("def f(span, hub):\n    span.finish(hub)\n"),
        Ignores(
            "import sentry_sdk\n"
            "def f(ts):\n"
            "    span = sentry_sdk.start_span()\n"
            "    span.finish(None, ts)\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def f(scope):\n"
            "    span = sentry_sdk.start_span()\n"
            "    span.finish(scope)\n"
        ),
        Rewrites(
            "from sentry_sdk import Hub, start_span\n"
            "def f():\n"
            "    span = start_span(op='db')\n"
            "    span.finish(Hub.current)\n",
            "from sentry_sdk import start_span\n"
            "def f():\n"
            "    span = start_span(op='db')\n"
            "    span.finish()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub, start_span\n"
            "def f(end):\n"
            "    span = start_span(op='db')\n"
            "    span.finish(Hub.current, end)\n",
            "from sentry_sdk import start_span\n"
            "def f(end):\n"
            "    span = start_span(op='db')\n"
            "    span.finish(end_timestamp=end)\n",
        ),
        Flags(
            "import sentry_sdk\n"
            "def f(hub):\n"
            "    transaction = sentry_sdk.start_transaction(name='job')\n"
            "    transaction.finish(hub=hub)\n",
            remedy="Remove the argument if it is the current hub; if not, pass `scope=`.",
        ),
    ),
)


@RULE.on("Span.finish", "Transaction.finish")
def check(use: Use, context: Context) -> Iterator[Draft]:
    given = hub_argument(context, use.call) if use.call is not None else None
    if use.call is None or given is None:
        return
    if not given.safe:
        yield context.finding(
            use, remedy="Remove the argument if it is the current hub; if not, pass `scope=`."
        )
        return
    fix = context.fix("Remove the hub argument").add([remove(context, use.call, given.arg)])
    following = positional(use.call, 1) if given.arg.keyword is None else None
    if following is not None:
        fix.add([name_it(context, following, "end_timestamp")])
    yield context.finding(use, fix)
