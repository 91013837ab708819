"""`scope._propagation_context["trace_id"]` → `scope._propagation_context.trace_id`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import UNSTABLE_NAME
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.sdk.options import subscript_key
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN116",
    name="scope-propagation-context",
    kind="suggested",
    summary="`scope._propagation_context` is an object with attributes in 2.x, not a dictionary",
    messages=("`…` was removed in …",),
    why=(
        "Since 2.0.1, `[…]` and `.get()` raise an exception. `sentry_sdk.get_traceparent()` is "
        "the public API."
    ),
    safety="Unsafe: the attribute is private, and not every scope in 2.x has it.",
    link=DETAILED_GUIDE,
    since="2.0.1",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Flags(
            "from sentry_sdk import Hub\n"
            "def incoming(headers):\n"
            "    return Hub.current.scope._extract_propagation_context(headers)\n",
            remedy="Use `sentry_sdk.tracing_utils.PropagationContext.from_incoming_data(data)`.",
        ),
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
            reason="the attribute is private, and not every scope in 2.x has it",
        ),
        Flags(
            "import sentry_sdk\n"
            "def f(key):\n"
            "    return sentry_sdk.Hub.current.scope._propagation_context[key]\n",
            remedy="Use `sentry_sdk.get_traceparent()` and `sentry_sdk.get_baggage()`.",
        ),
        Flags(
            "import sentry_sdk\n"
            "def trace():\n"
            "    return sentry_sdk.Hub.current.scope._propagation_context['trace_id']\n",
            remedy="Use `sentry_sdk.get_traceparent()` and `sentry_sdk.get_baggage()`.",
            sdk_version="2.0.0",
        ),
    ),
)

_KEYS = ("trace_id", "span_id", "parent_span_id", "parent_sampled", "dynamic_sampling_context")
_REMEDY = "Use `sentry_sdk.get_traceparent()` and `sentry_sdk.get_baggage()`."

_GONE = {
    "Scope._extract_propagation_context": (
        "Use `sentry_sdk.tracing_utils.PropagationContext.from_incoming_data(data)`."
    ),
    "Scope._create_new_propagation_context": (
        "Use `sentry_sdk.tracing_utils.PropagationContext()`."
    ),
}


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
    if name not in _KEYS or not context.has(f"tracing_utils.PropagationContext.{name}"):
        yield context.finding(use, remedy=_REMEDY)
        return
    fix = context.fix(f"Read the attribute `{name}`").edit(
        use.end, context.span(whole)[1], f".{name}"
    )
    fix.unsafe(UNSTABLE_NAME)
    yield context.finding(use, fix, remedy=_REMEDY)


@RULE.on(*_GONE)
def check_gone(use: Use, context: Context) -> Iterator[Draft]:
    name = use.trigger.removeprefix("Scope.")
    message = f"`Scope.{name}()` was removed in 2.0.1"
    yield context.finding(use, remedy=_GONE[use.trigger], message=message)
