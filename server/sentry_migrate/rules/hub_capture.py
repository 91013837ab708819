"""`Hub.current.capture_message(…)` → `sentry_sdk.capture_message(…)`, and its two siblings."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._event_ids import apart
from sentry_migrate.rules._hub import WARNS, top_level
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN201",
    name="hub-capture",
    kind="conditional",
    summary="Capturing through a hub is deprecated; call the function of `sentry_sdk`",
    why=WARNS,
    safety=(
        "Safe where the hub is `Hub.current` in place or in a variable of the same function. A hub "
        "taken elsewhere is pinned to its scope in 1.x; 2.x follows the calling context, so the "
        "fix is not safe there, nor where the file asks a hub for the id of an event that is not "
        "seen to be captured there."
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
            reason="taken elsewhere",
        ),
        Reports(
            "import sentry_sdk\n"
            "hub = sentry_sdk.Hub(sentry_sdk.Client())\n"
            "hub.capture_message('x')\n",
            remedy="client of its own",
        ),
    ),
)


@RULE.on("Hub.capture_event", "Hub.capture_message", "Hub.capture_exception")
def check(use: Use, context: Context) -> Iterator[Draft]:
    for draft in top_level(context, use):
        if draft.fix is not None:
            draft.fix.unsafe(apart(context))
        yield draft
