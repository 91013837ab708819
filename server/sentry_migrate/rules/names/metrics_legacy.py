"""`metrics.incr(key, tags=…)` → `metrics.count(name, 1.0, attributes=…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import keyword, positional, remove, rename
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN608",
    name="metrics-legacy",
    kind="suggested",
    summary="The beta API for metrics was removed",
    messages=("`…` was removed with the beta API for metrics",),
    why=(
        "The metrics of 1.x were discontinued: `sentry_sdk.metrics` is missing in 2.41 and 2.42, "
        "and has had different functions since 2.43."
    ),
    safety=(
        "Unsafe: trace metrics are a different product and are always on. `set` and `timing` "
        "have no replacement. Needs sentry-sdk 2.43."
    ),
    link=DETAILED_GUIDE,
    since="2.41.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import metrics\nmetrics.incr('a')\n"),
        Ignores("from sentry_sdk import metrics\nmetrics.gauge('a', 1)\n"),
        Ignores("from sentry_sdk import metrics\nmetrics.distribution('a', 1, unit='second')\n"),
        Rewrites(
            "from sentry_sdk import metrics\n"
            "def signup(plan='free'):\n"
            "    metrics.incr('signup', tags={'plan': plan})\n",
            "from sentry_sdk import metrics\n"
            "def signup(plan='free'):\n"
            "    metrics.count('signup', 1.0, attributes={'plan': plan})\n",
            reason="it is sent as a trace metric, which is a different product",
        ),
        Rewrites(
            "from sentry_sdk.metrics import gauge\n"
            "def measure(size=1):\n"
            "    gauge(key='size', value=size, tags={'a': 'b'}, stacklevel=1)\n",
            "from sentry_sdk.metrics import gauge\n"
            "def measure(size=1):\n"
            "    gauge(name='size', value=size, attributes={'a': 'b'})\n",
            reason="it is sent as a trace metric, which is a different product",
        ),
        Flags(
            "from sentry_sdk import metrics\nwith metrics.timing(key='a'):\n    pass\n",
            remedy="Measure the time and send it with `sentry_sdk.metrics.distribution()`.",
        ),
        Flags(
            "from sentry_sdk import Hub\nHub.current.client.metrics_aggregator.flush()\n",
            remedy="Remove it: 2.x sends none of the metrics that it collected.",
        ),
        Flags(
            "from sentry_sdk import metrics\nmetrics.incr('a')\n",
            "Delete the call; trace metrics need sentry-sdk 2.43.",
            sdk_version="2.20",
        ),
    ),
)

_REASON = OTHER_FORM.about("it is sent as a trace metric, which is a different product")
_AGGREGATORS = ("_get_local_aggregator", "_local_aggregator")
_RENAMED = {"key": "name", "tags": "attributes"}


@RULE.on(
    *(f"sentry_sdk.metrics.{name}" for name in ("incr", "increment", "distribution", "gauge")),
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    counter = use.trigger.endswith(("incr", "increment"))
    old = ("key", "tags", "timestamp", "stacklevel")
    if call is None and counter:
        yield context.finding(use, remedy="Use `sentry_sdk.metrics.count()`, which takes a value.")
    if call is None or not (counter or any(keyword(call, name) for name in old)):
        return
    if not context.has("metrics.count"):
        yield context.finding(use, remedy="Delete the call; trace metrics need sentry-sdk 2.43.")
        return
    if any(arg.star for arg in call.args) or keyword(call, "timestamp") or positional(call, 4):
        yield context.finding(
            use,
            remedy=(
                "Pass name, value, unit and attributes as plain arguments; trace metrics accept "
                "no timestamp."
            ),
        )
        return
    name = "count" if counter else use.trigger.rpartition(".")[2]
    fix = context.fix(f"Replace with the trace metric `{name}()`").unsafe(_REASON)
    try:
        if counter:
            _count(context, fix, use, call)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in _RENAMED:
            fix.add([rename(context, arg, _RENAMED[arg.keyword.value])])
    level = keyword(call, "stacklevel")
    if level is not None:
        fix.add([remove(context, call, level)])
    yield context.finding(use, fix)


def _count(context: Context, fix: FixDraft, use: Use, call: cst.Call) -> None:
    """Call `count`, which wants a value. Raises NoName."""
    if isinstance(use.node, cst.Attribute):
        fix.replace(use.node.attr, "count")
    else:
        fix.edit(use.start, use.end, fix.api("metrics.count", use))
    if positional(call, 1) is None and keyword(call, "value") is None and call.args:
        first = keyword(call, "key") or call.args[0]
        at = context.span(first)[1]
        fix.edit(at, at, ", value=1.0" if first.keyword is not None else ", 1.0")


@RULE.on("sentry_sdk.metrics.set", "sentry_sdk.metrics.timing")
def check_gone(use: Use, context: Context) -> Iterator[Draft]:
    remedy = (
        "Measure the time and send it with `sentry_sdk.metrics.distribution()`."
        if use.trigger.endswith("timing")
        else (
            "Trace metrics have no sets; use `sentry_sdk.metrics.count()` with an attribute, or "
            "a tag."
        )
    )
    yield context.finding(use, remedy=remedy)


@RULE.on(
    "Client.metrics_aggregator",
    *(f"{owner}.{name}" for owner in ("Span", "Transaction") for name in _AGGREGATORS),
)
def check_aggregator(use: Use, context: Context) -> Iterator[Draft]:
    yield context.finding(
        use,
        remedy="Remove it: 2.x sends none of the metrics that it collected.",
        message=f"`{use.trigger}` was removed with the beta API for metrics",
    )
