"""`Hub(Hub.current).run(f)` and `Hub.current.run(f)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._callable import called, refuse_losses
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._hub import Standing, cloned, explain, standing
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

RULE = Rule(
    code="SEN218",
    name="hub-run",
    kind="conditional",
    summary="`hub.run(f)` is deprecated; call `f` in `with isolation_scope():`",
    why="`Hub(…)` and `Hub.current` warn since 2.11, and hubs are gone in 3.0.",
    safety=(
        "Safe for `Hub.current.run(f)`, which is `f()`, and for a fresh clone as a statement or "
        "an assignment."
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
            reason="taken elsewhere",
        ),
        Reports(
            "from sentry_sdk import Hub\n"
            "def f(work):\n"
            "    Hub.current.run(  # now\n"
            "        work)\n",
            remedy="comment",
        ),
        Reports(
            "from sentry_sdk import Hub\ndef f(work):\n    return 1 + Hub(Hub.current).run(work)\n",
            remedy="isolation_scope",
        ),
    ),
)


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
        yield context.finding(use, remedy=f"Call the function itself: {error}.")
        return
    text = called(context, callback)
    if hub.origin == "current":
        place = standing(context, use)
        fix = context.fix("Call the function").unsafe(place.reason)
        yield context.finding(use, fix.edit(*context.span(call), f"{text}()"))
        return
    fresh = isinstance(use.node, cst.Attribute) and hub.node is use.node.value
    if hub.origin != "clone" or not fresh:
        yield context.finding(use, remedy=explain(standing(context, use)))
        return
    origin = _origin(context, hub)
    if not origin.known:
        yield context.finding(use, remedy=explain(origin))
        return
    statement = context.tree.statement(call)
    holder = context.parent(call)
    alone = isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1
    if not alone or not isinstance(holder, cst.Expr | cst.Assign | cst.Return):
        yield context.finding(
            use, remedy="Call it in a `with sentry_sdk.isolation_scope():` block."
        )
        return
    fix = context.fix("Replace with `with isolation_scope()`").unsafe(origin.reason)
    try:
        _write(context, fix.edit(*context.tree.outer(call), f"{text}()"), use, holder)
    except NoName as error:
        yield context.finding(use, remedy=f"Call it in `isolation_scope()`: {error}.")
        return
    yield context.finding(use, fix)


def _origin(context: Context, hub: Obj) -> Standing:
    assert isinstance(hub.node, cst.Call)
    return cloned(context, hub.node)


def _write(context: Context, fix: FixDraft, use: Use, holder: cst.CSTNode) -> None:
    start = context.span(holder)[0]
    lines, text = context.tree.lines, context.tree.text
    line = lines.line_of(start)
    indent = text[lines.start(line) : start]
    newline = lines.ending(line)
    manager = fix.api("isolation_scope", use)
    if isinstance(holder, cst.Expr):
        # The call begins the statement: put the `with` into the same edit.
        call = fix.edits.pop()
        body = f"with {manager}():{newline}{indent}{context.tree.module.default_indent}{call.text}"
        fix.edit(call.start, call.end, body)
        return
    inner = indent + context.tree.module.default_indent
    fix.edit(start, start, f"with {manager}():{newline}{inner}")
