"""`Hub.current.bind_client(client)` → `set_client()` of the scope that should have it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._active import activations
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import standing
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

RULE = Rule(
    code="SEN216",
    name="hub-bind-client",
    kind="conditional",
    summary="`hub.bind_client()` binds the client of the whole process in 2.x",
    why=(
        "1.x bound the client to the hub's current layer. 2.x sets it on the global scope, so a "
        "client bound inside a cloned hub or a pushed scope replaces everybody's."
    ),
    safety=(
        "Safe with `get_global_scope().set_client()` at module level and at the top level of a "
        "test; not safe inside other functions, and inside a cloned hub or a pushed scope the "
        "isolation scope's `set_client()` is offered."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nHub.current.bind_client(None)\n"),
        Ignores("def f(hub, client):\n    hub.bind_client(client)\n"),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.Hub.current.bind_client(sentry_sdk.Client())\n",
            "import sentry_sdk\nsentry_sdk.get_global_scope().set_client(sentry_sdk.Client())\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def test_it(client):\n"
            "    Hub.current.bind_client(client)\n",
            "from sentry_sdk import get_global_scope\n"
            "def test_it(client):\n"
            "    get_global_scope().set_client(client)\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(client):\n    sentry_sdk.Hub.current.bind_client(client)\n",
            "import sentry_sdk\n"
            "def f(client):\n"
            "    sentry_sdk.get_global_scope().set_client(client)\n",
            reason="whole process",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(client):\n"
            "    with sentry_sdk.push_scope():\n"
            "        sentry_sdk.Hub.current.bind_client(client)\n",
            "import sentry_sdk\n"
            "def f(client):\n"
            "    with sentry_sdk.push_scope():\n"
            "        sentry_sdk.get_isolation_scope().set_client(client)\n",
            reason="isolation",
        ),
    ),
)


@RULE.on("Hub.bind_client")
def check(use: Use, context: Context) -> Iterator[Draft]:
    hub = use.owner
    assert hub is not None
    place = standing(context, use)
    if not place.known and hub.origin != "main":
        yield context.finding(use, remedy="Call `set_client()` of the scope that should have it.")
        return
    local = bool(activations(context, use.node)) or _in_pushed_scope(context, use)
    getter = "get_isolation_scope" if local else "get_global_scope"
    fix = context.fix(f"Replace with `{getter}().set_client()`")
    try:
        fix.edit(use.start, use.end, fix.api(getter, use) + "().set_client")
    except NoName as error:
        yield context.finding(use, remedy=f"Call `{getter}().set_client()`: {error}.")
        return
    fix.unsafe("" if hub.origin == "main" else place.reason)
    if local:
        fix.unsafe("the client is bound to the isolation scope of this block only")
    elif not _at_top(context, use):
        fix.unsafe("1.x bound it to the calling context, 2.x to the whole process")
    yield context.finding(use, fix)


def _at_top(context: Context, use: Use) -> bool:
    function = context.function(use.node)
    if isinstance(function, cst.FunctionDef):
        return function.name.value.startswith(("test", "setUp", "tearDown", "setup", "teardown"))
    return isinstance(function, cst.Module)


def _in_pushed_scope(context: Context, use: Use) -> bool:
    for holder in context.tree.ancestors(use.node):
        if isinstance(holder, cst.With):
            for item in holder.items:
                value = context.value(item.item)
                if (
                    isinstance(value, Obj)
                    and value.type == "Manager"
                    and value.origin != "configure"
                ):
                    return True
    return False
