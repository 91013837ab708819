"""`hub.start_session()` and its siblings → the isolation scope's."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, on_scope
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN208",
    name="hub-sessions",
    kind="conditional",
    summary="The session methods of hubs are deprecated; use those of `get_isolation_scope()`",
    messages=("`…` is deprecated; use `…`",),
    why=(
        "`Hub.current` has warned since 2.11, and hubs will be removed in 3.0. Sessions belong "
        "to the isolation scope: on the current scope, `set_user()` would no longer update the "
        "session."
    ),
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.start_session()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.start_session()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    sentry_sdk.Hub.current.start_session(session_mode='request')\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    sentry_sdk.get_isolation_scope().start_session(session_mode='request')\n",
        ),
    ),
)


@RULE.on(
    "Hub.start_session",
    "Hub.end_session",
    "Hub.stop_auto_session_tracking",
    "Hub.resume_auto_session_tracking",
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from on_scope(context, use, "get_isolation_scope")
