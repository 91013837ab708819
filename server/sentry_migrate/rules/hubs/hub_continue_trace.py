"""`hub.continue_trace(…)` → `sentry_sdk.continue_trace(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import SAFE_HERE, WARNS, top_level
from sentry_migrate.sdk.uses import Use

NO_SOURCE = OTHER_FORM.about(
    "without `source=`, 1.x sends no transaction source and 2.x sends `custom`"
)

RULE = Rule(
    code="SEN205",
    name="hub-continue-trace",
    kind="conditional",
    summary="`hub.continue_trace()` is deprecated; use `sentry_sdk.continue_trace()`",
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=SAFE_HERE + " Only with `source=`: 2.x sends `custom` where none is given.",
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
            reason="without `source=`, 1.x sends no transaction source and 2.x sends `custom`",
        ),
        Rewrites(
            "import sentry_sdk as s\n"
            "def f(h, n):\n"
            "    return s.Hub.current.continue_trace(h, name=n, source='route')\n",
            "import sentry_sdk as s\n"
            "def f(h, n):\n"
            "    return s.continue_trace(h, name=n, source='route')\n",
        ),
    ),
)


@RULE.on("Hub.continue_trace")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for draft in top_level(context, use):
        if draft.fix is not None:
            draft.fix.unsafe(None if _names_source(use) else NO_SOURCE)
        yield draft


def _names_source(use: Use) -> bool:
    return use.call is not None and any(
        arg.keyword is not None and arg.keyword.value == "source" for arg in use.call.args
    )
