"""`sentry-migrate check`: find files, have them analysed, write what is fixed, report the rest.

Owns the order of these steps and the exit code. Refuses to know how a finding looks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sentry_migrate.cli import journal
from sentry_migrate.cli.baseline import Baselines
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.entry_point import Interrupted
from sentry_migrate.cli.files_to_check import FAILED, FilesToCheck, Selection, files_to_check, shown
from sentry_migrate.cli.ignores import suppress
from sentry_migrate.cli.journal import Journal
from sentry_migrate.cli.output import changes, error, not_written, put_bytes, report, say
from sentry_migrate.cli.project_context import Project
from sentry_migrate.cli.run_to_fixpoint import RunResult, run_to_fixpoint
from sentry_migrate.cli.undo import command
from sentry_migrate.project import atomic_write, files, modules
from sentry_migrate.project.dropped_names import written_together
from sentry_migrate.project.mentions import may_have_findings
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Coverage, Entry, Problem
from sentry_migrate.worker import interruptions, pool
from sentry_migrate.worker.frames import Check


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    paths: tuple[str, ...]
    """Files and directories, or `-` alone."""
    fix: bool = False
    fix_only: bool = False
    """Whether findings that remain are neither printed nor fail the run."""
    add_ignores: bool = False
    """Whether comments are to suppress the findings that remain."""
    diff: bool = False
    output_format: str = "full"
    """One of `formats.FINDINGS`."""
    output_file: str | None = None
    """Where the findings go; None for standard output."""
    statistics: bool = False
    exclude: tuple[str, ...] = ()
    stdin_filename: str | None = None
    jobs: int = 1
    timeout: float = pool.SECONDS
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""
    update_baseline: bool = False
    """Whether all findings are to be accepted from now on."""
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    quiet: bool = False

    @property
    def stdin(self) -> bool:
        """Whether the file to check is standard input."""
        return self.paths == ("-",)

    @property
    def changes(self) -> bool:
        """Whether files are to be changed, or standard input."""
        return (self.fix or self.add_ignores) and not self.diff

    @property
    def fixing(self) -> bool:
        """Whether fixes are to be made, if only to show them."""
        return self.fix or (self.diff and not self.add_ignores)


@dataclass(eq=False, slots=True)
class _Written:
    """What a run has changed so far."""

    paths: list[str] = field(default_factory=list)
    """Of the files that were replaced."""
    undo: str = ""
    """The command that restores them; empty where nothing does."""


def run(options: Options, choose: Choose) -> int:
    """Check and report; the exit code. Raises ConfigError before anything is written."""
    data = _input() if options.stdin else b""
    asked = _stdin(data, options, choose) if options.stdin else _files(options, choose)
    baselines = Baselines(asked.coverage.files, choose, options.update_baseline)
    written = _Written()
    try:
        return _run(options, data, asked, baselines, written)
    except KeyboardInterrupt:
        count, verb = len(written.paths), "fixed" if options.fix else "changed"
        said = f"; {count or 'no'} file{'s' * (count != 1)} had been {verb}"
        if count and written.undo:
            said += f", which `{written.undo}` undoes"
        writes = options.changes and not options.stdin
        raise Interrupted(f"interrupted{said if writes else ''}") from None


def _run(
    options: Options,
    data: bytes,
    asked: FilesToCheck,
    baselines: Baselines,
    written: _Written,
) -> int:
    """`written` is told which files were replaced."""
    entries = list(asked.unread)
    applied = changed = ignored = 0
    comments: Mapping[str, int] = {}
    assumed: dict[str, None] = {}
    done = run_to_fixpoint(asked.jobs, options.jobs, options.timeout, asked.project)
    if options.add_ignores:
        done, comments = suppress(done, baselines.accept(entry for *_, entry in done.results))
    writes = options.changes and not options.stdin
    troubles = _write_all(done, written) if writes else {}
    for job, result, entry in done.results:
        trouble = troubles.get(job.path)
        new = _new(job, result)
        if new is not None:
            changed += 1
            if options.diff:
                put_bytes(unified(entry.path, job.data, new), sys.stdout)
            elif options.stdin:
                data = new
            if not trouble:
                applied += result.fixes
                ignored += comments.get(job.path, 0)
                assumed |= dict.fromkeys(result.assumes)
        # The findings of a text that was not written are of a text that is nowhere.
        entries.append(replace(entry, problem=trouble, findings=()) if trouble else entry)
    filtering = options.stdin and options.changes
    if filtering:
        put_bytes(data, sys.stdout)
    for entry in entries:
        if entry.problem:
            error(entry)
    if options.diff:
        if not options.quiet:
            changes(entries, applied, changed, assumed, ignored)
    elif options.fix_only:
        if not options.quiet:
            files = changed - len(troubles)
            changes(entries, applied, files, assumed, ignored, done=True, undo=written.undo)
    else:
        stream = sys.stderr if filtering else sys.stdout
        if options.update_baseline and not _updated(baselines, entries, options.quiet):
            return 2
        coverage = replace(asked.coverage, gone=baselines.gone(entries))
        entries = baselines.accept(entries)
        try:
            report(
                entries,
                options.output_format,
                stream,
                coverage=coverage,
                counts=options.statistics,
                quiet=options.quiet,
                file=options.output_file,
                applied=applied,
                assumed=assumed,
                ignored=ignored,
                undo=written.undo,
            )
        except OSError as reason:
            if options.output_file is None:
                raise
            not_written(options.output_file, reason)
            return 2
    return _exit_code(entries, changed, applied, options)


def _updated(baselines: Baselines, entries: Sequence[Entry], quiet: bool) -> bool:
    """Whether all baselines were written."""
    whole = True
    for file, count, reason in baselines.update(entries):
        if reason is not None:
            whole = False
            not_written(shown(file), reason)
        elif not quiet:
            findings = f"{count} finding{'' if count == 1 else 's'}"
            say(f"Wrote {findings} to {shown(file)}.", sys.stderr)
    return whole


def _input() -> bytes:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()


def _exit_code(entries: Sequence[Entry], changed: int, applied: int, options: Options) -> int:
    problems = {entry.problem.name for entry in entries if entry.problem}
    if problems & FAILED:
        return 2
    left = changed if options.diff else any(entry.findings for entry in entries)
    if options.fix_only and not options.diff:
        left = False
    left = left or (options.exit_non_zero_on_fix and applied > 0)
    return 1 if (left or problems) and not options.exit_zero else 0


def _files(options: Options, choose: Choose) -> FilesToCheck:
    return files_to_check(
        Selection(options.paths, options.exclude, options.fixing, options.cache), choose
    )


def _stdin(data: bytes, options: Options, choose: Choose) -> FilesToCheck:
    path = options.stdin_filename or "-"
    settings = choose(os.path.dirname(os.path.abspath(path)))
    if options.stdin_filename and settings.force_exclude:
        if files.is_excluded(os.path.abspath(path), settings, options.exclude):
            return FilesToCheck(coverage=Coverage(excluded={path}))
    job = Check(path, data, settings, options.fixing)
    project = None
    if options.stdin_filename and (may_have_findings(path, data) or modules.hints(data)):
        project = Project.around([(os.path.abspath(path), data)], (), options.cache)
        job = project.told(job)
    found = [job] if job.reexports or may_have_findings(path, data) else []
    return FilesToCheck(found, [], project, Coverage({path}))


def _new(job: Check, check: pool.FileCheck) -> bytes | None:
    """What a file becomes; None where it stays as it is."""
    return None if check.fixed == job.data else check.fixed


def _write_all(done: RunResult, written: _Written) -> Mapping[str, Problem]:
    """Write what was fixed; what went wrong, by path. `written` is told which files were replaced.

    Files that need each other are written all or none, and no file before those that it needs.
    """
    troubles: dict[str, Problem] = {}
    texts = {
        job.path: (job, new)
        for job, check, _ in done.results
        if (new := _new(job, check)) is not None
    }
    groups = list(written_together(texts, done.needs))
    kept = _keep([texts[path] for group in groups for path in group])
    written.undo = "" if kept is None else command(kept)
    for group in groups:
        needed = {one for path in group for one in done.needs.get(path, ())}
        failed = next(iter(sorted(needed & troubles.keys())), "")
        replaced: list[str] = []
        with interruptions.postponed():  # else a file could be written and not counted
            for path in () if failed else group:
                if trouble := _write(*texts[path]):
                    failed, troubles[path] = path, trouble
                    break
                replaced.append(path)
            for path in reversed(replaced if failed else ()):
                job, fixed = texts[path]
                if trouble := _write(replace(job, data=fixed), job.data):
                    troubles[path] = trouble
            written.paths += () if failed else replaced
        for path in group if failed else ():
            said = f"not fixed: its fixes need those of {shown(failed)}, which is not fixed"
            troubles.setdefault(path, Problem("io-error", said))
    if kept is not None and journal.settle(kept, troubles) is None:
        written.undo = ""
    return troubles


def _keep(files: Sequence[tuple[Check, bytes]]) -> Journal | None:
    """Have what is about to be replaced at hand for `undo`. Fixing works without that, as where
    nobody has a home, but not silently."""
    try:
        return journal.begin((job.path, job.data, new) for job, new in files)
    except OSError as error:
        place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        reason = error.strerror or error
        say(f"warning: this run cannot be undone: {place}{reason}", sys.stderr)
        return None


def _write(job: Check, fixed: bytes) -> Problem | None:
    try:
        atomic_write.replace(job.path, job.data, fixed)
    except OSError as error:
        return Problem("io-error", f"not fixed: {error.strerror or error}")
    return None
