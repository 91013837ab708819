"""`Hub.current.scope` → `sentry_sdk.get_isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.hub_scopes import scope_of_hub
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN210",
    name="hub-scope",
    kind="conditional",
    summary=(
        "`hub.scope` is deprecated; use `get_isolation_scope()`, or `get_current_scope()` for spans"
    ),
    why=(
        "In 2.x, `Hub.current.scope` returns the isolation scope and has warned since 2.11; hubs "
        "will be removed in 3.0. The span and the transaction are on the current scope: read "
        "through `hub.scope`, they are None in 2.x."
    ),
    safety=(
        "Safe where `hub.scope` is used directly, with access to the span and transaction moved "
        "to the current scope. Unsafe where the scope is stored or passed on, because the code "
        "that receives it may read its span, and for `clear()`, `capture_*()` and "
        "`add_breadcrumb()` on the scope."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.scope.set_tag('a', 'b')\n"),
        Ignores("def f(self):\n    self.hub.scope.set_tag('a', 'b')\n"),
        Rewrites(
            "from sentry_sdk import Hub\ndef f():\n    Hub.current.scope.set_tag('a', 'b')\n",
            "from sentry_sdk import get_isolation_scope\n"
            "def f():\n"
            "    get_isolation_scope().set_tag('a', 'b')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.Hub.current.scope.span is not None\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.get_current_scope().span is not None\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.Hub.current.scope)\n",
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.get_isolation_scope())\n",
            reason="the scope is passed to code that may read its span or transaction",
        ),
        Flags(
            "import sentry_sdk\nhub = mine = sentry_sdk.Hub()\nhub.scope.set_tag('a', 'b')\n",
            remedy="`Hub()` disables the SDK in 2.x; see `hub-new-empty`.",
        ),
    ),
)


@RULE.on("Hub.scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from scope_of_hub(context, use)
