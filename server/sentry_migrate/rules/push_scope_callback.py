"""`push_scope(callback)` → a `with` statement."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._callbacks import push_callback
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN104",
    name="push-scope-callback",
    kind="conditional",
    summary="`push_scope(callback)` is deprecated; write `with new_scope() as scope:`",
    why="The form warns since 2.12 and is gone in 3.0; 2.x has no callback form.",
    safety=(
        "Safe as a statement of its own with the callback in view: `new_scope()` where the "
        "callback only sets data on the scope and captures, else `isolation_scope()`."
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
        ),
        Reports(
            "import sentry_sdk\ndef f(work):\n    return sentry_sdk.push_scope(work)\n",
            remedy="with",
        ),
    ),
)


@RULE.on("sentry_sdk.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and use.call.args:
        yield from push_callback(context, use)
