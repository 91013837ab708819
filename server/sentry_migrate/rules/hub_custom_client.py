"""`Hub(client)` and `Hub(hub, scope)` → a scope of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._hub import covering, loads_of
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.text.edits import EditSet

RULE = Rule(
    code="SEN221",
    name="hub-custom-client",
    kind="manual",
    summary="A hub with a client of its own replaces the client of the whole process in 2.x",
    why=(
        "In 1.x `Hub(client)` kept the client to itself. In 2.x it sets the global client: from "
        "then on everybody's events go through it."
    ),
    safety=(
        "Never safe. For a `with` block the fix activates a scope that has the client; "
        "`Scope(client=…)` alone does not send through it, it must be active."
    ),
    link=GUIDE + "#activating-a-custom-hub",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub, Client\nhub = Hub(Client())\n"),
        Ignores("import sentry_sdk\nscope = sentry_sdk.Scope(client=sentry_sdk.Client())\n"),
        Rewrites(
            "import sentry_sdk\n"
            "client = sentry_sdk.Client()\n"
            "with sentry_sdk.Hub(client):\n"
            "    sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "import sentry_sdk.scope\n"
            "client = sentry_sdk.Client()\n"
            "with sentry_sdk.scope.use_isolation_scope(sentry_sdk.Scope(client=client)):\n"
            "    sentry_sdk.capture_message('x')\n",
            reason="3.0",
        ),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def f(scope):\n"
            "    with Hub(Hub.current, scope):\n"
            "        capture_message('x')\n",
            "from sentry_sdk import capture_message\n"
            "from sentry_sdk.scope import use_isolation_scope\n"
            "def f(scope):\n"
            "    with use_isolation_scope(scope):\n"
            "        capture_message('x')\n",
            reason="scope",
        ),
        Reports(
            "import sentry_sdk\nhub = sentry_sdk.Hub(sentry_sdk.Client())\n",
            remedy="use_isolation_scope",
        ),
    ),
)

_REMEDY = (
    "Keep `scope = sentry_sdk.Scope(); scope.set_client(client)` instead of the hub, and capture "
    "inside `with sentry_sdk.scope.use_isolation_scope(scope):`."
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for use in context.uses:
        call = use.call
        if use.trigger != "sentry_sdk.Hub" or call is None:
            continue
        hub = context.values.instance(call, "Hub")
        if hub is None or hub.origin not in ("client", "clone-scope"):
            continue
        item = context.parent(call)
        if isinstance(item, cst.WithItem) and all(
            arg.keyword is None and not arg.star for arg in call.args
        ):
            yield _activated(context, use, call, item, hub.origin, drafts)
        else:
            yield context.finding(use, remedy=_REMEDY)


def _activated(
    context: Context,
    use: Use,
    call: cst.Call,
    item: cst.WithItem,
    origin: str,
    drafts: Sequence[Draft],
) -> Draft:
    given = [context.code(arg.value) for arg in call.args]
    fix = context.fix("Activate a scope that has the client")
    try:
        if origin == "clone-scope":
            scope = given[1]
            fix.message = "Activate the scope"
            fix.unsafe("the scope's client, if it has one, is used from here on")
        elif len(given) == 1:
            scope = f"{fix.api('Scope', use)}(client={given[0]})"
            fix.unsafe("`Scope(client=…)` is gone in 3.0, where `set_client()` is the way")
        else:
            return context.finding(use, remedy=_REMEDY)
        manager = fix.api("scope.use_isolation_scope", use)
    except NoName as error:
        return context.finding(use, remedy=f"{_REMEDY} ({error}.)")
    fix.edit(*context.span(call), f"{manager}({scope})")
    if item.asname is not None:
        name = item.asname.name
        binding = context.scopes.bound_by(name) if isinstance(name, cst.Name) else None
        loads = loads_of(context, binding) if binding is not None else None
        parts = covering(drafts, loads, context) if loads is not None else None
        if parts is None:
            return context.finding(use, remedy=_REMEDY)
        for part in parts:
            fix.include(part)
        fix.edit(context.tree.outer(item.item)[1], context.span(item)[1], "")
    if not EditSet().accept(fix.edits):
        return context.finding(use, remedy=_REMEDY)
    return context.finding(use, fix, remedy=_REMEDY)
