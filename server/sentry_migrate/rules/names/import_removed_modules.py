"""Imports from modules that were removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import import_from
from sentry_migrate.sdk.changes import changes

_DECORATE = "Decorate with `sentry_sdk.trace`."
_MONITOR = "Use `sentry_sdk.crons.monitor`."
_GONE = {
    # module: what to do
    "sentry_sdk._functools": "Import from `functools`.",
    "sentry_sdk.tracing_utils_py2": _DECORATE,
    "sentry_sdk.tracing_utils_py3": _DECORATE,
    "sentry_sdk.crons._decorator": _MONITOR,
    "sentry_sdk.crons._decorator_py2": _MONITOR,
    "sentry_sdk.db": "Remove it: 2.x no longer attaches explain plans.",
    "sentry_sdk.integrations.redis.asyncio": "Use `RedisIntegration`, which covers asyncio.",
}

RULE = Rule(
    code="SEN604",
    name="import-removed-modules",
    kind="conditional",
    summary="Some modules of sentry-sdk were removed",
    messages=("The module `…` was removed in …",),
    why=(
        "Importing them raises `ModuleNotFoundError`: from 2.0 on, for "
        "`integrations.redis.asyncio` from 2.3 on, for `db` from 2.15 on."
    ),
    safety="Safe for `wraps` and `partial` from `_functools`, which are the ones from `functools`.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
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
        Flags(
            "from sentry_sdk.db.explain_plan import cache_statement\n",
            remedy="Remove it: 2.x no longer attaches explain plans.",
        ),
        Flags(
            "import sentry_sdk.integrations.redis.asyncio\n",
            remedy="Use `RedisIntegration`, which covers asyncio.",
        ),
    ),
)


@RULE.gather
def check(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    found = {draft.start for draft in drafts}
    for use in context.uses:
        if use.trigger != f"import:{use.path}":
            continue
        module = _module(use.path)
        if not module or not context.at_least(*changes()[module].since):
            continue
        if use.start in found:
            continue  # another rule knows what became of this name
        fix: FixDraft | None = None
        head, _, name = use.path.rpartition(".")
        same = head == "sentry_sdk._functools" and name in ("wraps", "partial")
        if same and context.imports.from_import(use.node) is not None:
            fix = context.fix(f"Import `{name}` from `functools`")
            import_from(context, fix, use, "functools", name)
        release = "{}.{}".format(*changes()[module].since)
        message = f"The module `{module}` was removed in {release}"
        yield context.finding(use, fix, remedy="" if fix else _GONE[module], message=message)


def _module(path: str) -> str:
    """The removed module an import reaches; empty for all others."""
    for module in _GONE:
        if path == module or path.startswith(module + "."):
            return module
    return ""
