"""Other names that moved or were removed, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import import_from, through_module, written
from sentry_migrate.sdk.changes import (
    MODULES,
    MOVED,
    PARAMETERS,
    REEXPORTS,
    VALUES,
    Change,
    changes,
    lost_hub,
    parameters,
)
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.uses import Use

_BASE64 = "Use `base64` from the standard library."
_METRICS = "Remove it: 2.x sends none of the beta metrics that it was part of."
_NODE = "Remove it; `LRUCache` of 2.x keeps its entries in a dictionary."

_REMEDIES = {
    # what to do about a name that has nothing in its place, by the start of the name
    "utils.to_timestamp": "Use `value.timestamp()` on a datetime with a time zone.",
    "utils.epoch": "Use `datetime(1970, 1, 1)`.",
    "utils.to_base64": _BASE64,
    "utils.from_base64": _BASE64,
    "utils.BASE64_ALPHABET": _BASE64,
    "tracing_utils.base64_stripped": _BASE64,
    "consts.DEFAULT_MAX_VALUE_LENGTH": (
        "Read `get_client().options['max_value_length']`, which may be `None`."
    ),
    "utils._get_debug_hub": "Remove it; the debug log uses the active client.",
    "utils.copy_context": "Import `copy_context` from `contextvars`.",
    "utils._make_noop_copy_context": "Use `contextvars.copy_context`.",
    "utils.FileNotFoundError": "Use the built-in `FileNotFoundError`.",
    "utils._PARTIALMETHOD_AVAILABLE": "Write `True`: every Python that runs 2.x has it.",
    "client.module_not_found_error": "Use the built-in `ModuleNotFoundError`.",
    "scope._merge_scopes": "Remove it; 2.x merges the scopes when it sends an event.",
    "sessions.TERMINAL_SESSION_STATES": 'Write `("exited", "abnormal", "crashed")`.',
    "transport.DataCategory": "Annotate with `str | None`.",
    "_types.EndpointType": "Import `EndpointType` from `sentry_sdk.consts`.",
    "_types.MetricTags": "Annotate with `dict[str, Any]`.",
    "_types.MetricValue": "Annotate with `float`.",
    "_types.BucketKey": _METRICS,
    "_types.FlushedMetricValue": _METRICS,
    "_types.MetricMetaKey": _METRICS,
    "_types.MetricTagValue": _METRICS,
    "_lru_cache.": _NODE,
    "api.hubmethod": "Remove the decorator.",
    "debug._HubBasedClientFilter": "Use `sentry_sdk.debug._DebugFilter`.",
    "integrations.sanic._hub_": "Use `sentry_sdk.isolation_scope()` around the request.",
    "integrations.serverless._flush_client": "Call `sentry_sdk.flush()`.",
    "metrics.": _METRICS,
}
_PRIVATE = "Copy what you need of it from sentry-sdk 1.45.1, or do without: 2.x has no such name."

_OTHERS = (
    # what other rules find, wherever it is imported from
    *("sentry_sdk._compat.", "sentry_sdk.profiler.", "sentry_sdk.hub._should_send_default_pii"),
    *("sentry_sdk.tracing.TRANSACTION_SOURCE_", "sentry_sdk.tracing_utils.maybe_create_"),
    *(f"sentry_sdk.metrics.{name}" for name in ("incr", "set", "timing")),
)
_HUB_INIT = [f"sentry_sdk.hub.{name}" for name in ("init", "_init", "_InitGuard", "Scope")]
_OTHER_PARAMETERS = tuple(
    f"sentry_sdk.{module}." for module in ("api", "tracing_utils", "utils", "metrics")
)
_CONTEXTVARS = "sentry_sdk.utils._get_contextvars"


def _is_ours(name: str, change: Change) -> bool:
    """Whether no other rule finds the name."""
    if change.kind == PARAMETERS:
        return not name.startswith(_OTHER_PARAMETERS) and lost_hub(change) is None
    if change.kind == VALUES:
        return name.removeprefix("sentry_sdk.") in _REMEDIES
    home = change.where if change.kind == REEXPORTS else name
    if change.kind == MODULES or name.rpartition(".")[0] in changes() or name in _HUB_INIT:
        return False
    return home != "sentry_sdk.hub.Hub" and not (home in changes() and home.startswith(_OTHERS))


_NAMES = {name for name, change in changes().items() if _is_ours(name, change)}

RULE = Rule(
    code="SEN605",
    name="import-moved-misc",
    kind="conditional",
    summary="Some internal names of sentry-sdk moved, were removed or take other arguments",
    messages=(
        "`…` was removed in …",
        "`…` cannot be imported from … on",
        "`…` moved in …",
        "`…` has no effect when patched in … and later",
        "`…` has taken different arguments since …",
        "`…` has had a different value since …",
        "`…` has returned two values since 2.0",
    ),
    why=(
        "Importing a name that moved or was removed raises `ImportError`. Among them are those "
        "that a module of 1.x merely imported. A private function of an integration that takes "
        "other arguments raises `TypeError`, as does unpacking three values from "
        "`_get_contextvars()`."
    ),
    safety=(
        "Safe for a name that a module merely imported: the same object is taken from where it is "
        "defined, in 1.x too. There is no fix for the others: they are private, and what is like "
        "them in 2.x differs."
    ),
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib.utils import to_timestamp\nimport sentry_sdk\n"),
        Ignores("from sentry_sdk.utils import event_from_exception\n"),
        Ignores("from sentry_sdk.utils import to_base64\n", sdk_version="2.12"),
        Ignores("from sentry_sdk.tracing import trace\n"),
        Ignores(
            "from sentry_sdk.integrations._asgi_common import _get_url\n"
            "def url(scope):\n"
            "    return _get_url(scope, 'http', None)\n",
            sdk_version="2.60",
        ),
        Rewrites(
            "from sentry_sdk.integrations.flask import FlaskIntegration, Scope\n"
            "def fresh():\n"
            "    return Scope()\n",
            "from sentry_sdk.integrations.flask import FlaskIntegration\n"
            "from sentry_sdk.scope import Scope\n"
            "def fresh():\n"
            "    return Scope()\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.sessions import time\n"
            "def note():\n"
            "    sentry_sdk.set_tag('at', time.time() > 0)\n",
            "import sentry_sdk\n"
            "import time\n"
            "def note():\n"
            "    sentry_sdk.set_tag('at', time.time() > 0)\n",
        ),
        Flags(
            "from sentry_sdk.utils import to_timestamp\n",
            remedy="Use `value.timestamp()` on a datetime with a time zone.",
        ),
        Flags(
            "from sentry_sdk.integrations.celery import crons_task_success\n",
            remedy="Import `crons_task_success` from `sentry_sdk.integrations.celery.beat`.",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.utils.to_base64('x')\n",
            remedy="Use `base64` from the standard library.",
        ),
        Flags(
            "from unittest import mock\nmock.patch('sentry_sdk.transport.json_dumps')\n",
            remedy="Patch `sentry_sdk.utils.json_dumps`.",
        ),
        Flags(
            "from sentry_sdk.integrations._asgi_common import _get_url\n"
            "def url(scope):\n"
            "    return _get_url(scope, 'http', None)\n",
            remedy="Call it as `_get_url(asgi_scope, default_scheme, host, path)`.",
        ),
    ),
)


@RULE.on(
    f"import:{_CONTEXTVARS}",
    *(f"import:{name}" for name in _NAMES if changes()[name].kind != PARAMETERS),
)
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    yield from _found(use, context, use.path)


@RULE.on(_CONTEXTVARS, *{canonical(name) for name in _NAMES})
def check(use: Use, context: Context) -> Iterator[Draft]:
    name = written(context, use)
    change = changes().get(name)
    if change is not None and change.kind == PARAMETERS and name in _NAMES:
        if use.call is not None and context.at_least(*change.since):
            given = ", ".join(parameters(change)[1])
            yield context.finding(
                use,
                message=f"`{name}()` has taken different arguments since {_release(change)}",
                remedy=f"Call it as `{name.rpartition('.')[2]}({given})`.",
            )
    elif through_module(use):
        yield from _found(use, context, name)


@RULE.on(*{f"string:{canonical(name)}" for name in _NAMES})
def check_patch(use: Use, context: Context) -> Iterator[Draft]:
    change = changes().get(use.path)
    if use.path not in _NAMES or change is None or change.kind in (PARAMETERS, VALUES):
        return
    if context.at_least(*change.since):
        place = change.where if change.where not in changes() else ""
        yield context.finding(
            use,
            message=f"`{use.path}` has no effect when patched in {_release(change)} and later",
            remedy=f"Patch `{place}`." if place else "Remove it; nothing in 2.x would call it.",
        )


def _found(use: Use, context: Context, name: str) -> Iterator[Draft]:
    if name == _CONTEXTVARS:
        yield context.finding(
            use,
            message=f"`{name}()` has returned two values since 2.0",
            remedy="Unpack two values; `_get_contextvars()` returned three in 1.x.",
        )
        return
    change = changes().get(name)
    if name not in _NAMES or change is None or not context.at_least(*change.since):
        return
    message = f"`{name}` was removed in {_release(change)}"
    place = change.where
    if change.kind == REEXPORTS and place not in changes():
        yield _reexported(use, context, name, change)
        return
    if change.kind == VALUES:
        message = f"`{name}` has had a different value since {_release(change)}"
    if change.kind == REEXPORTS:
        place = changes()[place].where if changes()[place].kind == MOVED else ""
    if change.kind != VALUES and place:
        message = f"`{name}` moved in {_release(change)}"
    yield context.finding(use, message=message, remedy=_remedy(name, change, place))


def _reexported(use: Use, context: Context, name: str, change: Change) -> Draft:
    """What a module merely imported: the same thing, from where it is defined."""
    message = f"`{name}` cannot be imported from {_release(change)} on"
    module, _, tail = change.where.rpartition(".")
    remedy = _import_it(change.where)
    if context.imports.from_import(use.node) is None:
        return context.finding(use, message=message, remedy=remedy)
    try:
        fix = import_from(context, context.fix(remedy[:-1]), use, module, tail)
    except NoName as error:
        return context.finding(use, message=message, remedy=f"{remedy[:-1]}; {by_hand(error)}")
    return context.finding(use, fix, message=message)


def _import_it(path: str) -> str:
    module, _, tail = path.rpartition(".")
    return f"Import `{tail}` from `{module}`." if module else f"Write `import {tail}`."


def _remedy(name: str, change: Change, place: str) -> str:
    if place and change.kind != VALUES:
        return _import_it(place)
    known = change.where if change.kind == REEXPORTS else name
    tail = known.removeprefix("sentry_sdk.")
    return next((text for start, text in _REMEDIES.items() if tail.startswith(start)), _PRIVATE)


def _release(change: Change) -> str:
    return ".".join(map(str, change.since)).removesuffix(".0")
