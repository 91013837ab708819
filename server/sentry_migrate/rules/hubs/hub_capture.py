"""`Hub.current.capture_message(…)` → `sentry_sdk.capture_message(…)`, and its two siblings."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.event_ids import apart
from sentry_migrate.rewrite.active_hubs import WARNS, top_level
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN201",
    name="hub-capture",
    kind="conditional",
    summary=(
        "Capturing through a hub is deprecated; use the function of `sentry_sdk` with the same name"
    ),
    messages=("`…` is deprecated; use `…`",),
    why=WARNS,
    safety=(
        "Safe where the hub is `Hub.current`, used directly or through a variable in the same "
        "function. A hub obtained elsewhere uses its own scope in 1.x, while 2.x uses the scopes "
        "of the calling context, so the fix is unsafe there. It is also unsafe where the file "
        "asks a hub for the ID of an event and the capture of that event is not visible."
    ),
    link=DETAILED_GUIDE,
    since="2.11.0",
    examples=(
        Ignores("class A:\n    def f(self):\n        self.hub.capture_message('x')\n"),
        Ignores("from surepy import Hub\nHub.current.capture_message('x')\n"),
        Ignores("def f(hub):\n    hub.capture_exception()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "def f(error):\n"
            "    sentry_sdk.Hub.current.capture_exception(error)  # keep\n",
            "import sentry_sdk\ndef f(error):\n    sentry_sdk.capture_exception(error)  # keep\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\ndef f():\n    Hub.current.capture_message('x')\n",
            "from sentry_sdk import capture_message\ndef f():\n    capture_message('x')\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.hub = sentry_sdk.Hub.current\n"
            "    def f(self):\n"
            "        self.hub.capture_message('x')\n",
            "import sentry_sdk\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.hub = sentry_sdk.Hub.current\n"
            "    def f(self):\n"
            "        sentry_sdk.capture_message('x')\n",
            reason=(
                "the hub was obtained elsewhere; 1.x uses that hub, 2.x uses the scopes that are "
                "active here"
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "hub = mine = sentry_sdk.Hub(sentry_sdk.Client())\n"
            "hub.capture_message('x')\n",
            remedy="The hub has its own client; see `hub-custom-client`.",
        ),
    ),
)


@RULE.on(*(f"Hub.{name}" for name in CAPTURES))
def check(use: Use, context: Context) -> Iterator[Draft]:
    for draft in top_level(context, use):
        if draft.fix is not None:
            draft.fix.unsafe(apart(context))
        yield draft
