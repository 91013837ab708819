"""`Span(transaction="x")` → `Transaction(name="x")`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import keyword, rename
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN404",
    name="span-ctor-transaction",
    kind="safe",
    summary="`Span(transaction=…)` was removed; use `Transaction(name=…)`",
    why="2.x raises `TypeError`. In 1.x, the call created a `Transaction` with that name.",
    safety="Safe: the same class with the same name.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import Span\nSpan(transaction='x')\n"),
        Ignores("from sentry_sdk.tracing import Span\nSpan(op='x')\n"),
        Rewrites(
            "from sentry_sdk.tracing import Span\nspan = Span(transaction='job', op='task')\n",
            "from sentry_sdk.tracing import Transaction\n"
            "span = Transaction(name='job', op='task')\n",
        ),
        Rewrites(
            "from sentry_sdk.tracing import Span\n"
            "def begin(parent: Span):\n"
            "    return Span(\n"
            "        transaction='job',  # shown in the list\n"
            "    )\n",
            "from sentry_sdk.tracing import Span, Transaction\n"
            "def begin(parent: Span):\n"
            "    return Transaction(\n"
            "        name='job',  # shown in the list\n"
            "    )\n",
        ),
        Flags(
            "from sentry_sdk.tracing import Span\nSpan(transaction='a', name='b')\n",
            remedy="Keep either `transaction=` or `name=`; both are given.",
        ),
    ),
)


@RULE.on("sentry_sdk.tracing.Span")
def check(use: Use, context: Context) -> Iterator[Draft]:
    given = keyword(use.call, "transaction") if use.call is not None else None
    if use.call is None or given is None:
        return
    if keyword(use.call, "name") is not None:
        yield context.finding(use, remedy="Keep either `transaction=` or `name=`; both are given.")
        return
    fix = context.fix("Replace with `Transaction(name=…)`")
    try:
        if isinstance(use.node, cst.Attribute):
            fix.replace(use.node.attr, "Transaction")
        else:
            fix.edit(use.start, use.end, fix.api("tracing.Transaction", use))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    yield context.finding(use, fix.add([rename(context, given, "name")]))
