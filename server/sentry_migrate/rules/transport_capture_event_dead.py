"""`capture_event` and `_send_event` of a transport, which 2.x never calls."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._classes import class_of, defines, mentions, methods
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rule
from sentry_migrate.rules._todo import todo
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN503",
    name="transport-capture-event-dead",
    kind="manual",
    summary="2.x never calls this method of a transport: every event comes as an envelope",
    why=(
        "2.x calls `capture_envelope` only. A transport whose `capture_envelope` does nothing "
        "loses every error, in silence; a subclass of `HttpTransport` that counts or filters in "
        "`capture_event` or `_send_event` sees nothing any more."
    ),
    safety="No fix: which of the two methods does what is meant, a person has to say.",
    link=GUIDE + "#transport",
    severity=Severity.ERROR,
    examples=(
        Ignores(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event)\n"
            "    def capture_envelope(self, envelope):\n"
            "        if envelope.get_event() is not None:\n"
            "            self.capture_event(envelope.get_event())\n"
        ),
        Ignores(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Quiet(HttpTransport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        super().capture_envelope(envelope)\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "class Reporter(object):\n"
            "    def capture_event(self, event):\n"
            "        sentry_sdk.capture_event(event)\n"
        ),
        Reports(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event)\n"
            "    def capture_envelope(self, envelope):\n"
            "        pass\n",
            remedy="envelope.get_event()",
        ),
        Reports(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Counting(HttpTransport):\n"
            "    def capture_event(self, event):\n"
            "        print(event)\n"
            "        super().capture_event(event)\n",
            remedy="capture_envelope",
        ),
        Reports(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Counting(HttpTransport):\n"
            "    def _send_event(self, event):\n"
            "        print(event)\n",
            remedy="_send_envelope",
        ),
    ),
)

NEW = {"capture_event": "capture_envelope", "_send_event": "_send_envelope"}
_READS = ("get_event", "items", "get_transaction_event")


@RULE.on("class:sentry_sdk.transport.Transport")
def check_transport(use: Use, context: Context) -> Iterator[Draft]:
    node = class_of(use)
    if node is not None and defines(context, node, "capture_envelope"):
        yield from _dead(use, context, node, "capture_event")


@RULE.on("class:sentry_sdk.transport.HttpTransport")
def check_http(use: Use, context: Context) -> Iterator[Draft]:
    node = class_of(use)
    if node is not None:
        yield from _dead(use, context, node, "capture_event")
        yield from _dead(use, context, node, "_send_event")


def _dead(use: Use, context: Context, node: cst.ClassDef, name: str) -> Iterator[Draft]:
    """The finding for a method that nothing in its class calls."""
    found = methods(node)
    if name not in found:
        return
    others = [one for other, one in found.items() if other not in NEW]
    if any(mentions(context, other, name) for other in others):
        return
    new = NEW[name]
    remedy = f"Move what `{name}` does to `{new}(self, envelope)`; the event is "
    remedy += "`envelope.get_event()`, which is `None` for a transaction or session."
    taken = found.get(new)
    reads = taken is not None and any(mentions(context, taken, read) for read in _READS)
    if reads:
        remedy = f"`{new}` looks into envelopes already: see that it does for events what "
        remedy += f"`{name}` does, then delete `{name}`."
    start, end = context.span(found[name].name)
    severity = Severity.WARNING if reads else None
    note = todo(context, found[name], remedy)
    yield Draft(start, end, note, remedy=remedy, severity=severity, use=use)
