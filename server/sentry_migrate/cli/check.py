"""`sentry-migrate check`: find files, have them analysed, write what is fixed, report the rest.

Owns the order of these steps and the exit code. Refuses to know how a finding looks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sentry_migrate import reexports
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.output import error, report, would_fix
from sentry_migrate.cli.progress import progress
from sentry_migrate.engine import files, pool, write
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.text.lines import LineIndex

_FAILED = frozenset(("internal-error", "io-error", "timeout"))
"""Problems that are not the checked code's fault: the run could not do its work."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    paths: tuple[str, ...]
    """Files and directories, or `-` alone."""
    fix: bool = False
    diff: bool = False
    output_format: str = "full"
    """`full`, `concise` or `json`."""
    statistics: bool = False
    exclude: tuple[str, ...] = ()
    stdin_filename: str | None = None
    jobs: int = 1
    exit_zero: bool = False
    quiet: bool = False

    @property
    def stdin(self) -> bool:
        """Whether the file to check is standard input."""
        return self.paths == ("-",)


def run(options: Options, choose: Choose) -> int:
    """Check and report; the exit code. Raises ConfigError before anything is written."""
    entries: list[Entry] = []
    data = sys.stdin.buffer.read() if options.stdin else b""
    jobs = _stdin_job(data, options, choose) if options.stdin else _jobs(options, choose, entries)
    applied = changed = 0
    for job, result in zip(jobs, progress(pool.run(jobs, options.jobs), len(jobs)), strict=True):
        problem = Problem.of(result.report.failure) if result.report.failure else None
        findings = result.report.findings
        if result.fixed is not None and result.fixed != job.data:
            changed += 1
            trouble = None
            if options.diff:
                _to_stdout(unified(shown(job.path), job.data, result.fixed))
            elif options.stdin:
                data = result.fixed
            else:
                trouble = _write(job, result.fixed)
            if trouble:
                problem, findings = trouble, ()  # of a text that is nowhere
            else:
                applied += len(result.applied)
        unsafe = job.settings.unsafe_fixes
        lines = LineIndex(result.text)
        entries.append(Entry(shown(job.path), lines, findings, problem, unsafe))
    filtering = options.stdin and options.fix and not options.diff
    if filtering:
        _to_stdout(data)
    for entry in entries:
        if entry.problem:
            error(entry)
    if options.diff:
        if not options.quiet:
            would_fix(applied, changed)
    else:
        stream = sys.stderr if filtering else sys.stdout
        report(entries, applied, options.output_format, options.statistics, options.quiet, stream)
    return _exit_code(entries, changed, options)


def _exit_code(entries: Sequence[Entry], changed: int, options: Options) -> int:
    problems = {entry.problem.name for entry in entries if entry.problem}
    if problems & _FAILED:
        return 2
    left = changed if options.diff else any(entry.findings for entry in entries)
    return 1 if (left or problems) and not options.exit_zero else 0


def _stdin_job(data: bytes, options: Options, choose: Choose) -> list[pool.Job]:
    path = options.stdin_filename or "-"
    settings = choose(os.path.dirname(os.path.abspath(path)))
    job = pool.Job(path, data, settings, options.fix or options.diff)
    return [job] if pool.mentions_sentry(path, data) else []


def _jobs(options: Options, choose: Choose, unread: list[Entry]) -> list[pool.Job]:
    """The files that can have findings, by path. Those that cannot be read go to `unread`."""

    def failed(path: str, error: OSError) -> None:
        problem = Problem("io-error", error.strerror or str(error))
        unread.append(Entry(shown(path), LineIndex(""), (), problem))

    jobs: dict[str, pool.Job] = {}
    others: list[tuple[files.Found, bytes]] = []
    for found in files.discover(options.paths, choose, options.exclude, failed):
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
        _add(jobs, found, data, options, choose)
    _follow(jobs, others, options, choose)
    return sorted(jobs.values(), key=lambda job: job.path)


def _add(
    jobs: dict[str, pool.Job],
    found: files.Found,
    data: bytes,
    options: Options,
    choose: Choose,
    names: reexports.Names | None = None,
) -> None:
    """A job for the file, unless a pattern leaves it out."""
    settings = choose(os.path.dirname(found.path))
    if found.skipped() or (not found.named and files.excluded(found.path, settings)):
        return
    real = os.path.realpath(found.path)  # one file may be found twice
    fix = options.fix or options.diff
    job = pool.Job(found.path, data, settings, fix, tuple((names or {}).items()))
    jobs.setdefault(real, job)


def _follow(
    jobs: dict[str, pool.Job],
    others: Sequence[tuple[files.Found, bytes]],
    options: Options,
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
            _add(jobs, found, data, options, choose, names)


def _write(job: pool.Job, fixed: bytes) -> Problem | None:
    try:
        write.replace(job.path, job.data, fixed)
    except OSError as error:
        return Problem("io-error", f"not fixed: {error.strerror or error}")
    return None


def _to_stdout(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shown(path: str) -> str:
    """`path` from the working directory where it is below it."""
    if not os.path.isabs(path):
        return path
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
