"""`span.new_span(…)` → `span.start_child(…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN403",
    name="new-span",
    kind="conditional",
    summary="`new_span()` was removed; use `start_child()`",
    messages=("This patches `…`, which migrated code no longer calls",),
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
        Flags(
            "from sentry_sdk.tracing import Span\nSpan.new_span = print\n",
            remedy="Patch `start_child()` of the class, which migrated code calls.",
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


_CLASSES = ("sentry_sdk.tracing.Span", "sentry_sdk.tracing.Transaction")


@RULE.on(*(f"string:{one}.new_span" for one in _CLASSES))
def check_patch(use: Use, context: Context) -> Iterator[Draft]:
    """`setattr(Span, "new_span", …)`, and what tests put in its place."""
    message = f"This patches `{use.path}`, which migrated code no longer calls"
    yield context.finding(use, remedy=_PATCH, message=message)


@RULE.on(*_CLASSES)
def check_class(use: Use, context: Context) -> Iterator[Draft]:
    """`Span.new_span = …`, and what takes it from the class."""
    member = context.parent(use.node)
    if not isinstance(member, cst.Attribute) or member.attr.value != "new_span":
        return
    patched = isinstance(context.parent(member), cst.AssignTarget)
    name = context.code(member)
    yield context.finding(
        use,
        remedy=_PATCH if patched else _TAKE,
        message=f"This patches `{name}`, which migrated code no longer calls" if patched else "",
    )


_PATCH = "Patch `start_child()` of the class, which migrated code calls."
_TAKE = "Use the class's `start_child()`."
