"""`Hub.current.client` → `sentry_sdk.get_client()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import CLIENT_IS_NONE
from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.hubs import explain, hub_status
from sentry_migrate.proof.truth_tests import guards_right, test_around
from sentry_migrate.rewrite.client_variables import SET_CLIENT, client_fix
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN213",
    name="hub-client",
    kind="conditional",
    summary="`hub.client` is deprecated; use `sentry_sdk.get_client()`",
    why=(
        "`Hub.current` has warned since 2.11, and hubs will be removed in 3.0. `get_client()` "
        "never returns None: before `init()` it returns a client that does nothing."
    ),
    safety=(
        "Safe where an attribute of the client is read, and where a variable holds the client "
        "and its tests for None are rewritten with it. Unsafe where the client is passed on, or "
        "where an `AttributeError` is caught around it or around a call of the function, also by a "
        "decorator, a context manager or a test: such code may rely on None."
    ),
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.client.options\n"),
        Ignores("def f(hub):\n    return hub.client.dsn\n"),
        Ignores(
            "import sentry_sdk\ndef f():\n    if sentry_sdk.Hub.current.client:\n        pass\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    return sentry_sdk.Hub.current.client.options['release']\n",
            "import sentry_sdk\ndef f():\n    return sentry_sdk.get_client().options['release']\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f():\n"
            "    client = Hub.current.client\n"
            "    if client is not None:\n"
            "        client.close()\n",
            "from sentry_sdk import get_client\n"
            "def f():\n"
            "    client = get_client()\n"
            "    if client.is_active():\n"
            "        client.close()\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.Hub.current.client)\n",
            "import sentry_sdk\ndef f(helper):\n    helper(sentry_sdk.get_client())\n",
            reason=(
                "the code that receives the client may test it for None, which `get_client()` "
                "never returns"
            ),
        ),
        Flags(
            "import sentry_sdk\nhub = mine = sentry_sdk.Hub()\nhub.client.close()\n",
            remedy="`Hub()` disables the SDK in 2.x; see `hub-new-empty`.",
        ),
    ),
)

_RELIES_ON_NONE = CLIENT_IS_NONE.about(
    "the expression may rely on None, which `get_client()` never returns"
)


@RULE.on("Hub.client")
def check(use: Use, context: Context) -> Iterator[Draft]:
    node = use.node
    assert isinstance(node, cst.BaseExpression)
    parent = context.parent(node)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "flush":
        return  # hub.client.flush() is hub-flush's
    if test_around(context, node) is not None and not isinstance(parent, cst.NamedExpr):
        return  # hub-client-truthiness's
    if isinstance(context.parent(node), cst.AssignTarget):
        yield context.finding(use, remedy=SET_CLIENT)
        return
    status = hub_status(context, use)
    if not status.known:
        yield context.finding(use, remedy=explain(status))
        return
    try:
        fix = client_fix(context, node)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, "Call `sentry_sdk.get_client()`."))
        return
    fix.unsafe(status.doubt)
    if guards_right(context, node):
        fix.unsafe(_RELIES_ON_NONE)
    yield context.finding(use, fix)
