"""`hub.flush()` → `sentry_sdk.flush()`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.index import uses_at
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.proof.caught_errors import CAUGHT, why_caught
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, rewrite_member, top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN206",
    name="hub-flush",
    kind="conditional",
    summary="`hub.flush()` is deprecated; use `sentry_sdk.flush()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.flush()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.flush()\n",
        ),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.Hub.current.client.flush(2)\n",
            "import sentry_sdk\nsentry_sdk.flush(2)\n",
        ),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.Hub.current.flush(timeout=2)\n",
            "import sentry_sdk\nsentry_sdk.flush(timeout=2)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "try:\n"
            "    sentry_sdk.Hub.current.client.flush()\n"
            "except AttributeError:\n"
            "    print('off')\n",
            "import sentry_sdk\n"
            "try:\n"
            "    sentry_sdk.flush()\n"
            "except AttributeError:\n"
            "    print('off')\n",
            reason=CAUGHT.reason,
        ),
    ),
)


@RULE.on("Hub.flush")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)


@RULE.on("Client.flush")
def check_client(use: Use, context: Context) -> Iterator[Draft]:
    """`hub.client.flush()`."""
    node = use.node
    inner = node.value if isinstance(node, cst.Attribute) else None
    if not isinstance(inner, cst.Attribute):
        return
    hub = next((one for one in uses_at(context, inner) if one.trigger == "Hub.client"), None)
    if hub is None:
        return
    whole = replace(hub, end=use.end)
    for draft in rewrite_member(
        context, whole, lambda fix, at: fix.api("flush", at), "Replace with `sentry_sdk.flush`"
    ):
        if draft.fix is not None:
            draft.fix.unsafe(why_caught(context, hub.node))
        yield draft
