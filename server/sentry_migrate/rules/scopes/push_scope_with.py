"""`with push_scope() as scope:` → `new_scope()` or `isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Alternative, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.push_scope import push
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN102",
    name="push-scope-with",
    kind="conditional",
    summary="`push_scope()` is deprecated; use `new_scope()` or `isolation_scope()`",
    why=(
        "In 2.x, `push_scope()` forks the isolation scope. It has warned since 2.12 and will be "
        "removed in 3.0. `new_scope()` forks only the current scope: whatever the block does "
        "through top-level functions, breadcrumbs or helpers outlives the block. "
        "`isolation_scope()` undoes that as well."
    ),
    safety=(
        "`new_scope()` is used, and safe, where the block only sets data on the yielded scope "
        "and captures events. A user, level or fingerprint that may be None does not count as "
        "such data, nor does anything a nested block sets on this scope. Every other block gets "
        "`isolation_scope()`, with access to the span and transaction moved to the current "
        "scope. That is unsafe where the block yields, awaits or binds a client, or where "
        "`last_event_id()` may be read after it. Neither is safe where the block enters a span "
        "that was started outside it."
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
                Alternative(
                    "import sentry_sdk\n"
                    "def report(error):\n"
                    "    with sentry_sdk.isolation_scope() as scope:\n"
                    "        scope.set_extra('detail', str(error))\n"
                    "        sentry_sdk.capture_exception(error)\n",
                    reason="also forks the isolation scope, which this block doesn't need",
                ),
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
            alternatives=(
                Alternative(
                    "from sentry_sdk import new_scope, set_tag\n"
                    "def job(task):\n"
                    "    with new_scope():\n"
                    "        set_tag('task', task.id)\n"
                    "        task.run()\n",
                    reason="the block calls `task.run()`, which may change the scope",
                ),
            ),
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def job(task):\n"
            "    with sentry_sdk.push_scope() as scope:\n"
            "        scope.span.set_tag('a', 'b')\n"
            "        task.run()\n",
            "import sentry_sdk\n"
            "def job(task):\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        sentry_sdk.get_current_scope().span.set_tag('a', 'b')\n"
            "        task.run()\n",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "def job(task):\n"
                    "    with sentry_sdk.new_scope() as scope:\n"
                    "        scope.span.set_tag('a', 'b')\n"
                    "        task.run()\n",
                    reason="the block calls `task.run()`, which may change the scope",
                ),
            ),
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
            reason=(
                "the block awaits; tasks that share a hub in 1.x see each other's scopes, but "
                "not in 2.x"
            ),
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "async def job(task):\n"
                    "    with sentry_sdk.new_scope() as scope:\n"
                    "        await task.run()\n",
                    reason="the block awaits",
                ),
            ),
        ),
    ),
)


@RULE.on("sentry_sdk.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not use.call.args:
        yield from push(context, use)
