"""Other names that moved or went away, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._moved import through_module
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rule
from sentry_migrate.syntax.uses import Use

_BEAT = "Import it from `sentry_sdk.integrations.celery.beat`."
_REDIS = "It is private; the parts of the Redis integration are in modules of their own now."
_BASE64 = "Use `base64` of the standard library."

_GONE: dict[str, tuple[tuple[int, int, int], str]] = {
    # name: (the first release without it, what to do)
    "utils.to_timestamp": ((2, 74, 0), "Use `value.timestamp()` of a datetime with a time zone."),
    "utils.epoch": ((2, 74, 0), "Use `datetime(1970, 1, 1)`."),
    "utils.to_base64": ((2, 69, 0), _BASE64),
    "utils.from_base64": ((2, 69, 0), _BASE64),
    "utils.DEFAULT_MAX_VALUE_LENGTH": (
        (2, 61, 0),
        "Read `get_client().options['max_value_length']`, which may be `None`.",
    ),
    "utils._get_debug_hub": ((2, 10, 0), "Drop it; the debug log asks the active client."),
    "utils.copy_context": ((2, 0, 0), "Import it from `contextvars`."),
    "utils._make_noop_copy_context": ((2, 0, 0), "Use `contextvars.copy_context`."),
    "utils._get_contextvars": ((2, 0, 0), "It returns two values; 1.x returned three."),
    "utils.urlparse": ((2, 0, 0), "Use `import urllib.parse as urlparse`."),
    "utils.text_type": ((2, 0, 0), "Use `str`."),
    "scope._merge_scopes": ((2, 0, 0), "Scopes are merged when an event is sent; drop it."),
    "scope.extract_sentrytrace_data": ((2, 0, 1), "Import it from `sentry_sdk.tracing_utils`."),
    "integrations.celery.crons_task_success": ((2, 0, 0), _BEAT),
    "integrations.celery.crons_task_failure": ((2, 0, 0), _BEAT),
    "integrations.celery.crons_task_retry": ((2, 0, 0), _BEAT),
    "integrations.redis.patch_redis_client": ((2, 3, 0), _REDIS),
    "integrations.redis.patch_redis_pipeline": ((2, 3, 0), _REDIS),
    "integrations.redis._get_span_description": ((2, 3, 0), _REDIS),
    "integrations.redis._set_db_data": ((2, 3, 0), _REDIS),
    "_types.EndpointType": ((2, 0, 0), "Import it from `sentry_sdk.consts`."),
    "_types.MetricTags": ((2, 41, 0), "Annotate with `dict[str, Any]`."),
    "_types.MetricValue": ((2, 41, 0), "Annotate with `float`."),
    "api.hubmethod": ((2, 0, 0), "Drop the decorator."),
}

RULE = Rule(
    code="SEN605",
    name="import-moved-misc",
    kind="manual",
    summary="this name of sentry-sdk moved or went away",
    why="The import raises `ImportError`; for `_get_contextvars`, unpacking raises `ValueError`.",
    safety="Nothing is rewritten: most of these are private, and what replaces them differs.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib.utils import to_timestamp\nimport sentry_sdk\n"),
        Ignores("from sentry_sdk.utils import event_from_exception\n"),
        Ignores("from sentry_sdk.utils import to_base64\n", sdk_version="2.12"),
        Reports("from sentry_sdk.utils import to_timestamp\n", remedy="timestamp()"),
        Reports("from sentry_sdk.integrations.celery import crons_task_success\n", remedy="beat"),
        Reports("import sentry_sdk\nsentry_sdk.utils.to_base64('x')\n", remedy="base64"),
    ),
)


@RULE.on(*(f"import:sentry_sdk.{name}" for name in _GONE))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    yield from _found(use, context)


@RULE.on(*(f"sentry_sdk.{name}" for name in _GONE))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if through_module(use) and isinstance(use.node, cst.Attribute):
        yield from _found(use, context)


def _found(use: Use, context: Context) -> Iterator[Draft]:
    since, remedy = _GONE[use.trigger.partition("sentry_sdk.")[2]]
    if context.at_least(*since):
        yield context.finding(use, remedy=remedy)
