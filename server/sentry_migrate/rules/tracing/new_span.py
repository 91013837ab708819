"""`span.new_span(…)` → `span.start_child(…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN403",
    name="new-span",
    kind="conditional",
    summary="`new_span()` was removed; use `start_child()`",
    why=(
        "2.x raises `AttributeError`. In 1.x, `new_span()` logged a warning and called "
        "`start_child()`."
    ),
    safety="Safe where the receiver is known to be a span; any other `new_span()` is left alone.",
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\ndef f(span):\n    span.new_span(op='x')\n"),
        Ignores("from mylib import tracer\ntracer.new_span('x')\n"),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='job') as transaction:\n"
            "    with transaction.new_span(op='db'):\n"
            "        pass\n",
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='job') as transaction:\n"
            "    with transaction.start_child(op='db'):\n"
            "        pass\n",
        ),
        Rewrites(
            "from sentry_sdk import start_transaction\n"
            "def f():\n"
            "    job = start_transaction(name='job')\n"
            "    return job.start_child(op='a').new_span(op='b')\n",
            "from sentry_sdk import start_transaction\n"
            "def f():\n"
            "    job = start_transaction(name='job')\n"
            "    return job.start_child(op='a').start_child(op='b')\n",
        ),
    ),
)


@RULE.on("Span.new_span", "Transaction.new_span")
def check(use: Use, context: Context) -> Iterator[Draft]:
    if not isinstance(use.node, cst.Attribute):
        yield context.finding(use, remedy="Call `start_child()`.")
        return
    fix = context.fix("Replace with `start_child()`").replace(use.node.attr, "start_child")
    yield context.finding(use, fix)
