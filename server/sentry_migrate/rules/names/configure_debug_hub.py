"""`configure_debug_hub()` is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.statements import delete_call
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN609",
    name="configure-debug-hub",
    kind="safe",
    summary="`configure_debug_hub()` no longer does anything",
    why="It is an empty function that has warned since 2.10.",
    safety="Safe to delete: it only told the SDK's debug log which hub to use.",
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
        Flags(
            "from sentry_sdk.debug import configure_debug_hub\ncall = configure_debug_hub\n",
            remedy="Delete the reference to `configure_debug_hub`.",
        ),
    ),
)


@RULE.on("sentry_sdk.debug.configure_debug_hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    edit = delete_call(context, use.call) if use.call is not None else None
    fix = (
        context.fix("Delete the call of `configure_debug_hub()`").add([edit])
        if edit is not None
        else None
    )
    yield context.finding(
        use, fix, remedy="" if fix else "Delete the reference to `configure_debug_hub`."
    )
