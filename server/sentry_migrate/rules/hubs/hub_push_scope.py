"""`Hub.current.push_scope(…)` → as `push_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Alternative, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import explain, hub_status
from sentry_migrate.rewrite.callback_scope_uses import callback_of
from sentry_migrate.rewrite.push_scope import push
from sentry_migrate.rewrite.scope_callbacks import push_callback
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN212",
    name="hub-push-scope",
    kind="conditional",
    summary="`hub.push_scope()` is deprecated; use `new_scope()` or `isolation_scope()`",
    why=(
        "The same applies as to `push_scope()`. `Hub.current` has warned since 2.11, and hubs "
        "will be removed in 3.0."
    ),
    safety=(
        "As safe as for `push_scope()` where the hub is `Hub.current`, used directly or through "
        "a variable in the same function. `continue_trace=` is removed."
    ),
    link=GUIDE + "#scope-pushing",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nwith Hub.current.push_scope() as s:\n    pass\n"),
        Ignores("def f(hub):\n    with hub.push_scope() as s:\n        pass\n"),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(error):\n"
            "    with Hub.current.push_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        Hub.current.capture_exception(error)\n",
            "from sentry_sdk import Hub, new_scope\n"
            "def f(error):\n"
            "    with new_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
            "        Hub.current.capture_exception(error)\n",
            alternatives=(
                Alternative(
                    "from sentry_sdk import Hub, isolation_scope\n"
                    "def f(error):\n"
                    "    with isolation_scope() as scope:\n"
                    "        scope.set_tag('a', 'b')\n"
                    "        Hub.current.capture_exception(error)\n",
                    reason="also forks the isolation scope, which this block doesn't need",
                ),
            ),
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(work):\n"
            "    with sentry_sdk.Hub.current.push_scope(continue_trace=False):\n"
            "        work()\n",
            "import sentry_sdk\n"
            "def f(work):\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        work()\n",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "def f(work):\n"
                    "    with sentry_sdk.new_scope():\n"
                    "        work()\n",
                    reason="the block calls `work()`, which may change the scope",
                ),
            ),
        ),
    ),
)

_INACTIVE = (
    "Where the hub was not active, its `push_scope()` activated nothing: keep `scope.fork()` in "
    "the place of `scope` while the block runs, and put `scope` back after it."
)


@RULE.on("Hub.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    status = hub_status(context, use)
    if not status.known:
        yield context.finding(use, remedy=f"{explain(status)} {_INACTIVE}")
        return
    call = use.call
    with_callback = call is not None and (
        callback_of(call) is not None or any(arg.star for arg in call.args)
    )
    for draft in (push_callback if with_callback else push)(context, use):
        for fix in (draft.fix, *draft.alternatives):
            if fix is not None:
                fix.unsafe(status.doubt)
        yield draft
