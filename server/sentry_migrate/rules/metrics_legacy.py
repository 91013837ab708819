"""`metrics.incr(key, tags=…)` → `metrics.count(name, 1.0, attributes=…)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._arguments import keyword, positional, remove, rename
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN608",
    name="metrics-legacy",
    kind="suggested",
    summary="this call of the metrics beta is gone",
    why=(
        "The metrics of 1.x ended: `sentry_sdk.metrics` is missing in 2.41 and 2.42 and has other "
        "functions since 2.43."
    ),
    safety=(
        "Not safe: trace metrics are another product and are always on. `set` and `timing` have no "
        "successor. Needs sentry-sdk 2.43."
    ),
    link=DETAILED_GUIDE,
    since="2.41.0",
    severity=Severity.ERROR,
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
            reason="another product",
        ),
        Rewrites(
            "from sentry_sdk.metrics import gauge\n"
            "def measure(size=1):\n"
            "    gauge(key='size', value=size, tags={'a': 'b'}, stacklevel=1)\n",
            "from sentry_sdk.metrics import gauge\n"
            "def measure(size=1):\n"
            "    gauge(name='size', value=size, attributes={'a': 'b'})\n",
            reason="another product",
        ),
        Reports(
            "from sentry_sdk import metrics\nwith metrics.timing(key='a'):\n    pass\n",
            remedy="distribution",
        ),
        Reports("from sentry_sdk import metrics\nmetrics.incr('a')\n", "2.43", sdk_version="2.20"),
    ),
)

_REASON = "it is sent as a trace metric, which is another product"
_RENAMED = {"key": "name", "tags": "attributes"}


@RULE.on(
    *(f"sentry_sdk.metrics.{name}" for name in ("incr", "increment", "distribution", "gauge")),
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    call = use.call
    counter = use.trigger.endswith(("incr", "increment"))
    old = ("key", "tags", "timestamp", "stacklevel")
    if call is None or not (counter or any(keyword(call, name) for name in old)):
        return
    if not context.at_least(2, 43):
        yield context.finding(use, remedy="Trace metrics need sentry-sdk 2.43; delete the call.")
        return
    if any(arg.star for arg in call.args) or keyword(call, "timestamp") or positional(call, 4):
        yield context.finding(
            use, remedy="Give name, value, unit and attributes; a timestamp cannot be given."
        )
        return
    fix = context.fix("Replace with the trace metric").unsafe(_REASON)
    try:
        if counter:
            _count(context, fix, use, call)
    except NoName as error:
        yield context.finding(use, remedy=str(error))
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
        "Take the time and send it with `metrics.distribution()`."
        if use.trigger.endswith("timing")
        else "Trace metrics have no sets; send `metrics.count()` with an attribute, or a tag."
    )
    yield context.finding(use, remedy=remedy)
