"""`Hub.current.bind_client(client)` → `set_client()` of the scope that should have it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT
from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.call_graph import runs_in
from sentry_migrate.proof.hub_activation import activations, is_client
from sentry_migrate.proof.hubs import hub_status
from sentry_migrate.rewrite.client_variables import SET_CLIENT, set_given
from sentry_migrate.rewrite.hub_members import NO_CLIENT
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

RULE = Rule(
    code="SEN216",
    name="hub-bind-client",
    kind="conditional",
    summary=(
        "`hub.bind_client()` sets the client of the whole process in 2.x; use `set_client()` of "
        "a scope"
    ),
    why=(
        "1.x bound the client to the hub's innermost scope. 2.x sets it on the global scope, so a "
        "client bound inside a cloned hub or a pushed scope replaces the client of the whole "
        "process."
    ),
    safety=(
        "Safe as `get_global_scope().set_client()` at module level. Unsafe inside functions, "
        "which several threads may call. Inside a cloned hub or a pushed scope, "
        "`set_client()` of the isolation scope is offered; `None` becomes a client that sends "
        "nothing, as a scope without a client uses the one of the process."
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
            "import sentry_sdk\n"
            "def setup(client):\n"
            "    sentry_sdk.Hub.current.bind_client(client)\n",
            "import sentry_sdk\n"
            "def setup(client):\n"
            "    sentry_sdk.get_global_scope().set_client(client)\n",
            reason=(
                "1.x bound the client to the calling context, 2.x binds it to the whole process"
            ),
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
            reason=(
                "only the isolation scope of this block gets the client; if there is no client, "
                "1.x sends nothing, but 2.x sends with the client of the process"
            ),
        ),
        Rewrites(
            "from sentry_sdk import Client, push_scope, Hub\n"
            "def f():\n"
            "    with push_scope():\n"
            "        Hub.current.bind_client(None)\n",
            "from sentry_sdk import Client, push_scope, get_isolation_scope\n"
            "def f():\n"
            "    with push_scope():\n"
            "        get_isolation_scope().set_client(\n"
            "            Client(dsn='', release='', default_integrations=False)\n"
            "        )\n",
            reason="only the isolation scope of this block gets the client",
        ),
    ),
)

_WHOLE_PROCESS = ONE_CLIENT.about(
    "1.x bound the client to the calling context, 2.x binds it to the whole process"
)


@RULE.on("Hub.bind_client")
def check(use: Use, context: Context) -> Iterator[Draft]:
    hub = use.owner
    assert hub is not None
    status = hub_status(context, use)
    if not status.known and hub.origin != "main":
        yield context.finding(use, remedy=SET_CLIENT)
        return
    local = bool(activations(context, use.node)) or _in_pushed_scope(context, use)
    getter = "get_isolation_scope" if local else "get_global_scope"
    fix = context.fix(f"Replace with `{getter}().set_client()`")
    try:
        fix.edit(use.start, use.end, fix.member(getter, "set_client", use))
        none = use.call is not None and set_given(fix, use.call, around=local)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, f"Call `{getter}().set_client()`."))
        return
    fix.unsafe(None if hub.origin == "main" else status.doubt)
    if local:
        fix.unsafe(ONE_CLIENT.about("only the isolation scope of this block gets the client"))
        given = use.call.args[0].value if use.call is not None and use.call.args else None
        if not none and not (given is not None and is_client(context, given)):
            fix.unsafe(NO_CLIENT)
    elif runs_in(context, use.node) is not context.tree.module:
        fix.unsafe(_WHOLE_PROCESS)
    yield context.finding(use, fix)


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
