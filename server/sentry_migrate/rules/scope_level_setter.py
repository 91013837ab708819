"""`scope.level = "error"` → `scope.set_level("error")`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._setters import CHAINED, as_call, assignment, is_target
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN111",
    name="scope-level-setter",
    kind="safe",
    summary="assigning `scope.level` is deprecated; call `scope.set_level()`",
    why=(
        "The setter logs a deprecation that is visible only with `debug=True`, so not even "
        "`-W error` finds it."
    ),
    safety="Safe: the same call on the same scope.",
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
        Reports(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    scope.level, name = 'error', 'x'\n",
            remedy="one target",
        ),
    ),
)


@RULE.on("Scope.level")
def check(use: Use, context: Context) -> Iterator[Draft]:
    assign = assignment(context, use)
    if assign is not None:
        fix = context.fix("Replace with `set_level()`")
        yield context.finding(use, fix.add(as_call(context, use, assign, "set_level")))
    elif is_target(context, use):
        yield context.finding(use, remedy=CHAINED)
