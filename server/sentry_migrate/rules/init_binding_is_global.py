"""`init()` where 1.x bound the client to a part of the program only."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

RULE = Rule(
    code="SEN312",
    name="init-binding-is-global",
    kind="info",
    summary="`init()` replaces the client of the whole process in 2.x",
    why=(
        "1.x binds the client to the innermost hub: of this thread, or of this `with` block. 2.x "
        "binds it to the global scope, and it stays after the block."
    ),
    safety="No fix: call `init()` once at start-up, or give a scope a client of its own.",
    link="https://docs.sentry.io/platforms/python/enriching-events/scopes/",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Ignores("import sentry_sdk\ndef setup():\n    sentry_sdk.init()\n"),
        Reports(
            "import threading\n"
            "import sentry_sdk\n"
            "def work():\n"
            "    sentry_sdk.init()\n"
            "threading.Thread(target=work).start()\n",
            remedy="set_client",
        ),
        Reports(
            "import sentry_sdk\nwith sentry_sdk.push_scope():\n    sentry_sdk.init()\n",
            remedy="set_client",
        ),
    ),
)


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and (_in_block(context, use.call) or _in_thread(context, use.call)):
        yield context.finding(
            use,
            remedy="Call `init()` once at start-up. For a client of its own in one place, use "
            "`scope.set_client(sentry_sdk.Client(…))` on an isolation scope.",
        )


def _in_block(context: Context, call: cst.Call) -> bool:
    """Whether the call stands in a `with` of a scope or hub."""
    for holder in context.tree.ancestors(call):
        if isinstance(holder, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return False
        if isinstance(holder, cst.With):
            values = [context.value(item.item) for item in holder.items]
            if any(isinstance(one, Obj) and one.type in ("Manager", "Hub") for one in values):
                return True
    return False


def _in_thread(context: Context, call: cst.Call) -> bool:
    """Whether the function is what a thread runs."""
    function = context.function(call)
    if not isinstance(function, cst.FunctionDef):
        return False
    for load in context.scopes.loads.get(function.name.value, ()):
        arg = context.parent(load)
        if isinstance(arg, cst.Arg) and arg.keyword is not None and arg.keyword.value == "target":
            return any(one.node is function for one in context.scopes.reaching(load))
    return False
