"""`hub.get_traceparent()` and the other trace header helpers → their current-scope forms."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.proof.span_blocks import NO_HEADERS, lacks_transaction
from sentry_migrate.rewrite.active_hubs import on_scope, top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN209",
    name="hub-trace-propagation",
    kind="conditional",
    summary=(
        "The trace header methods of hubs are deprecated; use those of `sentry_sdk` or "
        "`get_current_scope()`"
    ),
    messages=("`…` is deprecated; use `…`",),
    why=(
        "`Hub.current` has warned since 2.11, and hubs will be removed in 3.0. The headers must "
        "come from the current scope: the isolation scope belongs to a different trace."
    ),
    safety=(
        "Safe where the hub is `Hub.current`, used directly or through a variable in the same "
        "function. The `span` argument of `trace_propagation_meta()` has no effect in 2.x and is "
        "removed. Unsafe in a span around which no transaction is started: since 2.2.1, such a "
        "span gives no headers."
    ),
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores("from mylib import Hub\nHub.current.get_traceparent()\n"),
        Ignores("def f(hub):\n    return hub.iter_trace_propagation_headers()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f(request):\n"
            "    for k, v in sentry_sdk.Hub.current.iter_trace_propagation_headers():\n"
            "        request.headers[k] = v\n",
            "import sentry_sdk\n"
            "def f(request):\n"
            "    for k, v in sentry_sdk.get_current_scope().iter_trace_propagation_headers():\n"
            "        request.headers[k] = v\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\ndef f():\n    return Hub.current.get_traceparent()\n",
            "from sentry_sdk import get_traceparent\ndef f():\n    return get_traceparent()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def f(span):\n"
            "    return sentry_sdk.Hub.current.trace_propagation_meta(span=span)\n",
            "import sentry_sdk\n"
            "def f(span):\n"
            "    return sentry_sdk.get_current_scope().trace_propagation_meta()\n",
        ),
    ),
)


@RULE.on("Hub.get_traceparent", "Hub.get_baggage")
def check_function(use: Use, context: Context) -> Iterator[Draft]:
    yield from top_level(context, use)


@RULE.on("Hub.iter_trace_propagation_headers", "Hub.trace_propagation_meta")
def check_method(use: Use, context: Context) -> Iterator[Draft]:
    for draft in on_scope(context, use, "get_current_scope"):
        call = use.call
        if draft.fix and lacks_transaction(context, use.node):
            draft.fix.unsafe(NO_HEADERS)
        if draft.fix and isinstance(call, cst.Call) and call.args:
            start = context.span(call.args[0])[0]
            if use.trigger.endswith("meta"):
                draft.fix.edit(start, context.span(call)[1] - 1, "")
            elif call.args[0].keyword is None and not call.args[0].star:
                draft.fix.edit(start, start, "span=")  # 2.x ignores one without a name
        yield draft
