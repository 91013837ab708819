"""`Hub.main` and `GLOBAL_HUB` have no counterpart in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN223",
    name="hub-main",
    kind="manual",
    summary="The main hub (`Hub.main`, `GLOBAL_HUB`) is deprecated",
    why=(
        "In 1.x, other threads start with the main hub's scope. Its nearest equivalent in 2.x is "
        "the global scope, which every other scope overrides and all threads share."
    ),
    safety="No fix: no 2.x code sends exactly the same.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    examples=(
        Ignores("from mylib import Hub\nHub.main.scope\n"),
        Ignores("import sentry_sdk\nsentry_sdk.Hub.current.scope.set_tag('a', 'b')\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.Hub.main.scope.set_tag('a', 'b')\n",
            remedy=(
                "Use `sentry_sdk.get_global_scope()` for data that every event should have, and "
                "`sentry_sdk.get_client()` for the client."
            ),
        ),
        Flags(
            "from sentry_sdk.hub import GLOBAL_HUB\nGLOBAL_HUB.capture_message('x')\n",
            remedy=(
                "Use `sentry_sdk.get_global_scope()` for data that every event should have, and "
                "`sentry_sdk.get_client()` for the client."
            ),
        ),
    ),
)


_REMEDY = (
    "Use `sentry_sdk.get_global_scope()` for data that every event should have, and "
    "`sentry_sdk.get_client()` for the client."
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
    if isinstance(parent, cst.Attribute) and "session" in parent.attr.value:
        remedy = f"Use `sentry_sdk.get_isolation_scope().{parent.attr.value}()`."
    else:
        remedy = _REMEDY
    main = "GLOBAL_HUB" if use.path.endswith("GLOBAL_HUB") else "Hub.main"
    yield context.finding(use, remedy=remedy, message=f"`{main}` is deprecated")
