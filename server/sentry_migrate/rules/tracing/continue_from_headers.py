"""`Transaction.continue_from_headers(h)` → `sentry_sdk.continue_trace(h)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import LINKS_MORE
from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.arguments import keyword, positional, rename
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

_METHODS = {"continue_from_headers": "headers", "continue_from_environ": "environ"}

RULE = Rule(
    code="SEN410",
    name="continue-from-headers",
    kind="suggested",
    group="later",
    summary=(
        "`continue_from_*()` and `from_traceparent()` are deprecated; use "
        "`sentry_sdk.continue_trace()`"
    ),
    messages=("`…` is deprecated; use `…`",),
    why="Since 2.47 they log a deprecation message that is visible only with `debug=True`.",
    safety=(
        "Unsafe: `continue_trace()` also continues the trace for everything sent outside the "
        "transaction."
    ),
    link=DETAILED_GUIDE,
    since="2.47.0",
    examples=(
        Ignores("from mylib import Transaction\nTransaction.continue_from_headers({})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.continue_trace({}, name='a')\n"),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.tracing import Transaction\n"
            "def serve(headers=()):\n"
            "    job = Transaction.continue_from_headers(dict(headers), name='job', op='task')\n"
            "    sentry_sdk.start_transaction(job).finish()\n",
            "import sentry_sdk\n"
            "from sentry_sdk import continue_trace\n"
            "def serve(headers=()):\n"
            "    job = continue_trace(dict(headers), name='job', op='task')\n"
            "    sentry_sdk.start_transaction(job).finish()\n",
            reason=(
                "`continue_trace()` also continues the trace for everything sent outside the "
                "transaction"
            ),
        ),
        Flags(
            "from sentry_sdk.tracing import Transaction\n"
            "def serve(headers):\n"
            "    return Transaction.continue_from_headers(headers, sampled=True)\n",
            remedy="`continue_trace()` does not accept `sampled=`.",
        ),
        Flags(
            "from sentry_sdk.tracing import Transaction\n"
            "def serve(traceparent):\n"
            "    return Transaction.from_traceparent(traceparent)\n",
            remedy=(
                "Call `sentry_sdk.continue_trace({'sentry-trace': ...})`. It never returns "
                "`None`, while `from_traceparent(None)` does."
            ),
        ),
    ),
)

_CLASSES = ("sentry_sdk.tracing.Transaction", "sentry_sdk.tracing.Span")


@RULE.on(*(f"{one}.{method}" for one in _CLASSES for method in _METHODS))
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None:
        return
    source = keyword(call, _METHODS[use.trigger.rpartition(".")[2]])
    allowed = ("op", "name", "source")
    other = [
        "**" if arg.keyword is None else f"{arg.keyword.value}="
        for arg in call.args
        if arg.star or (arg.keyword and arg is not source and arg.keyword.value not in allowed)
    ]
    if other or (source is None and positional(call, 0) is None):
        given = ", ".join(f"`{name}`" for name in other)
        yield context.finding(use, remedy=f"`continue_trace()` does not accept {given}.")
        return
    fix = context.fix("Replace with `continue_trace()`")
    fix.unsafe(LINKS_MORE)
    try:
        fix.edit(use.start, use.end, fix.api("continue_trace", use))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    if source is not None:
        fix.add([rename(context, source, "environ_or_headers")])
    yield context.finding(use, fix)


@RULE.on(*(f"{one}.from_traceparent" for one in _CLASSES))
def check_traceparent(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        message="`from_traceparent()` is deprecated; use `sentry_sdk.continue_trace()`",
        remedy=(
            "Call `sentry_sdk.continue_trace({'sentry-trace': ...})`. It never returns `None`, "
            "while `from_traceparent(None)` does."
        ),
    )
