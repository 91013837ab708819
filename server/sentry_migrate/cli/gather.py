"""From paths on the command line to analysed files: what `check` and `report` have in common.

Owns which files are read and what each is told of the project's other modules. Refuses to know
what is done with the results.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sentry_migrate import reexports
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
    for found in files.discover(selection.paths, choose, selection.exclude, failed):
        try:
            data = files.read(found.path)
        except OSError as reason:
            if not found.skipped():
                failed(found.path, reason)
            continue
        if not pool.mentions_sentry(found.path, data):
            if reexports.hints(data):
                others.append((found, data))
            continue
        _add(jobs, found, data, selection, choose)
    _follow(jobs, others, selection, choose)
    return sorted(jobs.values(), key=lambda job: job.path), unread


def _add(
    jobs: dict[str, pool.Job],
    found: files.Found,
    data: bytes,
    selection: Selection,
    choose: Choose,
    names: reexports.Names | None = None,
) -> None:
    """A job for the file, unless a pattern leaves it out."""
    settings = choose(os.path.dirname(found.path))
    if found.skipped() or (not found.named and files.excluded(found.path, settings)):
        return
    real = os.path.realpath(found.path)  # one file may be found twice
    job = pool.Job(found.path, data, settings, selection.fix, tuple((names or {}).items()))
    jobs.setdefault(real, job)


def _follow(
    jobs: dict[str, pool.Job],
    others: Sequence[tuple[files.Found, bytes]],
    selection: Selection,
    choose: Choose,
) -> None:
    """Tell each job which names it gets from the project's own modules; add files that only do."""
    known = [(job.path, job.data) for job in jobs.values()]
    handed = reexports.collect([*known, *((found.path, data) for found, data in others)])
    for real, job in list(jobs.items()):
        names = reexports.concerning(handed, job.path, job.data)
        if names:
            jobs[real] = replace(job, reexports=tuple(names.items()))
    for found, data in others:
        names = reexports.concerning(handed, found.path, data)
        if names:
            _add(jobs, found, data, selection, choose, names)


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
