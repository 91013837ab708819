"""`Hub.current.last_event_id()` → `sentry_sdk.last_event_id()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._event_ids import after_block, captured_here
from sentry_migrate.rules._hub import top_level
from sentry_migrate.rules._push import LAST_EVENT
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN215",
    name="hub-last-event-id",
    kind="conditional",
    summary="`hub.last_event_id()` gives None in 2.x; call `sentry_sdk.last_event_id()`",
    why=(
        "In 2.x a hub object remembers no event id, so the method gives None unless the event was "
        "captured through that very object. The function, gone in 2.0 and 2.1, is back since 2.2."
    ),
    safety=(
        "Safe where the capture comes before it in the same function, outside blocks that fork a "
        "scope: the id is kept on the isolation scope."
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
            reason="another request",
        ),
        Reports(
            "import sentry_sdk\ndef f():\n    return sentry_sdk.Hub.current.last_event_id()\n",
            remedy="does not exist",
            sdk_version="2.1",
        ),
    ),
)

UNSEEN = "the event may be captured in another request, task or block, whose id is not seen here"


@RULE.on("Hub.last_event_id")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for draft in top_level(context, use):
        if draft.fix is not None:
            draft.fix.unsafe("" if captured_here(context, use) else UNSEEN)
            draft.fix.unsafe(LAST_EVENT if after_block(context, use) else "")
        yield draft
