"""`hub.start_span(…)` → `sentry_sdk.start_span(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN203",
    name="hub-start-span",
    kind="conditional",
    summary="`hub.start_span()` is deprecated; use `sentry_sdk.start_span()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.start_span()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.start_span()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f():\n"
            "    with Hub.current.start_span(op='db'):\n"
            "        pass\n",
            "from sentry_sdk import start_span\n"
            "def f():\n"
            "    with start_span(op='db'):\n"
            "        pass\n",
        ),
    ),
)


@RULE.on("Hub.start_span")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)
