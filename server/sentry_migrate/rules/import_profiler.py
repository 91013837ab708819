"""Internals of the profiler."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._arguments import keyword
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._moved import through_module
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.rules._statements import delete_call
from sentry_migrate.syntax.uses import Use

_MOVED = (
    *("_scheduler", "ProcessedSample", "ProcessedStack", "ProcessedFrame", "ProcessedProfile"),
    "ProcessedThreadMetadata",
)
_GONE = (
    *("ThreadPool", "ThreadId", "FrameId", "FrameIds", "StackId", "ExtractedStack"),
    *("ExtractedSample", "ProfileContext", "thread_sleep"),
)

RULE = Rule(
    code="SEN606",
    name="import-profiler",
    kind="conditional",
    summary="this internal of the profiler is gone",
    why=(
        "`sentry_sdk.profiler` is a package since 2.6: public names stayed, private ones raise "
        "`ImportError`. `Profile()` wants `start_ns` instead of a hub, and `stop_profiling()` is "
        "gone since 2.0."
    ),
    safety="Deleting `stop_profiling()` is safe: it did nothing. The rest is left to a person.",
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
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
        Reports("from sentry_sdk.profiler import _scheduler\n", remedy="transaction_profiler"),
        Reports(
            "from sentry_sdk.profiler import Profile\n"
            "def begin(transaction, hub):\n"
            "    return Profile(transaction, hub=hub)\n",
            remedy="start_ns",
        ),
    ),
)


@RULE.on(*(f"import:sentry_sdk.profiler.{name}" for name in (*_MOVED, *_GONE)))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    if context.at_least(2, 6):
        yield context.finding(use, remedy=_remedy(use))


@RULE.on(*(f"sentry_sdk.profiler.{name}" for name in (*_MOVED, *_GONE)))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if through_module(use) and context.at_least(2, 6):
        yield context.finding(use, remedy=_remedy(use))


@RULE.on("sentry_sdk.profiler.Profile")
def check_profile(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None and keyword(use.call, "hub") is not None:
        yield context.finding(
            use, remedy="Drop `hub=` and give `start_ns`, of `time.perf_counter_ns()`."
        )


@RULE.on("sentry_sdk.profiler._scheduler.stop_profiling")
def check_stop(use: Use, context: Context) -> Iterator[Draft]:
    edit = delete_call(context, use.call) if use.call is not None else None
    fix = context.fix("Delete the call").add([edit]) if edit is not None else None
    yield context.finding(use, fix, remedy="" if fix else "Delete the call.")


def _remedy(use: Use) -> str:
    if use.trigger.endswith(_MOVED):
        return "It lives in `sentry_sdk.profiler.transaction_profiler`, still private."
    return "It is private and gone; do without it."
