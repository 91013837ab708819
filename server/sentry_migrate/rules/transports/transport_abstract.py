"""A `Transport` subclass without `capture_envelope`, which 2.x cannot instantiate."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import DROPPED_ENVELOPES
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.classes import (
    after,
    class_of,
    defines,
    methods,
    only_a_base,
    parameters,
)
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN502",
    name="transport-abstract",
    kind="suggested",
    summary=(
        "A transport needs `capture_envelope()` in 2.x, where everything is sent as an envelope"
    ),
    why=(
        "`Transport.capture_envelope` is abstract: 2.x raises `TypeError: Can't instantiate "
        "abstract class` for a transport that has only `capture_event()`, and for `Transport()` "
        "itself."
    ),
    safety=(
        "Never safe, although errors and messages reach `capture_event()` as before through the "
        "`capture_envelope()` that the fix adds: what 1.x refused with `NotImplementedError` "
        "(transactions, sessions, attachments) is silently dropped. No fix for a class without "
        "`capture_event()`."
    ),
    link=GUIDE + "#transport",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_envelope(self, envelope):\n"
            "        print(envelope)\n"
        ),
        Ignores(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Quiet(HttpTransport):\n"
            "    def flush(self, timeout, callback=None):\n"
            "        pass\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from mine import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event)\n"
        ),
        Rewrites(
            "import sentry_sdk\n"
            "\n"
            "class Memory(sentry_sdk.Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n"
            "\n"
            "sentry_sdk.init('https://key@sentry.invalid/1', transport=Memory)\n"
            "sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "\n"
            "class Memory(sentry_sdk.Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n"
            "\n"
            "    def capture_envelope(self, envelope):\n"
            "        event = envelope.get_event()\n"
            "        if event is not None:\n"
            "            self.capture_event(event)\n"
            "\n"
            "sentry_sdk.init('https://key@sentry.invalid/1', transport=Memory)\n"
            "sentry_sdk.capture_message('x')\n",
            reason=(
                "1.x raises `NotImplementedError` for a transaction, session or attachment; the "
                "method drops it"
            ),
        ),
        Flags(
            "from sentry_sdk.transport import Transport\nclass Nothing(Transport):\n    pass\n",
            remedy=(
                "Add a method `capture_envelope(self, envelope)` to `Nothing`; "
                "`envelope.get_event()` is the error or message in it, or `None`."
            ),
        ),
        Flags(
            "from sentry_sdk.transport import Transport\ntransport = Transport()\n",
            remedy=(
                "Write a subclass with a method `capture_envelope(self, envelope)`; an empty "
                "method drops everything, as `Transport()` did."
            ),
        ),
    ),
)

REASON = DROPPED_ENVELOPES.about(
    "1.x raises `NotImplementedError` for a transaction, session or attachment; the method drops it"
)


@RULE.on("class:sentry_sdk.transport.Transport")
def check_class(use: Use, context: Context) -> Iterator[Draft]:
    node = class_of(use)
    if node is None or defines(context, node, "capture_envelope") or only_a_base(context, node):
        return
    fix = _forward(context, methods(node).get("capture_event"))
    remedy = f"Add a method `capture_envelope(self, envelope)` to `{node.name.value}`; "
    remedy += "`envelope.get_event()` is the error or message in it, or `None`."
    yield context.finding(use, fix, remedy="" if fix else remedy)


def _forward(context: Context, function: cst.FunctionDef | None) -> FixDraft | None:
    """Add a method that hands events to `capture_event`."""
    if (
        function is None
        or len(parameters(function)) < 2
        or function.decorators
        or function.asynchronous
    ):
        return None
    me = parameters(function)[0].name.value
    lines = [
        f"def capture_envelope({me}, envelope):",
        "\tevent = envelope.get_event()",
        "\tif event is not None:",
        f"\t\t{me}.capture_event(event)",
    ]
    fix = context.fix("Add a `capture_envelope()` that calls `capture_event()`").unsafe(REASON)
    return fix.add([after(context, function, lines)])


@RULE.on("sentry_sdk.transport.Transport")
def check_call(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None:
        yield context.finding(
            use,
            remedy=(
                "Write a subclass with a method `capture_envelope(self, envelope)`; an empty "
                "method drops everything, as `Transport()` did."
            ),
        )
