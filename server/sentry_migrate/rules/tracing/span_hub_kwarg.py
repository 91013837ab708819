"""`start_span(hub=Hub.current)` → `start_span()`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.span_hubs import MAKERS, read_of_spans
from sentry_migrate.rewrite.arguments import SAFE_TO_REMOVE, hub_argument, remove
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN405",
    name="span-hub-kwarg",
    kind="conditional",
    summary="The argument `hub=` of spans and transactions is deprecated and binds the wrong scope",
    why=(
        "`hub=` has warned since 2.10 and will be removed in 3.0. Until then it binds the span "
        "to the isolation scope, so an event captured inside the span gets the context of a "
        "different span."
    ),
    safety=SAFE_TO_REMOVE.rstrip(".") + ", and nothing in the project reads the `hub` of a span.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    deprecated=False,
    examples=(
        Ignores("from mylib import start_span\nstart_span(hub=1)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.start_span(op='x')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.capture_message('x', hub='y')\n"),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.start_span(op='db', hub=sentry_sdk.Hub.current):\n"
            "    pass\n",
            "import sentry_sdk\nwith sentry_sdk.start_span(op='db'):\n    pass\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub, start_transaction\n"
            "def run():\n"
            "    start_transaction(\n"
            "        hub=Hub.current,\n"
            "        name='job',\n"
            "    ).finish()\n",
            "from sentry_sdk import start_transaction\n"
            "def run():\n"
            "    start_transaction(\n"
            "        name='job',\n"
            "    ).finish()\n",
        ),
        Flags(
            "import sentry_sdk\ndef run(hub):\n    sentry_sdk.start_span(op='db', hub=hub)\n",
            remedy="Remove `hub=` if it is the current hub; if not, activate its scopes where the "
            "span starts and where it ends.",
        ),
    ),
)


@RULE.on(*MAKERS)
def check(use: Use, context: Context) -> Iterator[Draft]:
    given = hub_argument(context, use.call, None) if use.call is not None else None
    if use.call is None or given is None:
        return
    if given.safe:
        fix = context.fix("Remove `hub=`").add([remove(context, use.call, given.arg)])
        yield context.finding(use, fix.unsafe(read_of_spans(context)))
        return
    yield context.finding(
        use,
        remedy="Remove `hub=` if it is the current hub; if not, activate its scopes where the "
        "span starts and where it ends.",
    )
