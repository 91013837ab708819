"""`start_span(transaction="x")` → `start_transaction(name="x")`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OPTION_VALUES
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import keyword, positional, remove, rename, value_text
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN402",
    name="start-span-legacy-args",
    kind="conditional",
    summary="`start_span()` no longer accepts a span or `transaction=`",
    why=(
        "1.x started a transaction for `transaction=` or for a `Transaction` passed first, and "
        "returned any other span passed first. 2.x raises `TypeError` in all these cases."
    ),
    safety=(
        "Safe for a string passed as `transaction=`, and for a transaction or span that is "
        "started in the same file. Unsafe where `transaction=` may not be a string."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import start_span\nstart_span(transaction='x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(op='x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_transaction(transaction)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(**options)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='job', transaction='nightly'):\n"
            "    pass\n",
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(op='job', name='nightly'):\n"
            "    pass\n",
        ),
        Rewrites(
            "from sentry_sdk import start_span\n"
            "from sentry_sdk.tracing import Transaction\n"
            "with start_span(Transaction(name='nightly', op='job')):\n"
            "    pass\n",
            "from sentry_sdk import start_transaction\n"
            "from sentry_sdk.tracing import Transaction\n"
            "with start_transaction(Transaction(name='nightly', op='job')):\n"
            "    pass\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def run(parent):\n"
            "    span = sentry_sdk.start_span(op='job')\n"
            "    with sentry_sdk.start_span(span):\n"
            "        pass\n",
            "import sentry_sdk\n"
            "def run(parent):\n"
            "    span = sentry_sdk.start_span(op='job')\n"
            "    with span:\n"
            "        pass\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef run(name):\n    sentry_sdk.start_span(transaction=name)\n",
            "import sentry_sdk\ndef run(name):\n    sentry_sdk.start_transaction(name=name)\n",
            reason="the value of `transaction=` may not be a string",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.start_span(make())\n",
            remedy=(
                "Use an existing span itself, pass an existing transaction to "
                "`start_transaction()`, and start a new transaction with "
                "`start_transaction(name=...)`."
            ),
        ),
    ),
)

_REMEDY = (
    "Use an existing span itself, pass an existing transaction to `start_transaction()`, and "
    "start a new transaction with `start_transaction(name=...)`."
)


@RULE.on("sentry_sdk.start_span", "Hub.start_span", "Scope.start_span")
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None:
        return
    name = keyword(call, "transaction")
    given = keyword(call, "span") or positional(call, 0)
    if name is None and given is None:
        return
    fix: FixDraft | None = None
    try:
        if given is not None:
            fix = _given(context, use, call, given)
        elif name is not None and keyword(call, "name") is None:
            fix = _callee(context, use).add([rename(context, name, "name")])
            if not _is_text(context, name.value):
                fix.unsafe(OPTION_VALUES.about("the value of `transaction=` may not be a string"))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    yield context.finding(use, fix, remedy="" if fix else _REMEDY)


def _given(context: Context, use: Use, call: cst.Call, given: cst.Arg) -> FixDraft | None:
    if context.code(given.value) == "None":
        if keyword(call, "transaction") is not None:
            return None
        return context.fix("Remove `span=None`").add([remove(context, call, given)])
    value = context.values.instance(given.value, "Transaction")
    if value is not None and value.origin in ("made", "started"):
        fix = _callee(context, use)
        if given.keyword is not None:
            fix.add([rename(context, given, "transaction")])
        return fix
    span = context.values.instance(given.value, "Span")
    if span is not None and span.origin in ("made", "started"):
        text = value_text(context, given)
        if not isinstance(given.value, cst.Name | cst.Attribute | cst.Call):
            text = f"({text})"
        return context.fix("Use the span itself").replace(call, text)
    return None


def _callee(context: Context, use: Use) -> FixDraft:
    """Call `start_transaction` on what `start_span` is called on. Raises NoName."""
    fix = context.fix("Replace with `start_transaction()`")
    if use.owner is not None and isinstance(use.node, cst.Attribute):
        return fix.replace(use.node.attr, "start_transaction")
    return fix.edit(use.start, use.end, fix.api("start_transaction", use))


def _is_text(context: Context, node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.SimpleString | cst.FormattedString | cst.ConcatenatedString):
        return True
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add | cst.Modulo):
        return _is_text(context, node.left)
    if isinstance(node, cst.Call):
        called = node.func
        if isinstance(called, cst.Attribute) and called.attr.value == "format":
            return _is_text(context, called.value)
        return context.code(called) in ("str", "repr")
    return False
