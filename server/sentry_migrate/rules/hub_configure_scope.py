"""`Hub.current.configure_scope(…)` → as `configure_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._callback_scope import callback_of
from sentry_migrate.rules._callbacks import configure_callback
from sentry_migrate.rules._configure import configure
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import explain, standing
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN211",
    name="hub-configure-scope",
    kind="conditional",
    summary="`hub.configure_scope()` is deprecated; take the scope with `get_isolation_scope()`",
    why="As `configure_scope()`; `Hub.current` itself warns since 2.11. Hubs are gone in 3.0.",
    safety=(
        "As `configure_scope()` where the hub is `Hub.current` in place or in a variable of the "
        "same function. `continue_trace=` is dropped."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nwith Hub.current.configure_scope() as s:\n    pass\n"),
        Ignores("def f(hub):\n    with hub.configure_scope() as s:\n        pass\n"),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f():\n"
            "    with Hub.current.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n",
            "from sentry_sdk import get_isolation_scope\n"
            "def f():\n"
            "    scope = get_isolation_scope()\n"
            "    scope.set_tag('a', 'b')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    sentry_sdk.Hub.current.configure_scope(lambda s: s.set_tag('a', 'b'))\n",
            "import sentry_sdk\ndef f():\n    sentry_sdk.get_isolation_scope().set_tag('a', 'b')\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(hub: Hub):\n"
            "    with hub.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n",
            "from sentry_sdk import Hub, get_isolation_scope\n"
            "def f(hub: Hub):\n"
            "    scope = get_isolation_scope()\n"
            "    scope.set_tag('a', 'b')\n",
            reason="from the caller",
        ),
        Reports(
            "import sentry_sdk\n"
            "hub = sentry_sdk.Hub(sentry_sdk.Client())\n"
            "with hub.configure_scope() as scope:\n"
            "    scope.set_tag('a', 'b')\n",
            remedy="client of its own",
        ),
    ),
)


@RULE.on("Hub.configure_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    place = standing(context, use)
    if not place.known:
        yield context.finding(use, remedy=explain(place))
        return
    with_callback = use.call is not None and callback_of(use.call) is not None
    for draft in (configure_callback if with_callback else configure)(context, use):
        for fix in (draft.fix, *draft.alternatives):
            if fix is not None:
                fix.unsafe(place.reason)
        yield draft
