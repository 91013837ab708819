"""`start_child_span_decorator` → `sentry_sdk.trace`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import rename_reads, through_module
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

_NAMES = [
    f"sentry_sdk.{module}.start_child_span_decorator"
    for module in ("tracing_utils", "tracing_utils_py3", "tracing_utils_py2")
]

RULE = Rule(
    code="SEN412",
    name="trace-decorator-internals",
    kind="safe",
    summary="`start_child_span_decorator` was removed; use `sentry_sdk.trace`",
    why=(
        "The modules `tracing_utils_py3` and `tracing_utils_py2` were removed in 2.0. The name "
        "in `tracing_utils`, which the migration guide recommends, was removed in 2.35."
    ),
    safety="Safe: `sentry_sdk.trace` is the same decorator, in 1.x too.",
    link=GUIDE,
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nfrom mylib import start_child_span_decorator\n"),
        Ignores("from sentry_sdk import trace\n@trace\ndef f():\n    pass\n"),
        Rewrites(
            "from sentry_sdk.tracing_utils_py3 import start_child_span_decorator\n"
            "\n"
            "@start_child_span_decorator\n"
            "def work():\n"
            "    pass\n",
            "from sentry_sdk import trace\n\n@trace\ndef work():\n    pass\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.tracing_utils_py3 import start_child_span_decorator as traced\n"
            "\n"
            "@traced\n"
            "def work():\n"
            "    sentry_sdk.add_breadcrumb(message='at work')\n",
            "import sentry_sdk\n"
            "from sentry_sdk import trace\n"
            "\n"
            "@trace\n"
            "def work():\n"
            "    sentry_sdk.add_breadcrumb(message='at work')\n",
        ),
        Rewrites(
            "from sentry_sdk.tracing_utils_py3 import start_child_span_decorator\n"
            "__all__ = ['start_child_span_decorator']\n",
            "from sentry_sdk import trace as start_child_span_decorator\n"
            "__all__ = ['start_child_span_decorator']\n",
        ),
    ),
)


@RULE.on(*(f"import:{name}" for name in _NAMES))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    try:
        fix = rename_reads(context, use, "trace", "Replace with `sentry_sdk.trace`")
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
        return
    yield context.finding(use, fix, remedy="" if fix else "Import `trace` from `sentry_sdk`.")


@RULE.on(*_NAMES)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if not through_module(use):
        return
    fix = context.fix("Replace with `sentry_sdk.trace`")
    try:
        yield context.finding(use, fix.edit(use.start, use.end, fix.api("trace", use)))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error))
