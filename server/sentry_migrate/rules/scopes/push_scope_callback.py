"""`push_scope(callback)` → a `with` statement."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.scope_callbacks import push_callback
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN104",
    name="push-scope-callback",
    kind="conditional",
    summary=(
        "`push_scope(callback)` is deprecated; use a `new_scope()` or `isolation_scope()` block"
    ),
    why=(
        "This form has warned since 2.12 and will be removed in 3.0. `new_scope()` and "
        "`isolation_scope()` take no callback."
    ),
    safety=(
        "Safe for a standalone statement whose callback is visible in the file: `new_scope()` "
        "where the callback only sets data on the scope and captures events, `isolation_scope()` "
        "in all other cases."
    ),
    link=GUIDE + "#scope-pushing",
    since="2.12.0",
    examples=(
        Ignores("from mylib import push_scope\npush_scope(lambda s: s.set_tag('a', 'b'))\n"),
        Ignores("def f(self):\n    self.push_scope(lambda s: s.set_tag('a', 'b'))\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f(error):\n"
            "    sentry_sdk.push_scope(lambda scope: sentry_sdk.capture_exception(error))\n",
            "import sentry_sdk\n"
            "def f(error):\n"
            "    with sentry_sdk.new_scope() as scope:\n"
            "        sentry_sdk.capture_exception(error)\n",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "def f(error):\n"
                    "    with sentry_sdk.isolation_scope() as scope:\n"
                    "        sentry_sdk.capture_exception(error)\n",
                    reason="also forks the isolation scope, which this callback doesn't need",
                ),
            ),
        ),
        Rewrites(
            "from sentry_sdk import push_scope, set_tag\n"
            "def work(scope):\n"
            "    set_tag('a', 'b')\n"
            "def f():\n"
            "    push_scope(work)\n",
            "from sentry_sdk import isolation_scope, set_tag\n"
            "def work(scope):\n"
            "    set_tag('a', 'b')\n"
            "def f():\n"
            "    with isolation_scope() as scope:\n"
            "        work(scope)\n",
            alternatives=(
                Alternative(
                    "from sentry_sdk import new_scope, set_tag\n"
                    "def work(scope):\n"
                    "    set_tag('a', 'b')\n"
                    "def f():\n"
                    "    with new_scope() as scope:\n"
                    "        work(scope)\n",
                    reason="the callback calls `set_tag()`",
                ),
            ),
        ),
        Flags(
            "import sentry_sdk\ndef f(work):\n    return sentry_sdk.push_scope(work)\n",
            remedy=(
                "Move the call to a statement; a `with` statement cannot go inside an expression."
            ),
        ),
    ),
)


@RULE.on("sentry_sdk.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and use.call.args:
        yield from push_callback(context, use)
