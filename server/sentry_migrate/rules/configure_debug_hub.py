"""`configure_debug_hub()` is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._statements import delete_call
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN609",
    name="configure-debug-hub",
    kind="safe",
    summary="`configure_debug_hub()` does nothing any more",
    why="It is an empty function that warns since 2.10.",
    safety="Safe to delete: it only told the SDK's own debug log which hub to ask.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    examples=(
        Ignores("from mylib.debug import configure_debug_hub\nconfigure_debug_hub()\n"),
        Ignores("import sentry_sdk\nconfigure_debug_hub()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.debug import configure_debug_hub\n"
            "\n"
            "def start():\n"
            "    configure_debug_hub()\n"
            "    sentry_sdk.capture_message('started')\n",
            "import sentry_sdk\n\ndef start():\n    sentry_sdk.capture_message('started')\n",
        ),
        Reports(
            "from sentry_sdk.debug import configure_debug_hub\ncall = configure_debug_hub\n",
            remedy="Delete",
        ),
    ),
)


@RULE.on("sentry_sdk.debug.configure_debug_hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    edit = delete_call(context, use.call) if use.call is not None else None
    fix = context.fix("Delete the call").add([edit]) if edit is not None else None
    yield context.finding(use, fix, remedy="" if fix else "Delete the reference.")
