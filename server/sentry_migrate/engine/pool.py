"""Analysing many files, each in a process that may die.

Owns the processes. libcst can end its process with a segmentation fault, so nothing is parsed in
the process that holds the results: a death costs one file. Refuses to know where files come from
and how results are shown. The analysis is imported in the children only.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import PurePath
from typing import Literal

from sentry_migrate.config import Settings
from sentry_migrate.model import Failure, Finding, Report

SECONDS = 120.0
"""How long the analysis of one file may take."""

MARKS = (b"sentry_sdk", b"raven-sentry")
"""engine.analyze.MARKS as bytes, spelled again because importing that loads libcst."""
_WORTHWHILE = 4  # files that take as long as starting one more process
_STACKS = (512 << 20, 128 << 20, 32 << 20)
_RECURSION = 20_000


def mentions_sentry(data: bytes) -> bool:
    """Whether a file can have findings at all.

    Every encoding Python reads source in spells these ASCII names in the same bytes.
    """
    return any(mark in data for mark in MARKS)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to analyse."""

    path: str
    data: bytes
    settings: Settings
    fix: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one job."""

    path: str
    report: Report
    """Of the fixed text, if the job was to fix."""
    text: str = ""
    """The text that `report` speaks of; empty where the bytes cannot be decoded."""
    applied: tuple[Finding, ...] = ()
    fixed: bytes | None = None
    """The bytes to write; None where nothing changes."""


def examine(job: Job) -> Result:
    """Analyse, and fix if asked to, in this process. Imports libcst."""
    from sentry_migrate.engine.analyze import analyze
    from sentry_migrate.engine.fix import fix
    from sentry_migrate.text.source import DecodeError, Source

    path = PurePath(job.path)
    try:
        source = Source.from_bytes(job.data)
    except DecodeError as error:
        return Result(job.path, Report(failure=Failure("decode", str(error))))
    if not job.fix:
        return Result(job.path, analyze(source, job.settings, path), source.text)
    outcome = fix(source, job.settings, path, unsafe=job.settings.unsafe_fixes)
    if not outcome.edits:
        return Result(job.path, outcome.remaining, source.text)
    try:
        fixed = source.to_bytes(outcome.text)
    except DecodeError as error:
        report = Report(failure=Failure("decode", f"the fixed text has no such bytes: {error}"))
        return Result(job.path, report, source.text)
    return Result(job.path, outcome.remaining, outcome.text, outcome.applied, fixed)


def run(jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    """The result of every job, in order. At most `processes` children run at once."""
    if not jobs:
        return
    from pebble import ProcessPool

    # Fresh interpreters: a fork of a process with threads may deadlock, and would keep our
    # standard streams open after our death.
    context = multiprocessing.get_context("spawn")
    with ProcessPool(
        max_workers=max(1, min(processes, len(jobs) // _WORTHWHILE)),
        initializer=_prepare_child,
        context=context,
    ) as pool:
        futures = [pool.schedule(_examine_deep, (job,), timeout=SECONDS) for job in jobs]
        try:
            for job, future in zip(jobs, futures, strict=True):
                try:
                    yield future.result()
                except Exception as error:
                    yield Result(job.path, Report(failure=_failure(error)))
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]  # the reader is gone; so may the jobs
            raise


def _failure(error: Exception) -> Failure:
    kind: Literal["crash", "timeout"] = "crash"
    code = getattr(error, "exitcode", None)
    if isinstance(error, FutureTimeout):
        kind, message = "timeout", f"not analysed within {SECONDS:.0f} seconds"
    elif isinstance(code, int) and code < 0:
        message = f"the analysis was killed by {signal.Signals(-code).name}"
    elif code is not None:
        message = f"the analysis ended with exit code {code}"
    else:
        message = f"the analysis failed: {type(error).__name__}: {error}"
    return Failure(kind, message)


def _examine_deep(job: Job) -> Result:
    """`examine` on a deep stack: libcst recurses as deep as the tree, in C and in Python."""
    results: list[Result | Exception] = []

    def target() -> None:
        try:
            results.append(examine(job))
        except Exception as error:
            results.append(error)

    for size in _STACKS:
        threading.stack_size(size)
        thread = threading.Thread(target=target)
        try:
            thread.start()
        except RuntimeError:
            continue  # an address space limit; try a smaller stack
        thread.join()
        break
    result = results[0] if results else MemoryError("no stack for the analysis")
    if isinstance(result, Exception):
        raise result
    return result


def _prepare_child() -> None:
    """Ctrl-C is the parent's to handle; and when the parent is killed, no child stays behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setrecursionlimit(_RECURSION)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()


def _die_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
