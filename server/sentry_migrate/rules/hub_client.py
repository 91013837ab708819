"""`Hub.current.client` → `sentry_sdk.get_client()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._clients import client_fix
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import explain, standing
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._truth import guards_right, test_around
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN213",
    name="hub-client",
    kind="conditional",
    summary="`hub.client` is deprecated; call `sentry_sdk.get_client()`",
    why=(
        "`Hub.current` warns since 2.11, and hubs are gone in 3.0. `get_client()` never gives "
        "None: before `init()` it gives a client that does nothing."
    ),
    safety=(
        "Safe where an attribute of the client is read, and where a variable holds it whose tests "
        "are rewritten with it. Not safe where the client is passed on or an `AttributeError` is "
        "caught, there or around a call of the function: code may rely on None."
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
            reason="None",
        ),
        Reports(
            "import sentry_sdk\nhub = sentry_sdk.Hub()\nhub.client.close()\n",
            remedy="switches the SDK off",
        ),
    ),
)


@RULE.on("Hub.client")
def check(use: Use, context: Context) -> Iterator[Draft]:
    node = use.node
    assert isinstance(node, cst.Attribute)
    parent = context.parent(node)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "flush":
        return  # hub.client.flush() is hub-flush's
    if test_around(context, node) is not None and not isinstance(parent, cst.NamedExpr):
        return  # hub-client-truthiness's
    if isinstance(context.parent(node), cst.AssignTarget):
        yield context.finding(use, remedy="Call `set_client()` of the scope that should have it.")
        return
    place = standing(context, use)
    if not place.known:
        yield context.finding(use, remedy=explain(place))
        return
    try:
        fix = client_fix(context, use, node)
    except NoName as error:
        yield context.finding(use, remedy=f"Call `sentry_sdk.get_client()`: {error}.")
        return
    fix.unsafe(place.reason)
    if guards_right(context, node):
        fix.unsafe("the expression gives the client or None, which `get_client()` never is")
    yield context.finding(use, fix)
