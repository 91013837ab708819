"""`scope.capture_event(e, hint, client)` → `scope.capture_event(e, hint)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import MERGED_SCOPES, ONE_CLIENT, differs
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.proof.hubs import judge
from sentry_migrate.rewrite.arguments import argument, keyword, positional, remove, value_text
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

RULE = Rule(
    code="SEN114",
    name="scope-capture-client-arg",
    kind="conditional",
    summary="`Scope` methods no longer accept a client",
    messages=("`…` no longer accepts a client",),
    why=(
        "2.x raises `TypeError` for `client=` and `AttributeError` for a client passed by "
        "position; `add_breadcrumb()` stores the client in the breadcrumb."
    ),
    safety=(
        "Safe to remove for the scope and the client of the current hub. A separately created "
        "scope sent only its own data in 1.x; in 2.x that data is merged with the data of the "
        "active scopes. Any other client would no longer be the one that sends the event."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("def f(scope, client):\n    scope.capture_event({}, client=client)\n"),
        Ignores("import sentry_sdk\nsentry_sdk.Hub.current.scope.capture_event({})\n"),
        Ignores("import sentry_sdk\nsentry_sdk.get_client().capture_event({}, scope=None)\n"),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def report():\n"
            "    hub = Hub.current\n"
            "    hub.scope.capture_event({'message': 'x'}, client=hub.client)\n",
            "from sentry_sdk import Hub\n"
            "def report():\n"
            "    hub = Hub.current\n"
            "    hub.scope.capture_event({'message': 'x'})\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "def report():\n"
            "    Hub.current.scope.capture_event({'message': 'x'}, None, Hub.current.client)\n",
            "from sentry_sdk import Hub\n"
            "def report():\n"
            "    Hub.current.scope.capture_event({'message': 'x'}, None)\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub, Scope\n"
            "def report():\n"
            "    scope = Scope()\n"
            "    scope.capture_event({'message': 'x'}, client=Hub.current.client)\n",
            "from sentry_sdk import Hub, Scope\n"
            "def report():\n"
            "    scope = Scope()\n"
            "    Hub.current.client.capture_event({'message': 'x'}, scope=scope)\n",
            reason=(
                "1.x sent only this scope's data, 2.x merges it with the data of the active scopes"
            ),
        ),
    ),
)

_POSITION: dict[str, int | None] = {
    **CAPTURES,
    "add_breadcrumb": None,
    "start_span": None,
    "start_transaction": None,
}


_MADE_CLIENT = differs("2.x sends with the active client, not with the one that is created here")


@RULE.on(*(f"Scope.{name}" for name in _POSITION))
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None or use.owner is None:
        return
    given = _client(context, use, call)
    if given is None:
        return
    client = context.values.instance(given.value, "Client")
    live = use.owner.origin in ("configure", "pushed") or _of_current(context, use.owner, use)
    current = client is not None and (
        client.origin == "active" or _of_current(context, client, use)
    )
    message = f"`{use.trigger}()` no longer accepts a client"
    direct = _through_client(context, use, call, given)
    if direct is not None and not (live and current):
        yield context.finding(use, direct.unsafe(MERGED_SCOPES), message=message)
        return
    fix = context.fix("Remove the client argument").add([remove(context, call, given)])
    if not live:
        fix.unsafe(MERGED_SCOPES)
    if not current:
        made = client is not None and client.origin == "made"
        fix.unsafe(_MADE_CLIENT if made else ONE_CLIENT)
    yield context.finding(use, fix, message=message)


def _of_current(context: Context, one: Obj, use: Use) -> bool:
    """Whether a scope or client was read from the hub that is active at the use."""
    if one.origin != "hub" or not isinstance(one.node, cst.Attribute):
        return False
    hub = context.values.instance(one.node.value, "Hub")
    place = judge(context, hub, use.node) if hub is not None else None
    return place is not None and place.known and not place.doubt


def _client(context: Context, use: Use, call: cst.Call) -> cst.Arg | None:
    given = keyword(call, "client")
    index = _POSITION[use.trigger.partition(".")[2]]
    if given is not None or index is None:
        return given
    arg = positional(call, index)
    # In 2.x the same place holds the scope.
    if arg is None or context.values.instance(arg.value, "Client") is None:
        return None
    return arg if index + 1 == len(call.args) or call.args[index + 1].keyword else None


def _through_client(context: Context, use: Use, call: cst.Call, given: cst.Arg) -> FixDraft | None:
    """`client.capture_event(event, hint, scope=scope)`: the one method clients have too."""
    if use.trigger != "Scope.capture_event" or not isinstance(use.node, cst.Attribute):
        return None
    allowed = ("event", "hint", "client")
    if any(arg.star or (arg.keyword and arg.keyword.value not in allowed) for arg in call.args):
        return None
    event, hint = argument(call, "event", 0), argument(call, "hint", 1)
    if event is None or "#" in context.code(call):
        return None
    kept = [context.code(arg) for arg in (event, hint) if arg is not None and arg is not given]
    scope = context.tree.text[slice(*context.tree.outer(use.node.value))]
    text = f"{value_text(context, given)}.capture_event({', '.join([*kept, f'scope={scope}'])})"
    return context.fix("Call `capture_event()` of the client").replace(call, text)
