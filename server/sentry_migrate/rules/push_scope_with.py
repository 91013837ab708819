"""`with push_scope() as scope:` → `new_scope()` or `isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._push import push
from sentry_migrate.rules._rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN102",
    name="push-scope-with",
    kind="conditional",
    summary="`push_scope()` is deprecated; fork a scope with `new_scope()` or `isolation_scope()`",
    why=(
        "In 2.x `push_scope()` forks the isolation scope and warns since 2.12; it is gone in 3.0. "
        "`new_scope()` forks the current scope only: what the block does through top-level "
        "functions, breadcrumbs or a helper outlives it. `isolation_scope()` undoes that too."
    ),
    safety=(
        "`new_scope()` is chosen, and safe, where the block only sets data on the yielded scope "
        "and captures; a user, level or fingerprint that may be None is not such data, nor is "
        "what a nested block sets on this scope. Any other block gets `isolation_scope()` with "
        "span and transaction access routed to the current scope; not safe where the block yields, "
        "awaits or binds a client, or where `last_event_id()` may be read after it. Neither is "
        "safe where the block enters a span that was started outside."
    ),
    link=GUIDE + "#scope-pushing",
    since="2.12.0",
    examples=(
        Ignores("from mylib import push_scope\nwith push_scope() as scope:\n    pass\n"),
        Ignores("def push_scope():\n    pass\nwith push_scope() as scope:\n    pass\n"),
        Ignores("import sentry_sdk\nwith self.errors.push_scope() as scope:\n    pass\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def report(error):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.set_extra('detail', str(error))\n"
            "        sentry_sdk.capture_exception(error)\n",
            "import sentry_sdk\n"
            "def report(error):\n"
            "    with sentry_sdk.new_scope() as scope:\n"
            "        scope.set_extra('detail', str(error))\n"
            "        sentry_sdk.capture_exception(error)\n",
            alternatives=(
                "import sentry_sdk\n"
                "def report(error):\n"
                "    with sentry_sdk.isolation_scope() as scope:\n"
                "        scope.set_extra('detail', str(error))\n"
                "        sentry_sdk.capture_exception(error)\n",
            ),
        ),
        Rewrites(
            "from sentry_sdk import push_scope, set_tag\n"
            "def job(task):\n"
            "    with push_scope():\n"
            "        set_tag('task', task.id)\n"
            "        task.run()\n",
            "from sentry_sdk import isolation_scope, set_tag\n"
            "def job(task):\n"
            "    with isolation_scope():\n"
            "        set_tag('task', task.id)\n"
            "        task.run()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def job(task):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.span.set_tag('a', 'b')\n"
            "        task.run()\n",
            "import sentry_sdk\n"
            "def job(task):\n"
            "    with sentry_sdk.isolation_scope() as scope:\n"
            "        sentry_sdk.get_current_scope().span.set_tag('a', 'b')\n"
            "        task.run()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "async def job(task):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        await task.run()\n",
            "import sentry_sdk\n"
            "async def job(task):\n"
            "    with sentry_sdk.isolation_scope() as scope:\n"
            "        await task.run()\n",
            reason="awaits",
        ),
    ),
)


@RULE.on("sentry_sdk.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not use.call.args:
        yield from push(context, use)
