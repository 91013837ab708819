"""`record_sql_queries(hub, …)` → `record_sql_queries(…)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._arguments import hub_argument, remove
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

_DROPPED = (
    "sentry_sdk.tracing_utils.record_sql_queries",
    "sentry_sdk.tracing_utils.add_query_source",
)
_REPLACED = ("sentry_sdk.tracing_utils.should_propagate_trace", "sentry_sdk.utils.is_sentry_url")

RULE = Rule(
    code="SEN413",
    name="tracing-utils-hub-params",
    kind="conditional",
    summary="the helpers for tracing take no hub any more",
    why=(
        "`record_sql_queries()` takes the hub for the cursor and the cursor for the query without "
        "a word; the others raise. `should_propagate_trace()` and `is_sentry_url()` want a client."
    ),
    safety="Safe where the argument is visibly `Hub.current`.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
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
            reason="caller",
        ),
        Reports(
            "from sentry_sdk import Hub\n"
            "from sentry_sdk.tracing_utils import maybe_create_breadcrumbs_from_span\n"
            "def f(span):\n"
            "    maybe_create_breadcrumbs_from_span(Hub.current, span)\n",
            remedy="add_breadcrumb",
        ),
    ),
)


@RULE.on(*_DROPPED, *_REPLACED)
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    given = hub_argument(context, call) if call is not None else None
    if call is None or given is None:
        return
    if use.trigger in _DROPPED:
        fix = context.fix("Remove the hub").add([remove(context, call, given.arg)])
    else:
        fix = context.fix("Give the client")
        try:
            client = fix.api("get_client", given.arg) + "()"
        except NoName as error:
            yield context.finding(use, remedy=str(error))
            return
        prefix = "client=" if given.arg.keyword is not None else ""
        fix.replace(given.arg, prefix + client)
    if not given.safe:
        fix.unsafe(given.reason)
    yield context.finding(use, fix)


@RULE.on("sentry_sdk.tracing_utils.maybe_create_breadcrumbs_from_span")
def check_gone(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use, remedy="The function is gone since 2.68; call `sentry_sdk.add_breadcrumb()`."
    )
