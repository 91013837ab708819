"""Analysing many files, each in a process that may die.

libcst can end its process with a segmentation fault, so nothing is parsed in the process that
holds the results: a death costs one file. Owns what is asked and what is answered. Refuses to know
where files come from and how results are shown. The analysis is imported in the children only.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sentry_migrate import reexports
from sentry_migrate.config import Settings
from sentry_migrate.engine.files import holds_dependencies
from sentry_migrate.engine.processes import Death, answers
from sentry_migrate.model import Failure, Finding, Report

SECONDS = 120.0
"""How long the analysis of one file may take."""

_MARKS = tuple(mark.encode() for mark in reexports.MARKS)
_REQUIREMENT = re.compile(rb"sentry[-_.]sdk", re.IGNORECASE)
_WORTHWHILE = 4  # files that take as long as starting one more process
_STACKS = (512 << 20, 128 << 20, 32 << 20)
_RECURSION = 20_000


def mentions_sentry(path: str, data: bytes) -> bool:
    """Whether a file can have findings at all.

    Every encoding Python reads source in spells these ASCII names in the same bytes.
    """
    if any(mark in data for mark in _MARKS):
        return True
    return holds_dependencies(path) and _REQUIREMENT.search(data) is not None


@dataclass(frozen=True, slots=True)
class Job:
    """One file to analyse."""

    path: str
    data: bytes
    settings: Settings
    fix: bool = False
    reexports: tuple[tuple[str, str], ...] = ()
    """Names of the project's own modules that stand for names of the SDK."""


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
    names = dict(job.reexports)
    if not job.fix:
        return Result(job.path, analyze(source, job.settings, path, names), source.text)
    unsafe = job.settings.unsafe_fixes
    outcome = fix(source, job.settings, path, unsafe=unsafe, reexports=names)
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
    useful = max(1, min(processes, len(jobs) // _WORTHWHILE))
    for job, answer in zip(jobs, answers(_examine_deep, jobs, useful, SECONDS), strict=True):
        if isinstance(answer, Death):
            yield Result(job.path, Report(failure=_failure(answer)))
        else:
            yield answer


def _failure(death: Death) -> Failure:
    if death.timeout:
        return Failure("timeout", f"not analysed within {SECONDS:.0f} seconds")
    return Failure("crash", f"the analysis {death.reason}")


def _examine_deep(job: Job) -> Result:
    """`examine` on a deep stack: libcst recurses as deep as the tree, in C and in Python."""
    sys.setrecursionlimit(_RECURSION)
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
