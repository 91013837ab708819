"""`configure_scope(callback)` → the callback's work on `get_isolation_scope()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.scope_callbacks import configure_callback
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN103",
    name="configure-scope-callback",
    kind="conditional",
    summary=(
        "`configure_scope(callback)` is deprecated; use `get_isolation_scope()` or "
        "`get_current_scope()`"
    ),
    why=(
        "In 2.x the callback is always called, with the isolation scope; 1.x skipped it if no "
        "client was active. This form has warned since 2.12 and will be removed in 3.0."
    ),
    safety=(
        "Safe for a standalone statement whose callback is visible in the file. Unsafe before "
        "`init()`; where the call's return value is used; where the scope is passed on; for "
        "`clear()`, `capture_*()` and `add_breadcrumb()` on the scope; and where the callback "
        "uses the span or transaction and is called with other scopes too."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.12.0",
    examples=(
        Ignores(
            "from mylib import configure_scope\nconfigure_scope(lambda s: s.set_tag('a', 'b'))\n"
        ),
        Ignores("def f(self):\n    self.configure_scope(lambda s: s.set_tag('a', 'b'))\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f(user):\n"
            "    sentry_sdk.configure_scope(lambda scope: scope.set_user({'id': user}))\n",
            "import sentry_sdk\n"
            "def f(user):\n"
            "    sentry_sdk.get_isolation_scope().set_user({'id': user})\n",
        ),
        Rewrites(
            "from sentry_sdk import configure_scope\n"
            "def f(name):\n"
            "    configure_scope(callback=lambda scope: scope.set_transaction_name(name))\n",
            "from sentry_sdk import get_current_scope\n"
            "def f(name):\n"
            "    get_current_scope().set_transaction_name(name)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def tag(scope):\n"
            "    scope.set_tag('a', 'b')\n"
            "def f():\n"
            "    sentry_sdk.configure_scope(tag)\n",
            "import sentry_sdk\n"
            "def tag(scope):\n"
            "    scope.set_tag('a', 'b')\n"
            "def f():\n"
            "    tag(sentry_sdk.get_isolation_scope())\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "from app import tag\n"
            "def f():\n"
            "    sentry_sdk.configure_scope(tag)\n",
            "import sentry_sdk\n"
            "from app import tag\n"
            "def f():\n"
            "    tag(sentry_sdk.get_isolation_scope())\n",
            reason="the callback isn't visible here and may read the scope's span or transaction",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(user):\n"
            "    return sentry_sdk.configure_scope(lambda scope: scope.set_user(user))\n",
            "import sentry_sdk\n"
            "def f(user):\n"
            "    return sentry_sdk.get_isolation_scope().set_user(user)\n",
            reason="the return value, always None in 1.x, is used",
        ),
    ),
)


@RULE.on("sentry_sdk.configure_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and use.call.args:
        yield from configure_callback(context, use)
