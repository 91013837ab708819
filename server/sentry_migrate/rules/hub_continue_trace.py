"""`hub.continue_trace(…)` → `sentry_sdk.continue_trace(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import SAFE_HERE, WARNS, top_level
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN205",
    name="hub-continue-trace",
    kind="safe",
    summary="`hub.continue_trace()` is deprecated; call `sentry_sdk.continue_trace()`",
    why=WARNS,
    safety=SAFE_HERE,
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores(
            "from mylib import Hub\nHub.current.continue_trace()\n",
        ),
        Ignores(
            "def f(hub):\n    hub.continue_trace()\n",
        ),
        Rewrites(
            "import sentry_sdk as s\n"
            "def f(headers):\n"
            "    return s.Hub.current.continue_trace(headers)\n",
            "import sentry_sdk as s\ndef f(headers):\n    return s.continue_trace(headers)\n",
        ),
    ),
)


@RULE.on("Hub.continue_trace")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)
