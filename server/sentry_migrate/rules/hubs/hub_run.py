"""`Hub(Hub.current).run(f)` and `Hub.current.run(f)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.hub_identity import compared
from sentry_migrate.proof.hubs import HubStatus, cloned, explain, hub_status
from sentry_migrate.rewrite.callables import called, refuse_losses
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

RULE = Rule(
    code="SEN218",
    name="hub-run",
    kind="conditional",
    summary="`hub.run(f)` is deprecated; call `f()` directly or inside `isolation_scope()`",
    why="`Hub(…)` and `Hub.current` have warned since 2.11, and hubs will be removed in 3.0.",
    safety=(
        "Safe for `Hub.current.run(f)`, which is the same as `f()`, and for a fresh clone in a "
        "statement or an assignment."
    ),
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.run(print)\n"),
        Ignores("def f(hub):\n    hub.run(print)\n"),
        Rewrites(
            "import sentry_sdk\ndef f(work):\n    return sentry_sdk.Hub.current.run(work)\n",
            "def f(work):\n    return work()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def f(work):\n"
            "    result = Hub(Hub.current).run(work)\n"
            "    return result\n",
            "from sentry_sdk import isolation_scope\n"
            "def f(work):\n"
            "    with isolation_scope():\n"
            "        result = work()\n"
            "    return result\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f(a, b):\n    return sentry_sdk.Hub.current.run(a or b)\n",
            "def f(a, b):\n    return (a or b)()\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\ndef f(work):\n    (Hub(Hub.current).run(work))\n",
            "from sentry_sdk import isolation_scope\n"
            "def f(work):\n"
            "    with isolation_scope():\n"
            "        work()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "KEPT = sentry_sdk.Hub.current\n"
            "def f(job):\n"
            "    sentry_sdk.Hub(KEPT).run(job)\n",
            "import sentry_sdk\n"
            "KEPT = sentry_sdk.Hub.current\n"
            "def f(job):\n"
            "    with sentry_sdk.isolation_scope():\n"
            "        job()\n",
            reason=(
                "the hub was obtained elsewhere; 1.x uses that hub, 2.x uses the scopes that are "
                "active here"
            ),
        ),
        Flags(
            "from sentry_sdk import Hub\n"
            "def f(work):\n"
            "    Hub.current.run(  # now\n"
            "        work)\n",
            remedy=(
                "Call the function directly. No automatic fix: there is a comment inside the call."
            ),
        ),
        Flags(
            "from sentry_sdk import Hub\ndef f(work):\n    return 1 + Hub(Hub.current).run(work)\n",
            remedy="Call the function inside `with sentry_sdk.isolation_scope():`.",
        ),
    ),
)

_INSIDE = "Call the function inside `with sentry_sdk.isolation_scope():`."


@RULE.on("Hub.run")
def check(use: Use, context: Context) -> Iterator[Draft]:
    call, hub = use.call, use.owner
    if (
        call is None
        or hub is None
        or len(call.args) != 1
        or call.args[0].keyword
        or call.args[0].star
    ):
        return
    callback = call.args[0].value
    try:
        refuse_losses(context, call, callback)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, "Call the function directly."))
        return
    text = called(context, callback)
    if hub.origin == "current":
        status = hub_status(context, use)
        fix = context.fix("Call the function directly").unsafe(status.doubt)
        yield context.finding(use, fix.edit(*context.span(call), f"{text}()"))
        return
    fresh = isinstance(use.node, cst.Attribute) and hub.node is use.node.value
    if hub.origin != "clone" or not fresh:
        yield context.finding(use, remedy=explain(hub_status(context, use)))
        return
    origin = _origin(context, hub)
    if not origin.known:
        yield context.finding(use, remedy=explain(origin))
        return
    statement = context.tree.statement(call)
    holder = context.parent(call)
    alone = isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1
    if not alone or not isinstance(holder, cst.Expr | cst.Assign | cst.Return):
        yield context.finding(use, remedy=_INSIDE)
        return
    fix = context.fix("Replace with `with isolation_scope()`").unsafe(origin.doubt)
    fix.unsafe(compared(context))
    try:
        _write(context, fix, use, holder, f"{text}()")
    except NoName as error:
        yield context.finding(
            use,
            remedy=by_hand(error, _INSIDE),
        )
        return
    yield context.finding(use, fix)


def _origin(context: Context, hub: Obj) -> HubStatus:
    assert isinstance(hub.node, cst.Call)
    return cloned(context, hub.node)


def _write(context: Context, fix: FixDraft, use: Use, holder: cst.CSTNode, called: str) -> None:
    start = context.span(holder)[0]
    lines = context.tree.lines
    indent, newline = lines.indent_at(start), lines.newline_at(start)
    manager = fix.api("isolation_scope", use)
    if isinstance(holder, cst.Expr):
        # The call begins the statement: put the `with` into the same edit.
        inner = f"{newline}{indent}{context.tree.module.default_indent}"
        fix.edit(*context.tree.outer(holder.value), f"with {manager}():{inner}{called}")
        return
    inner = indent + context.tree.module.default_indent
    fix.edit(start, start, f"with {manager}():{newline}{inner}")
    fix.edit(*context.tree.outer(use.call or use.node), called)
