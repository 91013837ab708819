"""From paths on the command line to analysed files: what `check` and `report` have in common.

Owns which files are read and what each is told of the project's other modules. Refuses to know
what is done with the results.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sentry_migrate import modules, reexports
from sentry_migrate.cli.progress import progress
from sentry_migrate.engine import files, pool
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.text.lines import LineIndex

if TYPE_CHECKING:
    from sentry_migrate.cli.choose import Choose

FAILED = frozenset(("internal-error", "io-error", "timeout"))
"""Problems that are not the checked code's fault: the run could not do its work."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files were asked for."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    fix: bool = False
    """Whether each is to be fixed too."""


def gather(selection: Selection, choose: Choose) -> tuple[list[pool.Job], list[Entry]]:
    """The files that can have findings, by path, and those that cannot be read."""
    unread: list[Entry] = []

    def failed(path: str, error: OSError) -> None:
        problem = Problem("io-error", error.strerror or str(error))
        unread.append(Entry(shown(path), LineIndex(""), (), problem))

    jobs: dict[str, pool.Job] = {}
    others: list[tuple[files.Found, bytes]] = []
    known: list[tuple[str, bytes]] = []
    rest: list[str] = []
    for found in files.discover(selection.paths, choose, selection.exclude, failed):
        try:
            data = files.read(found.path)
        except OSError as reason:
            if not found.skipped():
                failed(found.path, reason)
            continue
        mentions = pool.mentions_sentry(found.path, data)
        if not (mentions or modules.hints(data)) or found.skipped():
            rest.append(found.path)
            continue
        known.append((found.path, data))
        if mentions:
            _add(jobs, found, data, selection, choose)
        else:
            others.append((found, data))
    handed = reexports.collect(known, rest)
    for real, job in list(jobs.items()):
        if names := handed.concerning(job.path, job.data):
            jobs[real] = replace(job, reexports=tuple(names.items()))
    for found, data in others:
        if names := handed.concerning(found.path, data):
            _add(jobs, found, data, selection, choose, names)
    return sorted(jobs.values(), key=lambda job: job.path), unread


def _add(
    jobs: dict[str, pool.Job],
    found: files.Found,
    data: bytes,
    selection: Selection,
    choose: Choose,
    names: Mapping[str, str] | None = None,
) -> None:
    """A job for the file, unless a pattern of its own settings leaves it out."""
    settings = choose(os.path.dirname(found.path))
    if not found.named and files.excluded(found.path, settings):
        return
    real = os.path.realpath(found.path)  # one file may be found twice
    job = pool.Job(found.path, data, settings, selection.fix, tuple((names or {}).items()))
    jobs.setdefault(real, job)


def analysed(
    jobs: Sequence[pool.Job], processes: int
) -> Iterator[tuple[pool.Job, pool.Result, Entry]]:
    """Each job with what came of it, in order, as processes answer."""
    for job, result in zip(jobs, progress(pool.run(jobs, processes), len(jobs)), strict=True):
        failure = result.report.failure
        problem = Problem.of(failure) if failure else None
        lines, unsafe = LineIndex(result.text), job.settings.unsafe_fixes
        findings = result.report.findings
        yield job, result, Entry(shown(job.path), lines, findings, problem, unsafe)


def shown(path: str) -> str:
    """`path` from the working directory where it is below it."""
    if not os.path.isabs(path):
        return path
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
