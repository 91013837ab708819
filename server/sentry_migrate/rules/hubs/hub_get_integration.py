"""`hub.get_integration(X)` → `sentry_sdk.get_client().get_integration(X)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, on_scope
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN207",
    name="hub-get-integration",
    kind="conditional",
    summary="`hub.get_integration()` is deprecated; use `get_client().get_integration()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.get_integration()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.get_integration()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(kind):\n"
            "    return Hub.current.get_integration(kind)\n",
            "from sentry_sdk import get_client\n"
            "def f(kind):\n"
            "    return get_client().get_integration(kind)\n",
        ),
    ),
)


@RULE.on("Hub.get_integration")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from on_scope(context, use, "get_client")
