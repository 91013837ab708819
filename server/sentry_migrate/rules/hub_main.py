"""`Hub.main` and `GLOBAL_HUB` have no counterpart in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN223",
    name="hub-main",
    kind="manual",
    summary="`Hub.main` has no counterpart in 2.x",
    why=(
        "The main hub's scope was what other threads started from. The nearest thing in 2.x is "
        "the global scope, which every other scope overrides and all threads share."
    ),
    safety="There is no fix: no 2.x spelling sends the same.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    examples=(
        Ignores("from mylib import Hub\nHub.main.scope\n"),
        Ignores("import sentry_sdk\nsentry_sdk.Hub.current.scope.set_tag('a', 'b')\n"),
        Reports(
            "import sentry_sdk\nsentry_sdk.Hub.main.scope.set_tag('a', 'b')\n",
            remedy="get_global_scope",
        ),
        Reports(
            "from sentry_sdk.hub import GLOBAL_HUB\nGLOBAL_HUB.capture_message('x')\n",
            remedy="get_global_scope",
        ),
    ),
)


@RULE.on("=Hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    hub = use.owner
    if hub is None or hub.origin != "main" or hub.held not in ("inline", "closure", "local"):
        return
    if hub.via is not None and hub.via.kind != "import":
        return
    parent = context.parent(use.node)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "bind_client":
        return
    yield context.finding(
        use,
        remedy=(
            "Use `sentry_sdk.get_global_scope()` for data that every event should carry, and "
            "`sentry_sdk.get_client()` for the client."
        ),
    )
