"""`sentry-migrate check`: find files, have them analysed, write what is fixed, report the rest.

Owns the order of these steps and the exit code. Refuses to know how a finding looks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sentry_migrate.cli.baseline import Baselines, Update
from sentry_migrate.cli.baseline_after_fixes import follow
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.entry_point import Interrupted
from sentry_migrate.cli.file_results import ReadingOptions
from sentry_migrate.cli.files_to_check import FAILED, FilesToCheck, files_to_check, shown
from sentry_migrate.cli.ignores import remind, suppress
from sentry_migrate.cli.output import changes, error, not_written, put, put_bytes, report, say
from sentry_migrate.cli.project_context import Project, Surroundings
from sentry_migrate.cli.proved import with_proof
from sentry_migrate.cli.run_to_fixpoint import RunResult, results, run_to_fixpoint
from sentry_migrate.cli.written_files import Written, write
from sentry_migrate.cli.written_files import put as put_file
from sentry_migrate.project import files, modules
from sentry_migrate.project.mentions import may_have_findings
from sentry_migrate.report import formats
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Coverage, Entry
from sentry_migrate.report.summary import plural
from sentry_migrate.text.notebook import source_of
from sentry_migrate.text.source import Source
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check


@dataclass(frozen=True, slots=True)
class Options(ReadingOptions):
    """What was typed, settings aside; `paths` may be `-` alone."""

    fix: bool = False
    fix_only: bool = False
    """Whether findings that remain are neither printed nor fail the run."""
    add_ignores: bool = False
    """Whether comments are to suppress the findings that remain."""
    todo: bool = False
    """Whether comments are to remind of the findings that remain."""
    diff: bool = False
    output_format: str = "full"
    """One of `formats.FINDINGS`."""
    output_file: str | None = None
    """Where the findings go; None for standard output."""
    statistics: bool = False
    stdin_filename: str | None = None
    deleted: tuple[str, ...] = ()
    """Files that were asked for and are no longer there."""
    update_baseline: bool = False
    """Whether all findings are to be accepted from now on."""
    prune_baseline: bool = False
    """Whether findings that are gone are to be accepted no more."""
    print_found: bool = False
    """Whether what is found before anything is fixed is printed, as JSON."""
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    quiet: bool = False
    verbose: bool = False
    """Whether what is not counted is named."""

    @property
    def stdin(self) -> bool:
        """Whether the file to check is standard input."""
        return self.paths == ("-",)

    @property
    def changes(self) -> bool:
        """Whether files are to be changed, or standard input."""
        return (self.fix or self.comments) and not self.diff

    @property
    def comments(self) -> bool:
        """Whether comments are to be added."""
        return self.add_ignores or self.todo

    @property
    def update(self) -> Update:
        """What becomes of the baseline."""
        return "all" if self.update_baseline else "prune" if self.prune_baseline else ""

    @property
    def fixing(self) -> bool:
        """Whether fixes are to be made, if only to show them."""
        return self.fix or (self.diff and not self.comments)


def run(options: Options, choose: Choose, written: Written | None = None) -> int:
    """Check and report; the exit code. `written` is told which files were replaced.

    Raises ConfigError before anything is written.
    """
    written = Written() if written is None else written
    data = _input() if options.stdin else b""
    try:
        with pool.Pool(options.jobs, options.timeout) as workers:
            if options.stdin:
                asked = _stdin(data, options, choose, workers)
            else:
                if options.print_found:
                    _print_found(options, choose, workers)
                again = not (options.fixing or options.comments)
                selection = options.selection(options.fixing, again)
                asked = files_to_check(selection, choose, workers)
            wanted = options.update, not options.fix_only
            paths = (options.stdin_filename or "",) if options.stdin else options.paths
            about = *paths, *options.deleted
            baselines = Baselines(asked.coverage.files, about, choose, *wanted)
            return _run(options, data, asked, baselines, written, workers)
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
    written: Written,
    workers: pool.Pool,
) -> int:
    """`written` is told which files were replaced."""
    entries = list(asked.unread)
    applied = changed = ignored = 0
    comments: Mapping[str, int] = {}
    outdated: Mapping[str, int] = {}
    refused: Mapping[str, Mapping[str, int]] = {}
    assumed: dict[str, None] = {}
    done = results(asked, workers)
    if options.add_ignores:
        done, comments = suppress(done, baselines.accept(entry for *_, entry in done.results))
    elif options.todo:
        found = baselines.accept(entry for *_, entry in done.results)
        done, comments, outdated, refused = remind(done, found)
        done = _anew(done, comments, workers, asked.project)
    writes = options.changes and not options.stdin
    texts = {
        job.path: (job, new)
        for job, check, _ in done.results
        if (new := _new(job, check)) is not None
    }
    troubles = write(texts, done.needs, written) if writes else {}
    for job, result, entry in done.results:
        trouble = troubles.get(job.path)
        new = _new(job, result)
        if new is not None:
            changed += 1
            if options.diff and options.output_format not in formats.WITH_FIXED:
                put_bytes(unified(entry.path, job.data, new), sys.stdout)
            elif options.stdin:
                data = new
            if not trouble:
                applied += len(result.applied)
                written.fixed.append(_fixed(job, result, entry))
                ignored += comments.get(job.path, 0) if options.add_ignores else 0
                assumed |= dict.fromkeys(result.assumes)
        # The findings of a text that was not written are of a text that is nowhere.
        entries.append(replace(entry, problem=trouble, findings=()) if trouble else entry)
    filtering = options.stdin and options.changes
    if filtering:
        put_bytes(data, sys.stdout)
    for entry in entries:
        if entry.problem:
            error(entry)
    if options.todo and not options.quiet:
        count = sum(n for path, n in comments.items() if path not in troubles)
        said = "would get" if options.diff else "got"
        say(f"{plural(count, 'finding')} {said} a TODO comment.", sys.stderr)
        for why, places in refused.items():
            names = ", ".join(map(shown, places))
            said = plural(sum(places.values()), "finding")
            say(f"{said} without a TODO comment: {why} {names}.", sys.stderr)
        if old := sum(n for path, n in outdated.items() if path not in troubles):
            removed = "Would remove" if options.diff else "Removed"
            of = "a finding that is" if old == 1 else "findings that are"
            said = f"{removed} {plural(old, 'TODO comment')} of {of} not there or not counted."
            say(said, sys.stderr)
    if options.verbose:
        for what, paths in (
            ("Excluded", asked.coverage.excluded),
            ("Excluded by default", asked.coverage.by_default),
            ("Not in Python", asked.coverage.notebooks),
            ("Not all can be read", asked.coverage.cut),
        ):
            for path in sorted(paths):
                say(f"{what}: {shown(path)}", sys.stderr)
    made = [texts[path] for path in texts if path not in troubles] if writes and options.fix else []
    moved = follow(baselines, made, workers, asked.project)
    if moved or (options.update and (written.paths or not options.fix_only)):
        if not updated(baselines, entries, written, options.quiet):
            return 2
    for settings, file, count in baselines.strangers():
        has = f"which has {plural(count, 'finding')} of files there"
        kept = "it is kept, and not compared" if count == 1 else "they are kept, and not compared"
        text = f"{shown(settings)} does not name the baseline {shown(file)}, {has}: {kept}."
        say(f"warning: {text}", sys.stderr)
    gone = 0 if options.diff else baselines.gone(entries)
    if options.diff:
        if options.output_format in formats.WITH_FIXED:
            put(formats.findings(options.output_format, entries, written.fixed), sys.stdout)
        if not options.quiet:
            changes(entries, applied, changed, assumed, ignored)
    elif options.fix_only:
        if not options.quiet:
            files = changed - len(troubles)
            changes(entries, applied, files, assumed, ignored, done=True, undo=written.undo)
    else:
        stream = sys.stderr if filtering else sys.stdout
        entries = with_proof(baselines.accept(entries))
        try:
            report(
                entries,
                options.output_format,
                stream,
                coverage=asked.coverage,
                counts=options.statistics,
                quiet=options.quiet,
                file=options.output_file,
                fixed=written.fixed,
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
    if gone:
        level = "warning" if options.fix_only else "error"
        of = "is no longer found" if gone == 1 else "are no longer found"
        removes = f"`check --prune-baseline` removes {'it' if gone == 1 else 'them'}"
        say(f"{level}: {plural(gone, 'finding')} of the baseline {of}; {removes}.", sys.stderr)
    code = _exit_code(entries, changed, applied, options)
    stale = gone and not options.fix_only and not options.exit_zero
    return code or int(bool(stale))


def updated(baselines: Baselines, entries: Sequence[Entry], written: Written, quiet: bool) -> bool:
    """Write all baselines; whether that could be done."""
    whole = True
    for file, count, reason in baselines.update(entries, partial(put_file, written=written)):
        if reason is not None:
            whole = False
            not_written(shown(file), reason)
        elif not quiet:
            findings = f"{count} finding{'' if count == 1 else 's'}"
            say(f"Wrote {findings} to {shown(file)}.", sys.stderr)
    return whole


def _print_found(options: Options, choose: Choose, workers: pool.Pool) -> None:
    """Print what a run without fixes finds, whatever a baseline accepts."""
    asked = files_to_check(options.selection(again=True), choose, workers)
    entries = [*asked.unread, *(entry for *_, entry in results(asked, workers).results)]
    put(formats.findings("json", entries, []), sys.stdout)


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


def _stdin(data: bytes, options: Options, choose: Choose, workers: pool.Pool) -> FilesToCheck:
    path = options.stdin_filename or "-"
    settings = choose(os.path.dirname(os.path.abspath(path)))
    if options.stdin_filename and settings.force_exclude:
        if files.is_excluded(os.path.abspath(path), settings, options.exclude):
            return FilesToCheck(coverage=Coverage(excluded={path}))
    job = Check(path, data, settings, options.fixing)
    project = None
    if options.stdin_filename and (may_have_findings(path, data) or modules.hints(data)):
        here = (os.path.abspath(path), data)
        project = Project.around(Surroundings.of([here]), options.cache, workers, shown)
        job = project.told(job)
    found = [job] if job.reexports or may_have_findings(path, data) else []
    return FilesToCheck(found, [], project, Coverage({path}))


def _anew(
    done: RunResult, comments: Mapping[str, int], workers: pool.Pool, project: Project | None
) -> RunResult:
    """The same with entries of the texts with their comments."""
    jobs = [
        replace(job, data=check.fixed, fix=False)
        for job, check, _ in done.results
        if job.path in comments and check.fixed is not None
    ]
    again = run_to_fixpoint(jobs, workers, project)
    entries = {job.path: entry for job, _, entry in again.results}
    results = [(job, check, entries.get(job.path, entry)) for job, check, entry in done.results]
    return replace(done, results=results)


def _fixed(job: Check, check: pool.FileCheck, entry: Entry) -> Entry:
    """What was fixed in a file, in the text that it had."""
    source = source_of(job.path, job.data) if check.applied else Source("")
    return replace(Entry.of(entry.path, source, check.applied), fixed=True)


def _new(job: Check, check: pool.FileCheck) -> bytes | None:
    """What a file becomes; None where it stays as it is."""
    return None if check.fixed == job.data else check.fixed
