"""`hub.start_transaction(…)` → `sentry_sdk.start_transaction(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN204",
    name="hub-start-transaction",
    kind="conditional",
    summary="`hub.start_transaction()` is deprecated; use `sentry_sdk.start_transaction()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.start_transaction()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.start_transaction()\n",
        ),
        Rewrites(
            "from sentry_sdk.hub import Hub\n"
            "def f():\n"
            "    hub = Hub.current\n"
            "    with hub.start_transaction(name='t'):\n"
            "        pass\n",
            "from sentry_sdk import start_transaction\n"
            "from sentry_sdk.hub import Hub\n"
            "def f():\n"
            "    hub = Hub.current\n"
            "    with start_transaction(name='t'):\n"
            "        pass\n",
        ),
    ),
)


@RULE.on("Hub.start_transaction")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)
