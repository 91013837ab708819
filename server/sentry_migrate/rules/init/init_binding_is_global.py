"""`init()` where 1.x bound the client to a part of the program only."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

RULE = Rule(
    code="SEN312",
    name="init-binding-is-global",
    kind="info",
    since="2.0.0",
    group="info",
    summary="`init()` replaces the client of the whole process in 2.x",
    why=(
        "1.x binds the client to the innermost hub: that of this thread or of this `with` block. "
        "2.x binds it to the global scope, where it stays after the block."
    ),
    safety="No fix: call `init()` once at startup, or give a scope its own client.",
    link="https://docs.sentry.io/platforms/python/enriching-events/scopes/",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Ignores("import sentry_sdk\ndef setup():\n    sentry_sdk.init()\n"),
        Flags(
            "import threading\n"
            "import sentry_sdk\n"
            "def work():\n"
            "    sentry_sdk.init()\n"
            "threading.Thread(target=work).start()\n",
            remedy=(
                "Call `init()` once at startup. To use a separate client in one place, call "
                "`scope.set_client(sentry_sdk.Client(…))` on an isolation scope."
            ),
        ),
        Flags(
            "import sentry_sdk\nwith sentry_sdk.push_scope():\n    sentry_sdk.init()\n",
            remedy=(
                "Call `init()` once at startup. To use a separate client in one place, call "
                "`scope.set_client(sentry_sdk.Client(…))` on an isolation scope."
            ),
        ),
    ),
)


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and (_in_block(context, use.call) or _in_thread(context, use.call)):
        yield context.finding(
            use,
            remedy=(
                "Call `init()` once at startup. To use a separate client in one place, call "
                "`scope.set_client(sentry_sdk.Client(…))` on an isolation scope."
            ),
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
    args = map(context.parent, context.scopes.reads_of_definition(function))
    return any(
        isinstance(arg, cst.Arg) and arg.keyword is not None and arg.keyword.value == "target"
        for arg in args
    )
