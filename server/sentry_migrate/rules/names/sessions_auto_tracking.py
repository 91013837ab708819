"""`auto_session_tracking(hub)` → `track_session(scope)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.arguments import hub_argument, keyword
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN610",
    name="sessions-auto-tracking",
    kind="conditional",
    summary="`auto_session_tracking()` is deprecated; use `track_session()` with a scope",
    why=(
        "It has warned since 2.13 and will be removed in 3.0, as will "
        "`is_auto_session_tracking_enabled()`."
    ),
    safety=(
        "Safe without a hub, and with one that is known to be `Hub.current`. There is no public "
        "replacement for asking whether tracking is on. Needs sentry-sdk 2.13."
    ),
    link=DETAILED_GUIDE,
    since="2.13.0",
    examples=(
        Ignores("from mylib.sessions import auto_session_tracking\nauto_session_tracking()\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(auto_session_tracking=False)\n"),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.sessions import auto_session_tracking\n"
            "def serve():\n"
            "    with auto_session_tracking(Hub.current, session_mode='request'):\n"
            "        pass\n",
            "from sentry_sdk import get_isolation_scope\n"
            "from sentry_sdk.sessions import track_session\n"
            "def serve():\n"
            "    with track_session(get_isolation_scope(), session_mode='request'):\n"
            "        pass\n",
        ),
        Rewrites(
            "import sentry_sdk.sessions\n"
            "def serve():\n"
            "    with sentry_sdk.sessions.auto_session_tracking(session_mode='request'):\n"
            "        pass\n",
            "import sentry_sdk.sessions\n"
            "def serve():\n"
            "    with sentry_sdk.sessions.track_session(\n"
            "        sentry_sdk.get_isolation_scope(), session_mode='request'\n"
            "    ):\n"
            "        pass\n",
        ),
        Flags(
            "from sentry_sdk.sessions import auto_session_tracking\n"
            "def serve(hub):\n"
            "    return auto_session_tracking(hub)\n",
            remedy=(
                "Use `with sentry_sdk.sessions.track_session(scope):` with the scope that holds "
                "the session."
            ),
        ),
        Flags(
            "from sentry_sdk.sessions import is_auto_session_tracking_enabled\n"
            "def serve():\n"
            "    return is_auto_session_tracking_enabled()\n",
            remedy="Read the option from `get_client().options`; there is no public replacement.",
        ),
    ),
)

_REMEDY = (
    "Use `with sentry_sdk.sessions.track_session(scope):` with the scope that holds the session."
)


@RULE.on("sentry_sdk.sessions.auto_session_tracking")
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    if call is None:
        return
    hub = hub_argument(context, call)
    mode = keyword(call, "session_mode")
    rest = [arg for arg in call.args if arg is not mode and (hub is None or arg is not hub.arg)]
    if rest or (hub is not None and not hub.safe):
        yield context.finding(use, remedy=_REMEDY)
        return
    fix = context.fix("Replace with `track_session()`")
    try:
        fix.edit(use.start, use.end, fix.api("sessions.track_session", use))
        scope = fix.api("get_isolation_scope", use) + "()"
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    if hub is not None:
        given = "scope=" + scope if hub.arg.keyword is not None else scope
        fix.replace(hub.arg, given)
    else:
        at = context.span(call.args[0])[0] if call.args else context.span(call)[1] - 1
        fix.edit(at, at, scope + (", " if call.args else ""))
    yield context.finding(use, fix)


@RULE.on("sentry_sdk.sessions.is_auto_session_tracking_enabled")
def check_predicate(use: Use, context: Context) -> Iterator[Draft]:
    if not isinstance(context.parent(use.node), cst.Attribute):
        yield context.finding(
            use,
            remedy="Read the option from `get_client().options`; there is no public replacement.",
        )
