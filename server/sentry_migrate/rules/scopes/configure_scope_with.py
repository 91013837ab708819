"""`with configure_scope() as scope:` → `scope = get_isolation_scope()` and a dedented body."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.configure_scope import configure
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN101",
    name="configure-scope-with",
    kind="conditional",
    summary=(
        "`configure_scope()` is deprecated; use `get_isolation_scope()`, or "
        "`get_current_scope()` for spans"
    ),
    why=(
        "In 2.x, `configure_scope()` yields the live isolation scope. It has warned since 2.12 "
        "and will be removed in 3.0. The span, the transaction and its name live on the current "
        "scope in 2.x, so code that reaches them through the yielded scope breaks silently."
    ),
    safety=(
        "Safe with `get_isolation_scope()`, which the 2.x shim yields too, and with access to "
        "the span and transaction moved to the current scope. Unsafe before `init()`; at "
        "startup, if threads may be started elsewhere; for `clear()`, `capture_*()` and "
        "`add_breadcrumb()` on the scope; and where the scope is passed to other code or its "
        "variable may hold a different scope. `get_current_scope()`, which the migration guide "
        "lists first, is offered as an alternative: data set on it overrides every later "
        "`sentry_sdk.set_*()` call."
    ),
    link=GUIDE + "#scope-configuring",
    since="2.12.0",
    examples=(
        Ignores("from mylib import configure_scope\nwith configure_scope() as scope:\n    pass\n"),
        Ignores(
            "def f(self):\n"
            "    with self.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "if hasattr(sentry_sdk, 'get_isolation_scope'):\n"
            "    sentry_sdk.get_isolation_scope().set_tag('a', 'b')\n"
            "else:\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def f(sentry_sdk):\n"
            "    with sentry_sdk.configure_scope():\n"
            "        pass\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view(request):\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        # who asks\n"
            "        scope.set_tag('tenant', request.tenant)\n"
            "    return 1\n",
            "import sentry_sdk\n"
            "def view(request):\n"
            "    scope = sentry_sdk.get_isolation_scope()\n"
            "    # who asks\n"
            "    scope.set_tag('tenant', request.tenant)\n"
            "    return 1\n",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "def view(request):\n"
                    "    scope = sentry_sdk.get_current_scope()\n"
                    "    # who asks\n"
                    "    scope.set_tag('tenant', request.tenant)\n"
                    "    return 1\n",
                    reason="later `sentry_sdk.set_*()` calls won't override it",
                ),
            ),
        ),
        Rewrites(
            "from sentry_sdk import capture_message, configure_scope\n"
            "def view(request):\n"
            "    with configure_scope() as scope:\n"
            "        scope.transaction.name = 'x'\n"
            "        scope.set_tag('a', 'b')\n",
            "from sentry_sdk import capture_message, get_current_scope, get_isolation_scope\n"
            "def view(request):\n"
            "    scope = get_isolation_scope()\n"
            "    get_current_scope().transaction.name = 'x'\n"
            "    scope.set_tag('a', 'b')\n",
            alternatives=(
                Alternative(
                    "from sentry_sdk import capture_message, get_current_scope\n"
                    "def view(request):\n"
                    "    scope = get_current_scope()\n"
                    "    scope.transaction.name = 'x'\n"
                    "    scope.set_tag('a', 'b')\n",
                    reason="later `sentry_sdk.set_*()` calls won't override it",
                ),
            ),
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def rename(name):\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_transaction_name(name)\n",
            "import sentry_sdk\n"
            "def rename(name):\n"
            "    scope = sentry_sdk.get_current_scope()\n"
            "    scope.set_transaction_name(name)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def view(request):\n"
            "    with sentry_sdk.configure_scope() as scope:\n"
            "        scope.set_tag('a', 'b')\n",
            "import sentry_sdk\n"
            "def view(request):\n"
            "    scope = sentry_sdk.Scope.get_isolation_scope()\n"
            "    scope.set_tag('a', 'b')\n",
            sdk_version="2.0",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "def view(request):\n"
                    "    scope = sentry_sdk.Scope.get_current_scope()\n"
                    "    scope.set_tag('a', 'b')\n",
                    reason="later `sentry_sdk.set_*()` calls won't override it",
                ),
            ),
        ),
        Rewrites(
            "import sentry_sdk\n"
            "sentry_sdk.init()\n"
            "with sentry_sdk.configure_scope() as scope:\n"
            "    scope.set_tag('service', 'api')\n",
            "import sentry_sdk\n"
            "sentry_sdk.init()\n"
            "scope = sentry_sdk.get_isolation_scope()\n"
            "scope.set_tag('service', 'api')\n",
            reason="runs at startup; in 2.x, threads started elsewhere don't have this data",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "sentry_sdk.init()\n"
                    "scope = sentry_sdk.get_global_scope()\n"
                    "scope.set_tag('service', 'api')\n",
                    reason=(
                        "every other scope overrides the global scope, and it is shared by the "
                        "whole process"
                    ),
                ),
                Alternative(
                    "import sentry_sdk\n"
                    "sentry_sdk.init()\n"
                    "scope = sentry_sdk.get_current_scope()\n"
                    "scope.set_tag('service', 'api')\n",
                    reason="later `sentry_sdk.set_*()` calls won't override it",
                ),
            ),
        ),
        Flags(
            "import sentry_sdk\nmanager = sentry_sdk.configure_scope()\n",
            remedy=(
                "Use `get_isolation_scope()`, which returns the scope without a `with` statement."
            ),
        ),
    ),
)


@RULE.on("sentry_sdk.configure_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not use.call.args:
        yield from configure(context, use)
