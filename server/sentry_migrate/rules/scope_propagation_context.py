"""`scope._propagation_context["trace_id"]` → `scope._propagation_context.trace_id`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.options import subscript_key
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN116",
    name="scope-propagation-context",
    kind="suggested",
    summary="`scope._propagation_context` is an object with attributes, no dictionary",
    why="Since 2.0.1 `[…]` and `.get()` raise; `sentry_sdk.get_traceparent()` is the public way.",
    safety="Not safe: a private attribute, and the current scope of 2.x has none of its own.",
    link=DETAILED_GUIDE,
    since="2.0.1",
    severity=Severity.ERROR,
    examples=(
        Ignores("def f(scope):\n    return scope._propagation_context['trace_id']\n"),
        Ignores("import sentry_sdk\nprint(self._propagation_context['trace_id'])\n"),
        Ignores(
            "import sentry_sdk\nprint(sentry_sdk.Hub.current.scope._propagation_context.trace_id)\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def trace():\n"
            "    return sentry_sdk.Hub.current.scope._propagation_context['trace_id']\n",
            "import sentry_sdk\n"
            "def trace():\n"
            "    return sentry_sdk.Hub.current.scope._propagation_context.trace_id\n",
            reason="private",
        ),
        Reports(
            "import sentry_sdk\n"
            "def f(key):\n"
            "    return sentry_sdk.Hub.current.scope._propagation_context[key]\n",
            remedy="get_traceparent",
        ),
    ),
)

_KEYS = ("trace_id", "span_id", "parent_span_id", "parent_sampled", "dynamic_sampling_context")
_REMEDY = "Read the trace from `sentry_sdk.get_traceparent()` and `get_baggage()`."


@RULE.on("Scope._propagation_context")
def check(use: Use, context: Context) -> Iterator[Draft]:
    parent = context.parent(use.node)
    key: cst.CSTNode | None = None
    whole: cst.CSTNode | None = None
    if isinstance(parent, cst.Subscript):
        key, whole = subscript_key(parent), parent
    elif isinstance(parent, cst.Attribute) and parent.attr.value == "get":
        whole = context.parent(parent)
        if isinstance(whole, cst.Call) and len(whole.args) == 1:
            key = whole.args[0].value
    if whole is None:
        return
    name = key.evaluated_value if isinstance(key, cst.SimpleString) else None
    if name not in _KEYS:
        yield context.finding(use, remedy=_REMEDY)
        return
    fix = context.fix(f"Read the attribute `{name}`").edit(
        use.end, context.span(whole)[1], f".{name}"
    )
    fix.unsafe("it is a private attribute, which only some scopes of 2.x have set")
    yield context.finding(use, fix, remedy=_REMEDY)
