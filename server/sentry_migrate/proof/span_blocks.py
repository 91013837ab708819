"""Which spans are active around a line, as far as its function shows."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.doubts import LINKS_MORE
from sentry_migrate.kit.context import Context

NO_HEADERS = LINKS_MORE.about(
    "in a span without a transaction, 2.x yields no trace headers, and no transaction is started "
    "around the span here"
)


def lacks_transaction(context: Context, node: cst.CSTNode) -> bool:
    """Whether a span is started around a node, and no transaction around it in the function."""
    function = context.function(node)
    at, found = context.span(node)[0], False
    for holder in context.tree.holders(node, cst.With, type(function)):
        if holder is function:
            break
        if not isinstance(holder, cst.With):
            continue
        for item in holder.items:
            if context.span(item)[1] > at or not isinstance(item.item, cst.Call):
                continue
            if context.values.instance(item.item, "Transaction") is not None:
                return False
            started = context.values.trigger(item.item.func)
            found = found or started.rpartition(".")[2] == "start_span"
    return found
