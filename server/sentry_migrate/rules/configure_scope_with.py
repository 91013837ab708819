"""`with configure_scope() as scope:` → `scope = get_isolation_scope()` and a dedented body."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._configure import configure
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN101",
    name="configure-scope-with",
    kind="conditional",
    summary="`configure_scope()` is deprecated; take the scope with `get_isolation_scope()`",
    why=(
        "In 2.x `configure_scope()` yields the live isolation scope and warns since 2.12; it is "
        "gone in 3.0. The span, the transaction and the transaction's name live on the current "
        "scope in 2.x, so code that reaches them through the yielded scope breaks silently."
    ),
    safety=(
        "Safe with the isolation scope, which the 2.x shim yields too, and with span and "
        "transaction access routed to the current scope. Not safe before `init()`, at start-up of "
        "a process whose threads are not in view, for `clear()`, `capture_*()` and "
        "`add_breadcrumb()` of the scope, and where the scope is passed to other code or its "
        "variable may hold another one. `get_current_scope()`, which the guide prints first, is an "
        "alternative: what is set there overrides every later `sentry_sdk.set_*()` call."
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
                "import sentry_sdk\n"
                "def view(request):\n"
                "    scope = sentry_sdk.get_current_scope()\n"
                "    # who asks\n"
                "    scope.set_tag('tenant', request.tenant)\n"
                "    return 1\n",
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
            reason="runs at start-up",
            alternatives=(
                "import sentry_sdk\n"
                "sentry_sdk.init()\n"
                "scope = sentry_sdk.get_global_scope()\n"
                "scope.set_tag('service', 'api')\n",
                "import sentry_sdk\n"
                "sentry_sdk.init()\n"
                "scope = sentry_sdk.get_current_scope()\n"
                "scope.set_tag('service', 'api')\n",
            ),
        ),
        Reports(
            "import sentry_sdk\nmanager = sentry_sdk.configure_scope()\n",
            remedy="get_isolation_scope",
        ),
    ),
)


@RULE.on("sentry_sdk.configure_scope")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is None or not use.call.args:
        yield from configure(context, use)
