"""Internals of the profiler."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.imported_names import through_module
from sentry_migrate.rewrite.statements import delete_call
from sentry_migrate.sdk.changes import MOVED, REMOVED, changes
from sentry_migrate.sdk.uses import Use

_PREFIX = "sentry_sdk.profiler."
_PLACES = {
    # those that are in both profilers of 2.x
    f"{_PREFIX}_scheduler": f"{_PREFIX}transaction_profiler._scheduler",
    f"{_PREFIX}ProcessedSample": f"{_PREFIX}transaction_profiler.ProcessedSample",
}
_NAMES = [
    name
    for name, change in changes().items()
    if name.startswith(_PREFIX) and change.kind in (MOVED, REMOVED)
]

RULE = Rule(
    code="SEN606",
    name="import-profiler",
    kind="conditional",
    summary="Some internals of `sentry_sdk.profiler` moved or were removed",
    messages=(
        "`…` was removed in …",
        "`…` moved to `…` in …",
        "`…` no longer accepts `…`",
    ),
    why=(
        "`sentry_sdk.profiler` became a package in 2.6: public names stayed, but importing "
        "private ones raises `ImportError`. `Profile()` expects `start_ns` instead of a hub, and "
        "`stop_profiling()` was removed in 2.0."
    ),
    safety=(
        "Deleting a call of `stop_profiling()` is safe: it did nothing. Everything else has to "
        "be changed by hand."
    ),
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib.profiler import ThreadPool\nimport sentry_sdk\n"),
        Ignores("from sentry_sdk.profiler import ThreadScheduler\n"),
        Ignores("from sentry_sdk.profiler import _scheduler\n", sdk_version="2.0"),
        Rewrites(
            "import sentry_sdk.profiler\n"
            "def stop(profile=None):\n"
            "    try:\n"
            "        sentry_sdk.profiler._scheduler.stop_profiling(profile)\n"
            "    except AttributeError:\n"
            "        pass\n",
            "def stop(profile=None):\n"
            "    try:\n"
            "        pass\n"
            "    except AttributeError:\n"
            "        pass\n",
            sdk_version="2.0",
        ),
        Flags(
            "from sentry_sdk.profiler import _scheduler\n",
            remedy="Import `_scheduler` from `sentry_sdk.profiler.transaction_profiler`.",
        ),
        Flags(
            "from sentry_sdk.profiler import Profile\n"
            "def begin(transaction, hub):\n"
            "    return Profile(transaction, hub=hub)\n",
            remedy="Remove `hub=` and pass `start_ns=time.perf_counter_ns()`.",
        ),
    ),
)


@RULE.on(*(f"import:{name}" for name in _NAMES))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    yield from _moved(use, context)


@RULE.on(*_NAMES)
def check(use: Use, context: Context) -> Iterator[Draft]:
    if through_module(use):
        yield from _moved(use, context)


@RULE.on("sentry_sdk.profiler.Profile")
def check_profile(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and keyword(use.call, "hub") is not None:
        yield context.finding(
            use,
            remedy="Remove `hub=` and pass `start_ns=time.perf_counter_ns()`.",
            message="`Profile()` no longer accepts `hub=`",
        )


@RULE.on("sentry_sdk.profiler._scheduler.stop_profiling")
def check_stop(use: Use, context: Context) -> Iterator[Draft]:
    edit = delete_call(context, use.call) if use.call is not None else None
    fix = (
        context.fix("Delete the call of `stop_profiling()`").add([edit])
        if edit is not None
        else None
    )
    remedy = "" if fix else "Delete the call of `stop_profiling()`."
    yield context.finding(use, fix, remedy=remedy, message="`stop_profiling()` was removed in 2.0")


def _moved(use: Use, context: Context) -> Iterator[Draft]:
    name = use.trigger.removeprefix("import:")
    change = changes()[name]
    if not context.at_least(*change.since):
        return
    tail = name.rpartition(".")[2]
    release = f"{change.since[0]}.{change.since[1]}"
    home = (_PLACES.get(name) or change.where).rpartition(".")[0]
    message = f"`{name}` moved to `{home}` in {release}"
    remedy = f"Import `{tail}` from `{home}`."
    if not home:
        message, remedy = f"`{name}` was removed in {release}", f"Remove the use of `{tail}`."
    yield context.finding(use, message=message, remedy=remedy)
