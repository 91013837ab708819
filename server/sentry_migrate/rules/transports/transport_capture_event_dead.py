"""`capture_event` and `_send_event` of a transport, which 2.x never calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from sentry_migrate.doubts import DROPPED_ENVELOPES
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import named
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.classes import Classes
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.classes import (
    after,
    at_start,
    class_of,
    defines,
    mentions,
    methods,
    parameters,
)
from sentry_migrate.rewrite.todo_comments import todo
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN503",
    name="transport-capture-event-dead",
    kind="suggested",
    summary="2.x never calls `capture_event()` of a transport: every event is sent as an envelope",
    messages=(
        "2.x never calls `…` of a transport: every event is sent as an envelope",
        "2.x never calls the patched `…`",
        "2.x reads attributes of transports that `…` lacks, and fails",
    ),
    why=(
        "2.x calls only `capture_envelope()`. A transport whose `capture_envelope()` does "
        "nothing silently loses every error; a subclass of `HttpTransport` that counts or "
        "filters in `capture_event()` or `_send_event()` no longer sees any events. The same "
        "holds for what a test puts in place of these methods."
    ),
    safety=(
        "Never safe: an envelope with nothing but an event is given to `capture_event()`, as in "
        "1.x; but where tracing is on, 1.x gives everything to `capture_envelope()`. No fix where "
        "`capture_event()` calls the method it overrides, for `_send_event()`, or for what a test "
        "puts in place of a method."
    ),
    link=GUIDE + "#transport",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
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
        Ignores(
            "from unittest import mock\n"
            "import sentry_sdk\n"
            "mock.patch('sentry_sdk.transport.HttpTransport.capture_envelope')\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "def test(monkeypatch, store):\n"
            "    monkeypatch.setattr(store.transport, 'capture_event', print)\n"
        ),
        Rewrites(
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n"
            "    def capture_envelope(self, envelope):\n"
            "        print(envelope)\n",
            "from sentry_sdk.transport import Transport\n"
            "class Memory(Transport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n"
            "    def capture_envelope(self, envelope):\n"
            "        if len(envelope.items) == 1 and envelope.get_event() is not None:\n"
            "            return self.capture_event(envelope.get_event())\n"
            "        print(envelope)\n",
            reason="with tracing on, 1.x sends everything to `capture_envelope()` already",
        ),
        Rewrites(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Memory(HttpTransport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n",
            "from sentry_sdk.transport import HttpTransport\n"
            "class Memory(HttpTransport):\n"
            "    def capture_event(self, event):\n"
            "        print(event['message'])\n"
            "\n"
            "    def capture_envelope(self, envelope):\n"
            "        if len(envelope.items) == 1 and envelope.get_event() is not None:\n"
            "            self.capture_event(envelope.get_event())\n"
            "        else:\n"
            "            super().capture_envelope(envelope)\n",
            reason="with tracing on, 1.x sends everything to `capture_envelope()` already",
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Counting(HttpTransport):\n"
            "    def capture_event(self, event):\n"
            "        print(event)\n"
            "        super().capture_event(event)\n",
            remedy=(
                "Move what `capture_event()` does to `capture_envelope(self, envelope)`; the "
                "event is `envelope.get_event()`, which is `None` for a transaction or session."
            ),
        ),
        Flags(
            "from sentry_sdk.transport import HttpTransport\n"
            "class Counting(HttpTransport):\n"
            "    def _send_event(self, event):\n"
            "        print(event)\n",
            remedy=(
                "Move what `_send_event()` does to `_send_envelope(self, envelope)`; the event "
                "is `envelope.get_event()`, which is `None` for a transaction or session."
            ),
        ),
        Flags(
            "from unittest import mock\n"
            "mock.patch('sentry_sdk.transport.HttpTransport.capture_event')\n",
            remedy=(
                "Patch `capture_envelope`, which is given an envelope; the event is "
                "`envelope.get_event()`, which is `None` for a transaction or session."
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "def test_it(monkeypatch):\n"
            "    client = sentry_sdk.Client()\n"
            "    events = []\n"
            "    monkeypatch.setattr(client.transport, 'capture_event', events.append)\n",
            remedy=(
                "Patch `capture_envelope`, which is given an envelope; the event is "
                "`envelope.get_event()`, which is `None` for a transaction or session."
            ),
        ),
    ),
)

NEW = {"capture_event": "capture_envelope", "_send_event": "_send_envelope"}
_READS = ("get_event", "items", "get_transaction_event")


_CLASSES = tuple(
    f"sentry_sdk.{module}{kind}"
    for module in ("", "transport.")
    for kind in ("Transport", "HttpTransport")
)
_HOLDERS = ("Transport", *_CLASSES)


@RULE.on(*(f"string:{one}.{name}" for one in _CLASSES for name in NEW))
def check_patch(use: Use, context: Context) -> Iterator[Draft]:
    yield _patched(use, context, use.path.rpartition(".")[2])


@RULE.on(*(f"{holder}.{name}" for holder in _HOLDERS for name in NEW))
def check_assignment(use: Use, context: Context) -> Iterator[Draft]:
    """`client.transport.capture_event = …`, unless the text also does that to the new method."""
    name = use.trigger.rpartition(".")[2]
    new = (other for holder in _HOLDERS for other in named(context, f"{holder}.{NEW[name]}"))
    if _is_assigned(context, use) and not any(_is_assigned(context, other) for other in new):
        yield _patched(use, context, name)


@RULE.on("Client.transport")
def check_replaced(use: Use, context: Context) -> Iterator[Draft]:
    """`client.transport = Plain()`, whose class is not a transport."""
    target = context.parent(use.node)
    statement = context.parent(target) if isinstance(target, cst.AssignTarget) else None
    if not isinstance(statement, cst.Assign):
        return
    classes = Classes.of(context)
    made = classes.of_receiver(statement.value)
    above, others = classes.above(made) if made is not None else ((), True)
    members = {name for one in above for name in one.members}
    if made is None or others or "parsed_dsn" in members or not members & {*NEW, *NEW.values()}:
        return
    name = made.node.name.value
    remedy = (
        f"Make `{name}` a subclass of `sentry_sdk.Transport` with "
        "`capture_envelope(self, envelope)`, and call `super().__init__()` in its `__init__()`."
    )
    message = f"2.x reads attributes of transports that `{name}` lacks, and fails"
    yield context.finding(use, remedy=remedy, message=message)


def _is_assigned(context: Context, use: Use) -> bool:
    statement = context.parent(use.node)
    return isinstance(statement, cst.AssignTarget) or (
        isinstance(statement, cst.AnnAssign) and statement.target is use.node
    )


def _patched(use: Use, context: Context, name: str) -> Draft:
    remedy = f"Patch `{NEW[name]}`, which is given an envelope; the event is "
    remedy += "`envelope.get_event()`, which is `None` for a transaction or session."
    return context.finding(use, remedy=remedy, message=f"2.x never calls the patched `{name}()`")


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
    remedy = f"Move what `{name}()` does to `{new}(self, envelope)`; the event is "
    remedy += "`envelope.get_event()`, which is `None` for a transaction or session."
    taken = found.get(new)
    reads = taken is not None and any(mentions(context, taken, read) for read in _READS)
    if reads:
        remedy = f"Make sure that `{new}()`, which already reads the envelopes, does for events "
        remedy += f"what `{name}()` does, then delete `{name}()`."
    start, end = context.span(found[name].name)
    severity = Severity.WARNING if reads else None
    fix = None if reads or name != "capture_event" else _forward(context, node, found)
    note = fix or todo(context, found[name], remedy)
    message = f"2.x never calls `{name}()` of a transport: every event is sent as an envelope"
    yield Draft(start, end, note, (), "" if fix else remedy, message, severity, use=use)


def _forward(
    context: Context, node: cst.ClassDef, found: Mapping[str, cst.FunctionDef]
) -> FixDraft | None:
    """Have `capture_envelope()` give to `capture_event()` what 1.x gives to it; None where that is
    not all that it would do."""
    old, new = found["capture_event"], found.get("capture_envelope")
    if not _takes_one(old) or any(_is_original(one) for one in walk(old.body)):
        return None
    fix = context.fix("Call `capture_event()` from `capture_envelope()`")
    if new is None:
        if defines(context, node, "capture_envelope"):
            return None
        me = parameters(old)[0].name.value
        lines = [
            f"def capture_envelope({me}, envelope):",
            f"\tif {_IS_EVENT.format('envelope')}:",
            f"\t\t{me}.capture_event(envelope.get_event())",
            "\telse:",
            "\t\tsuper().capture_envelope(envelope)",
        ]
        fix.add([after(context, old, lines)])
    else:
        if not _takes_one(new) or any(isinstance(one, cst.Yield) for one in walk(new)):
            return None
        me, envelope = (one.name.value for one in parameters(new)[:2])
        lines = [
            f"if {_IS_EVENT.format(envelope)}:",
            f"\treturn {me}.capture_event({envelope}.get_event())",
        ]
        edit = at_start(context, new, lines)
        if edit is None:
            return None
        fix.add([edit])
    return fix.unsafe(_TRACED)


_TRACED = DROPPED_ENVELOPES.about(
    "with tracing on, 1.x sends everything to `capture_envelope()` already"
)
_IS_EVENT = "len({0}.items) == 1 and {0}.get_event() is not None"
"""1.x sends an event with attachments as an envelope."""


def _takes_one(function: cst.FunctionDef) -> bool:
    """Whether a plain method can be called with one argument by position."""
    required = [one for one in parameters(function) if one.default is None]
    named = [one for one in function.params.kwonly_params if one.default is None]
    return (
        not function.decorators
        and function.asynchronous is None
        and len(required) <= 2 <= len(parameters(function))
        and not named
    )


def _is_original(node: cst.CSTNode) -> bool:
    """Whether it is a method of the base class, or a result that somebody has to go through."""
    if isinstance(node, cst.Name):
        return node.value in ("super", "HttpTransport", "Transport", *NEW, *NEW.values())
    return isinstance(node, cst.Yield)
