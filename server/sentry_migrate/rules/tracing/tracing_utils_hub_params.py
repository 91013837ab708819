"""`record_sql_queries(hub, …)` → `record_sql_queries(…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OTHER_HUB
from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import HubArgument, hub_argument, positional, remove
from sentry_migrate.sdk.changes import changes, lost_hub, parameters
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

_DROPPED = {
    name: at
    for name, change in changes().items()
    if (at := lost_hub(change)) is not None and not name.startswith("sentry_sdk.api.")
}
"""Where each function took the hub."""
_RUN = tuple(
    f"sentry_sdk.{module}."
    for module in (
        "tracing_utils",
        "integrations.asgi",
        "integrations.asyncio",
        "integrations.wsgi",
    )
)
"""The modules of those that were compared in 1.x and 2.x; each of the others needs a library."""
_REPLACED = ("sentry_sdk.tracing_utils.should_propagate_trace", "sentry_sdk.utils.is_sentry_url")

RULE = Rule(
    code="SEN413",
    name="tracing-utils-hub-params",
    kind="conditional",
    summary="The helper functions for tracing and of integrations no longer accept a hub",
    messages=(
        "`…` no longer accepts a hub",
        "`…` was removed in …",
    ),
    why=(
        "`record_sql_queries()` silently takes the hub for the cursor and the cursor for the "
        "query; the other functions raise an exception, such as `_capture_exception()` of the "
        "integrations. `should_propagate_trace()` and `is_sentry_url()` expect a client."
    ),
    safety=(
        "Safe where the argument is known to be `Hub.current`. No fix for the functions of "
        "integrations that need a library, because no test compares them."
    ),
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import record_sql_queries\nrecord_sql_queries(hub=1)\n"),
        Ignores(
            "from sentry_sdk.tracing_utils import record_sql_queries\n"
            "def f(cursor, query):\n"
            "    return record_sql_queries(cursor, query, None, None, False)\n"
        ),
        Ignores(
            "import sentry_sdk\n"
            "from sentry_sdk.utils import is_sentry_url\n"
            "is_sentry_url(sentry_sdk.get_client(), 'http://localhost')\n"
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.tracing_utils import record_sql_queries\n"
            "def f(query='SELECT 1'):\n"
            "    with record_sql_queries(Hub.current, None, query, None, None, False):\n"
            "        pass\n",
            "from sentry_sdk.tracing_utils import record_sql_queries\n"
            "def f(query='SELECT 1'):\n"
            "    with record_sql_queries(None, query, None, None, False):\n"
            "        pass\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.utils import is_sentry_url\n"
            "def own(url='http://localhost'):\n"
            "    return is_sentry_url(sentry_sdk.Hub.current, url)\n",
            "import sentry_sdk\n"
            "from sentry_sdk.utils import is_sentry_url\n"
            "def own(url='http://localhost'):\n"
            "    return is_sentry_url(sentry_sdk.get_client(), url)\n",
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.tracing_utils import add_query_source\n"
            "def f(hub: Hub, span):\n"
            "    add_query_source(hub, span)\n",
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.tracing_utils import add_query_source\n"
            "def f(hub: Hub, span):\n"
            "    add_query_source(span)\n",
            reason=(
                "the hub comes from the caller; 1.x uses that hub, 2.x uses the scopes that are "
                "active here"
            ),
        ),
        Rewrites(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.integrations.wsgi import _capture_exception\n"
            "def report():\n"
            "    return _capture_exception(Hub.current)\n",
            "from sentry_sdk.integrations.wsgi import _capture_exception\n"
            "def report():\n"
            "    return _capture_exception()\n",
        ),
        Rewrites(
            "from sentry_sdk.integrations.asgi import _capture_exception\n"
            "def report(hub, error):\n"
            "    _capture_exception(hub, error, 'asgi')\n",
            "from sentry_sdk.integrations.asgi import _capture_exception\n"
            "def report(hub, error):\n"
            "    _capture_exception(error, 'asgi')\n",
            reason="the hub may not be the current one",
        ),
        Flags(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.integrations.aiohttp import get_aiohttp_request_data\n"
            "def body(request):\n"
            "    return get_aiohttp_request_data(Hub.current, request)\n",
            remedy="Call it as `get_aiohttp_request_data(request)`.",
        ),
        Flags(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.tracing_utils import maybe_create_breadcrumbs_from_span\n"
            "def f(span):\n"
            "    maybe_create_breadcrumbs_from_span(Hub.current, span)\n",
            remedy="Call `sentry_sdk.add_breadcrumb()` instead.",
        ),
    ),
)


@RULE.on(*_DROPPED, *_REPLACED)
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    given = _hub(context, use.trigger, call) if call is not None else None
    if call is None or given is None:
        return
    message = f"`{use.trigger.rpartition('.')[2]}()` no longer accepts a hub"
    if use.trigger in _DROPPED and not use.trigger.startswith(_RUN):
        after = ", ".join(parameters(changes()[use.trigger])[1])
        remedy = f"Call it as `{use.trigger.rpartition('.')[2]}({after})`."
        yield context.finding(use, remedy=remedy, message=message)
        return
    if use.trigger in _DROPPED:
        fix = context.fix("Remove the hub argument").add([remove(context, call, given.arg)])
    else:
        fix = context.fix("Replace with `get_client()`")
        try:
            client = fix.api("get_client", given.arg) + "()"
        except NoName as error:
            yield context.finding(use, remedy=by_hand(error), message=message)
            return
        prefix = "client=" if given.arg.keyword is not None else ""
        fix.replace(given.arg, prefix + client)
    if not given.safe:
        fix.unsafe(given.doubt)
    yield context.finding(use, fix, message=message)


def _hub(context: Context, name: str, call: cst.Call) -> HubArgument | None:
    """The hub that a call gives: known to be one, or one argument more than 2.x accepts."""
    at = _DROPPED.get(name, 0)
    given = hub_argument(context, call, at)
    if given is None and name in _DROPPED and len(call.args) > len(parameters(changes()[name])[1]):
        arg = positional(call, at)
        return HubArgument(arg, False, False, OTHER_HUB) if arg is not None else None
    return given


@RULE.on("sentry_sdk.tracing_utils.maybe_create_breadcrumbs_from_span")
def check_gone(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        remedy="Call `sentry_sdk.add_breadcrumb()` instead.",
        message="`maybe_create_breadcrumbs_from_span()` was removed in 2.68",
    )
