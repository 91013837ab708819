"""`def record_lost_event(self, reason, data_category, item)` → with `*, quantity=1`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.classes import end_of, methods, parameters
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN504",
    name="transport-record-lost-event",
    kind="safe",
    summary="`record_lost_event()` must accept `quantity=`, which 2.x passes to it",
    why=(
        "Since 2.9 the SDK counts lost spans and passes `quantity=`. Up to 2.35, the resulting "
        "`TypeError` is raised in the code that ends the transaction; in later releases the "
        "count is lost."
    ),
    safety=(
        "Safe: the new parameter has a default. A call of the inherited method passes it on, "
        "which needs 2.9, so such a method gets no fix where `sdk-version` is older."
    ),
    link=DETAILED_GUIDE,
    since="2.9.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, category=None, item=None, *, quantity=1):\n"
            "        print(reason)\n"
        ),
        Ignores(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Quiet(HttpTransport):\n"
            "    def record_lost_event(self, *args, **kwargs):\n"
            "        pass\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "class Losses:\n"
            "    def record_lost_event(self, reason):\n"
            "        sentry_sdk.capture_message(reason)\n"
        ),
        Rewrites(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, category=None, item=None):\n"
            "        print(reason)\n",
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, category=None, item=None, *, quantity=1):\n"
            "        print(reason)\n",
        ),
        Rewrites(
            "from sentry_sdk.transport import Transport\n"
            "class Loud(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, data_category=None):\n"
            "        super().record_lost_event(reason, data_category)\n",
            "from sentry_sdk.transport import Transport\n"
            "class Loud(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, data_category=None, *, quantity=1):\n"
            "        super().record_lost_event(reason, data_category, quantity=quantity)\n",
        ),
        Flags(
            "from sentry_sdk.transport import Transport\n"
            "class Loud(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n"
            "    def record_lost_event(self, reason, data_category=None):\n"
            "        super().record_lost_event(reason, data_category)\n",
            remedy="Add `*, quantity=1` and, from 2.9 on, pass it on as `quantity=quantity`.",
            sdk_version="2.0",
        ),
    ),
)

NAME = "record_lost_event"


@RULE.on("class:sentry_sdk.transport.Transport", "class:sentry_sdk.transport.HttpTransport")
def check(use: Use, context: Context) -> Iterator[Draft]:
    function = methods(use.node).get(NAME) if isinstance(use.node, cst.ClassDef) else None
    if function is None or function.params.star_kwarg is not None:
        return
    params = [*parameters(function), *function.params.kwonly_params]
    if not params or any(param.name.value == "quantity" for param in params):
        return
    start, end = context.span(function.name)
    calls = [node for node in walk(function.body) if _passes_on(context, node)]
    if calls and not context.has("transport.Transport.record_lost_event(quantity)"):
        remedy = "Add `*, quantity=1` and, from 2.9 on, pass it on as `quantity=quantity`."
        yield Draft(start, end, remedy=remedy, use=use)
        return
    fix = context.fix("Add the parameter `quantity`")
    star = function.params.star_arg
    if isinstance(star, cst.Param):
        params.append(star)
    bare = "" if isinstance(star, cst.Param | cst.ParamStar) else "*, "
    at = max(end_of(context, param) for param in params)
    fix.edit(at, at, f", {bare}quantity=1")
    for call in calls:
        assert isinstance(call, cst.Call)
        if call.args:
            at = context.span(call.args[-1])[1]
            fix.edit(at, at, ", quantity=quantity")
    yield Draft(start, end, fix, use=use)


def _passes_on(context: Context, node: cst.CSTNode) -> bool:
    """Whether a node calls the method it overrides."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == NAME
        and context.code(node.func.value).partition(".")[0] != "self"
    )
