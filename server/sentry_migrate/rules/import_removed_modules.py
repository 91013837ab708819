"""Imports from modules that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._moved import binding_of, import_from
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule

_GONE = {
    # module: what to do
    "sentry_sdk._functools": "Import from `functools`.",
    "sentry_sdk.tracing_utils_py2": "Decorate with `sentry_sdk.trace`.",
    "sentry_sdk.tracing_utils_py3": "Decorate with `sentry_sdk.trace`.",
    "sentry_sdk.crons._decorator": "Use `sentry_sdk.crons.monitor`.",
    "sentry_sdk.crons._decorator_py2": "Use `sentry_sdk.crons.monitor`.",
    "sentry_sdk.db": "Drop it: explain plans are no longer attached.",
    "sentry_sdk.integrations.redis.asyncio": "Use `RedisIntegration`, which covers asyncio.",
}
_SINCE = {"sentry_sdk.db": (2, 15), "sentry_sdk.integrations.redis.asyncio": (2, 3)}

RULE = Rule(
    code="SEN604",
    name="import-removed-modules",
    kind="conditional",
    summary="this module of sentry-sdk is gone",
    why=(
        "The import raises `ModuleNotFoundError`: in 2.0, for `integrations.redis.asyncio` since "
        "2.3, for `db` since 2.15."
    ),
    safety="Safe for `wraps` and `partial` of `_functools`, which are those of `functools`.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib.db import query\nimport sentry_sdk\n"),
        Ignores("from sentry_sdk.crons import monitor\n"),
        Ignores("from sentry_sdk.integrations.redis import RedisIntegration\n"),
        Ignores("from sentry_sdk.db.explain_plan import cache_statement\n", sdk_version="2.0"),
        Rewrites(
            "from sentry_sdk import add_breadcrumb\n"
            "from sentry_sdk._functools import partial\n"
            "note = partial(add_breadcrumb, category='note')\n"
            "def work():\n"
            "    note(message='at work')\n",
            "from sentry_sdk import add_breadcrumb\n"
            "from functools import partial\n"
            "note = partial(add_breadcrumb, category='note')\n"
            "def work():\n"
            "    note(message='at work')\n",
        ),
        Reports("from sentry_sdk.db.explain_plan import cache_statement\n", remedy="Drop"),
        Reports("import sentry_sdk.integrations.redis.asyncio\n", remedy="RedisIntegration"),
    ),
)


@RULE.gather
def check(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for use in context.uses:
        if use.trigger != f"import:{use.path}":
            continue
        module = _module(use.path)
        if not module or not context.at_least(*_SINCE.get(module, (2, 0))):
            continue
        if use.path.endswith(".start_child_span_decorator"):
            continue  # trace-decorator-internals has a better name for it
        fix: FixDraft | None = None
        head, _, name = use.path.rpartition(".")
        same = head == "sentry_sdk._functools" and name in ("wraps", "partial")
        if same and binding_of(context, use) is not None:
            fix = context.fix("Import it from `functools`")
            import_from(context, fix, use, "functools", name)
        yield context.finding(use, fix, remedy="" if fix else _GONE[module])


def _module(path: str) -> str:
    """The removed module an import reaches; empty for all others."""
    for module in _GONE:
        if path == module or path.startswith(module + "."):
            return module
    return ""
