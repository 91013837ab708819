"""`sentry-migrate check`: find files, have them analysed, write what is fixed, report the rest.

Owns the order of these steps and the exit code. Refuses to know how a finding looks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.gather import FAILED, Selection, analysed, gather
from sentry_migrate.cli.output import error, report, would_fix
from sentry_migrate.engine import files, pool, write
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Entry, Problem


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

    @property
    def fixing(self) -> bool:
        """Whether fixes are to be made, if only to show them."""
        return self.fix or self.diff


def run(options: Options, choose: Choose) -> int:
    """Check and report; the exit code. Raises ConfigError before anything is written."""
    data = sys.stdin.buffer.read() if options.stdin else b""
    jobs, entries = _stdin(data, options, choose) if options.stdin else _files(options, choose)
    applied = changed = 0
    for job, result, entry in analysed(jobs, options.jobs):
        trouble = None
        if result.fixed is not None and result.fixed != job.data:
            changed += 1
            if options.diff:
                _to_stdout(unified(entry.path, job.data, result.fixed))
            elif options.stdin:
                data = result.fixed
            else:
                trouble = _write(job, result.fixed)
            applied += 0 if trouble else len(result.applied)
        # The findings of a text that was not written are of a text that is nowhere.
        entries.append(replace(entry, problem=trouble, findings=()) if trouble else entry)
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
    if problems & FAILED:
        return 2
    left = changed if options.diff else any(entry.findings for entry in entries)
    return 1 if (left or problems) and not options.exit_zero else 0


def _files(options: Options, choose: Choose) -> tuple[list[pool.Job], list[Entry]]:
    return gather(Selection(options.paths, options.exclude, options.fixing), choose)


def _stdin(data: bytes, options: Options, choose: Choose) -> tuple[list[pool.Job], list[Entry]]:
    path = options.stdin_filename or "-"
    settings = choose(os.path.dirname(os.path.abspath(path)))
    if options.stdin_filename and settings.force_exclude:
        if files.left_out(os.path.abspath(path), settings, options.exclude):
            return [], []
    job = pool.Job(path, data, settings, options.fixing)
    return [job] if pool.mentions_sentry(path, data) else [], []


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
