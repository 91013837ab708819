"""`Hub()` disables the SDK in 2.x."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import named
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.executed import contains
from sentry_migrate.rewrite.active_hubs import members_without_fix
from sentry_migrate.rewrite.client_variables import muted
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_objects import replace
from sentry_migrate.rewrite.scope_pairs import with_client
from sentry_migrate.sdk.import_needs import NoName

_BINDS = (
    "Once the block without a client is migrated, bind the client to the scope that is active in "
    "it: `sentry_sdk.get_isolation_scope().set_client(client)`. Bound to the global scope, it "
    "would outlast the block."
)
_REMEDY = (
    "Delete it, or keep a client that sends nothing in a scope, `scope = "
    "sentry_sdk.Scope(client=sentry_sdk.Client(dsn='', release='', default_integrations=False))`, "
    "and activate that: `with sentry_sdk.scope.use_isolation_scope(scope), "
    "sentry_sdk.scope.use_scope(sentry_sdk.Scope()):`."
)

RULE = Rule(
    code="SEN222",
    name="hub-new-empty",
    kind="conditional",
    summary="`Hub()` without a client disables the SDK for the whole process in 2.x",
    why=(
        "In 1.x, `Hub()` created a hub without a client. In 2.x it sets the global client to "
        "None: nothing is sent from then on, without any message."
    ),
    safety=(
        "Safe where the hub is used in a `with` statement or kept in a variable whose every use "
        "has a counterpart. The fix makes a scope with a client that has no DSN, which sends "
        "nothing, and activates it where the hub was active. No fix where the block yields, and "
        "the file binds clients: in 1.x these are the block's, in 2.x they are the application's."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import Hub\nhub = Hub()\n"),
        Ignores("import sentry_sdk\nhub = sentry_sdk.Hub(sentry_sdk.Client())\n"),
        Ignores("import sentry_sdk\nscope = sentry_sdk.Scope()\n"),
        Rewrites(
            "from sentry_sdk import Hub, capture_message\n"
            "def test_report():\n"
            "    with Hub(None):\n"
            "        capture_message('x')\n",
            "from sentry_sdk import Client, Scope, capture_message\n"
            "from sentry_sdk.scope import use_isolation_scope, use_scope\n"
            "def test_report():\n"
            "    with use_isolation_scope(\n"
            "        Scope(client=Client(dsn='', release='', default_integrations=False))\n"
            "    ), use_scope(Scope()):\n"
            "        capture_message('x')\n",
        ),
        Flags(
            "import sentry_sdk\ndef f(run):\n    run(sentry_sdk.Hub())\n",
            remedy=(f"{_REMEDY} No automatic fix: `sentry_sdk.Hub()` is passed on."),
        ),
    ),
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    members = members_without_fix(drafts)
    for use in named(context, "sentry_sdk.Hub"):
        hub = context.values.instance(use.call, "Hub")
        if use.call is None or hub is None or hub.origin != "empty":
            continue
        fix: FixDraft | None = context.fix("Replace with a scope whose client sends nothing")
        remedy = _REMEDY
        assert fix is not None
        try:
            scopes = with_client(fix, use, muted(fix, use), empty=True)
            replace(context, fix, use, use.call, scopes, drafts)
        except (NoForm, NoName) as error:
            fix, remedy = None, by_hand(error, _REMEDY)
            block = context.parent(context.parent(use.call) or use.call)
            if isinstance(block, cst.With) and contains(block.body, cst.Yield):
                for draft in drafts:
                    if draft.use is not None and draft.use.trigger == "Hub.bind_client":
                        draft.fix, draft.alternatives, draft.remedy = None, (), _BINDS
        for draft in members.get(id(use.call), ()):
            draft.fix = fix
        yield context.finding(use, fix, remedy=remedy)
