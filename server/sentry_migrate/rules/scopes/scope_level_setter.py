"""`scope.level = "error"` → `scope.set_level("error")`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.scope_setters import SAME_CALL, setter
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN111",
    name="scope-level-setter",
    kind="safe",
    summary="Assigning to `scope.level` is deprecated; use `scope.set_level()`",
    why=(
        "The setter logs a deprecation message that is visible only with `debug=True`, so even "
        "`-W error` does not reveal it."
    ),
    safety=SAME_CALL,
    link=DETAILED_GUIDE,
    since="1.0.0",
    examples=(
        Ignores("def f(scope):\n    scope.level = 'error'\n"),
        Ignores("import sentry_sdk\nimport logging\nlogging.getLogger().level = 10\n"),
        Ignores(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.set_level('info')\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def report():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.level = 'warning'  # not urgent\n"
            "        sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "def report():\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.set_level('warning')  # not urgent\n"
            "        sentry_sdk.capture_message('x')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def raise_level(fatal=True):\n"
            "    sentry_sdk.Hub.current.scope.level = 'fatal' if fatal else 'error'\n",
            "import sentry_sdk\n"
            "def raise_level(fatal=True):\n"
            "    sentry_sdk.Hub.current.scope.set_level('fatal' if fatal else 'error')\n",
        ),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.level, name = 'error', 'x'\n",
            remedy="Split the assignment, and call the method for each target.",
        ),
    ),
)


@RULE.on("Scope.level")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from setter(context, use, "set_level")
