"""Trace headers asked for in a span that has no transaction, where 2.x gives none."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.span_blocks import lacks_transaction
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN415",
    name="span-without-transaction-headers",
    kind="manual",
    summary="In a span without a transaction, 2.x yields no trace headers",
    why=(
        "1.x gave the span's `sentry-trace` header whether or not a transaction was running. "
        "Since 2.2.1, a span without a transaction yields no headers, so the service that is "
        "called starts a separate trace."
    ),
    safety=(
        "No fix: nothing is lost where a transaction is running when the function is called, and "
        "only a person can say whether one is."
    ),
    link=GUIDE,
    since="2.2.1",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "import other\n"
            'with other.start_span(op="a"):\n'
            "    other.Hub.current.iter_trace_propagation_headers()\n"
            "import sentry_sdk\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.get_current_scope().trace_propagation_meta()\n"),
        Ignores(
            "import sentry_sdk\n"
            "with sentry_sdk.start_transaction(name='job'):\n"
            "    with sentry_sdk.start_span(op='http.client'):\n"
            "        dict(sentry_sdk.get_current_scope().iter_trace_propagation_headers())\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='http.client'):\n"
            "    sentry_sdk.get_traceparent()\n"
        ),
        Flags(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='http.client'):\n"
            "    dict(sentry_sdk.get_current_scope().iter_trace_propagation_headers())\n",
            remedy=(
                "Make sure that a transaction is running here, or start one around the span with "
                "`sentry_sdk.start_transaction()`."
            ),
        ),
    ),
)


@RULE.on(
    "Hub.iter_trace_propagation_headers",
    "Hub.trace_propagation_meta",
    "Scope.iter_trace_propagation_headers",
    "Scope.trace_propagation_meta",
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and lacks_transaction(context, use.node):
        yield context.finding(
            use,
            remedy=(
                "Make sure that a transaction is running here, or start one around the span with "
                "`sentry_sdk.start_transaction()`."
            ),
        )
