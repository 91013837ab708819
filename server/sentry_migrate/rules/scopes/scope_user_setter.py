"""`scope.user = {…}` → `scope.set_user({…})`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.scope_setters import SAME_CALL, setter
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN110",
    name="scope-user-setter",
    kind="safe",
    summary="Assigning to `scope.user` is deprecated; use `scope.set_user()`",
    why="The setter has warned since 2.25 and calls `set_user()`, as it did in 1.x.",
    safety=SAME_CALL,
    link=DETAILED_GUIDE,
    since="2.25.0",
    examples=(
        Ignores("def f(scope):\n    scope.user = {'id': 1}\n"),
        Ignores("import sentry_sdk\nrequest.user = {'id': 1}\n"),
        Ignores(
            "import sentry_sdk\nscope = sentry_sdk.Hub.current.scope\nscope.set_user({'id': 1})\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view(user):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.user = {'id': 1}\n"
            "        sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "def view(user):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.set_user({'id': 1})\n"
            "        sentry_sdk.capture_message('x')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view():\n"
            "    sentry_sdk.Hub.current.scope.user = (  # who\n"
            "        {'id': 1}\n"
            "    )\n",
            "import sentry_sdk\n"
            "def view():\n"
            "    sentry_sdk.Hub.current.scope.set_user(  # who\n"
            "        {'id': 1}\n"
            "    )\n",
        ),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.push_scope() as scope:\n"
            "    user = scope.user = {'id': 1}\n",
            remedy="Split the assignment, and call the method for each target.",
        ),
    ),
)


@RULE.on("Scope.user")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from setter(context, use, "set_user")
