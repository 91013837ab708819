"""`Hub.current.configure_scope(…)` → as `configure_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import explain, hub_status
from sentry_migrate.rewrite.callback_scope_uses import callback_of
from sentry_migrate.rewrite.configure_scope import configure
from sentry_migrate.rewrite.scope_callbacks import configure_callback
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN211",
    name="hub-configure-scope",
    kind="conditional",
    summary=(
        "`hub.configure_scope()` is deprecated; use `get_isolation_scope()` or "
        "`get_current_scope()`"
    ),
    why=(
        "The same applies as to `configure_scope()`. `Hub.current` has warned since 2.11, and "
        "hubs will be removed in 3.0."
    ),
    safety=(
        "As safe as for `configure_scope()` where the hub is `Hub.current`, used directly or "
        "through a variable in the same function. `continue_trace=` is removed."
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
            alternatives=(
                Alternative(
                    "from sentry_sdk import get_current_scope\n"
                    "def f():\n"
                    "    scope = get_current_scope()\n"
                    "    scope.set_tag('a', 'b')\n",
                    reason="later `sentry_sdk.set_*()` calls won't override it",
                ),
            ),
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
            reason=(
                "the hub comes from the caller; 1.x uses that hub, 2.x uses the scopes that are "
                "active here"
            ),
            alternatives=(
                Alternative(
                    "from sentry_sdk import Hub, get_current_scope\n"
                    "def f(hub: Hub):\n"
                    "    scope = get_current_scope()\n"
                    "    scope.set_tag('a', 'b')\n",
                    reason=(
                        "later `sentry_sdk.set_*()` calls won't override it; the hub comes from"
                        " the caller; 1.x uses that hub, 2.x uses the scopes that are active "
                        "here"
                    ),
                ),
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "hub = mine = sentry_sdk.Hub(sentry_sdk.Client())\n"
            "with hub.configure_scope() as scope:\n"
            "    scope.set_tag('a', 'b')\n",
            remedy="The hub has its own client; see `hub-custom-client`.",
        ),
    ),
)


@RULE.on("Hub.configure_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    status = hub_status(context, use)
    if not status.known:
        yield context.finding(use, remedy=explain(status))
        return
    with_callback = use.call is not None and callback_of(use.call) is not None
    for draft in (configure_callback if with_callback else configure)(context, use):
        for fix in (draft.fix, *draft.alternatives):
            if fix is not None:
                fix.unsafe(status.doubt)
        yield draft
