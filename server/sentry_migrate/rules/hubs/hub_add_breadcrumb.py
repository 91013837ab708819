"""`hub.add_breadcrumb(…)` → `sentry_sdk.add_breadcrumb(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN202",
    name="hub-add-breadcrumb",
    kind="conditional",
    summary="`hub.add_breadcrumb()` is deprecated; use `sentry_sdk.add_breadcrumb()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.add_breadcrumb()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.add_breadcrumb()\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f():\n    sentry_sdk.Hub.current.add_breadcrumb(message='x')\n",
            "import sentry_sdk\ndef f():\n    sentry_sdk.add_breadcrumb(message='x')\n",
        ),
    ),
)


@RULE.on("Hub.add_breadcrumb")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)
