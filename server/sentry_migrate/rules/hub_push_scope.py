"""`Hub.current.push_scope(…)` → as `push_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._bodies import pushed_body
from sentry_migrate.rules._callback_scope import callback_of
from sentry_migrate.rules._callbacks import push_callback
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import explain, standing
from sentry_migrate.rules._push import push
from sentry_migrate.rules._rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rules._variables import entered_at
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN212",
    name="hub-push-scope",
    kind="conditional",
    summary="`hub.push_scope()` is deprecated; use `new_scope()` or `isolation_scope()`",
    why="As `push_scope()`; `Hub.current` itself warns since 2.11. Hubs are gone in 3.0.",
    safety=(
        "As `push_scope()` where the hub is `Hub.current` in place or in a variable of the same "
        "function. `continue_trace=` is dropped."
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
        ),
    ),
)


@RULE.on("Hub.push_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    place = standing(context, use)
    if not place.known:
        yield context.finding(use, remedy=explain(place))
        return
    call = use.call
    if call is not None and not pushed_body(context, call) and not callback_of(call):
        if entered_at(context, call) is None:
            return  # a bare call is push-scope-without-with's
    with_callback = call is not None and callback_of(call) is not None
    for draft in (push_callback if with_callback else push)(context, use):
        for fix in (draft.fix, *draft.alternatives):
            if fix is not None:
                fix.unsafe(place.reason)
        yield draft
