"""`Hub.main` and `GLOBAL_HUB` have no counterpart in 2.x."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT, OTHER_HUB
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN223",
    name="hub-main",
    kind="suggested",
    summary="The main hub (`Hub.main`, `GLOBAL_HUB`) is deprecated",
    messages=("`…` is deprecated",),
    why=(
        "In 1.x, other threads start with the main hub's scope. Its nearest equivalent in 2.x is "
        "the global scope, which every other scope overrides and all threads share."
    ),
    safety=(
        "Never safe: no 2.x code sends exactly the same. What is sent through the main hub becomes "
        "a function that uses what is active at the call; so do `flush()` and "
        "`get_integration()`. No fix for its scope, nor for the hub itself."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    examples=(
        Ignores("from mylib import Hub\nHub.main.scope\n"),
        Ignores("import sentry_sdk\nsentry_sdk.Hub.current.scope.set_tag('a', 'b')\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.Hub.main.scope.set_tag('a', 'b')\n",
            remedy=(
                "Use `sentry_sdk.get_global_scope()` for data that every event should have, and "
                "`sentry_sdk.get_client()` for the client."
            ),
        ),
        Rewrites(
            "from sentry_sdk.hub import GLOBAL_HUB\nGLOBAL_HUB.capture_message('x')\n",
            "from sentry_sdk import capture_message\ncapture_message('x')\n",
            reason="1.x uses the main hub, 2.x uses the scopes that are active here",
        ),
        Rewrites(
            "from sentry_sdk import Hub\nHub.main.get_integration('logging')\n",
            "from sentry_sdk import get_client\nget_client().get_integration('logging')\n",
            reason="2.x uses the active client, which may not be that of the main hub",
        ),
    ),
)


_REMEDY = (
    "Use `sentry_sdk.get_global_scope()` for data that every event should have, and "
    "`sentry_sdk.get_client()` for the client."
)


@RULE.on("=Hub")
def check(use: Use, context: Context) -> Iterator[Draft]:
    hub = use.owner
    if hub is None or hub.origin != "main" or hub.held not in ("inline", "closure", "local"):
        return
    if hub.via is not None and hub.via.kind != "import":
        return
    parent = context.parent(use.node)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "bind_client":
        return
    if isinstance(parent, cst.Attribute) and "session" in parent.attr.value:
        remedy = f"Use `sentry_sdk.get_isolation_scope().{parent.attr.value}()`."
    else:
        remedy = _REMEDY
    fix = _fix(context, use, parent) if isinstance(parent, cst.Attribute) else None
    main = "GLOBAL_HUB" if use.path.endswith("GLOBAL_HUB") else "Hub.main"
    message = f"`{main}` is deprecated"
    yield context.finding(use, fix, remedy="" if fix else remedy, message=message)


_ACTIVE = OTHER_HUB.about("1.x uses the main hub, 2.x uses the scopes that are active here")
_CLIENT = ONE_CLIENT.about("2.x uses the active client, which may not be that of the main hub")


def _fix(context: Context, use: Use, member: cst.Attribute) -> FixDraft | None:
    """What a call of a method of the main hub becomes; None for other uses."""
    call, name = context.parent(member), member.attr.value
    if not isinstance(call, cst.Call) or call.func is not member:
        return None
    if name not in CAPTURES and name not in ("flush", "get_integration"):
        return None
    of_client = name == "get_integration"  # which has no top-level function
    new = f"get_client().{name}" if of_client else f"sentry_sdk.{name}"
    fix = context.fix(f"Replace with `{new}`").unsafe(_ACTIVE if name in CAPTURES else _CLIENT)
    try:
        text = fix.member("get_client", name, use) if of_client else fix.api(name, use)
        return fix.edit(*context.span(member), text)
    except NoName:
        return None
