"""`Hub.current.last_event_id()` → `sentry_sdk.last_event_id()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.doubts import LAST_EVENT_ID
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.event_ids import after_block, captured_here
from sentry_migrate.rewrite.active_hubs import top_level
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN215",
    name="hub-last-event-id",
    kind="conditional",
    summary="`hub.last_event_id()` returns None in 2.x; use `sentry_sdk.last_event_id()`",
    messages=("`…` is deprecated; use `…`",),
    why=(
        "In 2.x, a hub object does not store event IDs, so the method returns None unless the "
        "event was captured through that very object. `sentry_sdk.last_event_id()` is missing in "
        "2.0 and 2.1, is available again from 2.2, and raises `AttributeError` in a forked scope "
        "until 2.4."
    ),
    safety=(
        "Safe where the event is captured earlier in the same function and outside blocks that "
        "fork a scope: the ID is stored on the isolation scope."
    ),
    link=GUIDE + "#api",
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nHub.current.last_event_id()\n"),
        Ignores("def f(hub):\n    return hub.last_event_id()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f():\n"
            "    sentry_sdk.capture_message('x')\n"
            "    return sentry_sdk.Hub.current.last_event_id()\n",
            "import sentry_sdk\n"
            "def f():\n"
            "    sentry_sdk.capture_message('x')\n"
            "    return sentry_sdk.last_event_id()\n",
        ),
        Rewrites(
            "import sentry_sdk\ndef f():\n    return sentry_sdk.Hub.current.last_event_id()\n",
            "import sentry_sdk\ndef f():\n    return sentry_sdk.last_event_id()\n",
            reason=(
                "the event may be captured in another request, task or block, and its ID isn't "
                "visible here"
            ),
        ),
        Flags(
            "import sentry_sdk\ndef f():\n    return sentry_sdk.Hub.current.last_event_id()\n",
            remedy=(
                "Rewrite this by hand. No automatic fix: `sentry_sdk.last_event_id` needs "
                "sentry-sdk 2.4.0."
            ),
            sdk_version="2.3",
        ),
    ),
)

UNSEEN = LAST_EVENT_ID.about(
    "the event may be captured in another request, task or block, and its ID isn't visible here"
)


@RULE.on("Hub.last_event_id")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for draft in top_level(context, use):
        draft.message = RULE.summary
        if draft.fix is not None:
            draft.fix.unsafe(None if captured_here(context, use) else UNSEEN)
            draft.fix.unsafe(LAST_EVENT_ID if after_block(context, use) else None)
        yield draft
