"""`sentry-migrate apply`: the fixes that a person, or a program, chose one by one.

Owns which fix an ID means, and that several go together. The IDs are those of
`check --output-format json` and of `tasks`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sentry_migrate.cli.answers import assume, settings_file, with_answers
from sentry_migrate.cli.baseline import Baselines
from sentry_migrate.cli.baseline_after_fixes import follow
from sentry_migrate.cli.check import updated
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions, tell_problems
from sentry_migrate.cli.files_to_check import files_to_check, shown
from sentry_migrate.cli.interactive import ask
from sentry_migrate.cli.output import put_bytes, say, trouble
from sentry_migrate.cli.proved import to_make
from sentry_migrate.cli.run_to_fixpoint import RunResult, run_to_fixpoint
from sentry_migrate.cli.written_files import Written, write
from sentry_migrate.model import Finding, Fix
from sentry_migrate.report.diff import unified
from sentry_migrate.report.items import all_names, items
from sentry_migrate.report.summary import plural
from sentry_migrate.text.edits import EditSet, shift
from sentry_migrate.text.notebook import source_of
from sentry_migrate.text.source import DecodeError
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker.pool import Pool

SHORTEST = 8
"""Characters of an ID that must be given."""


@dataclass(frozen=True, slots=True)
class Options(ReadingOptions):
    """What was typed, settings aside."""

    ids: tuple[str, ...] = ()
    """Of findings, or how they begin; `ID/2` is the second alternative of one."""
    interactive: bool = False
    """Whether a person is shown the fixes, and chooses."""
    diff: bool = False
    proved: bool = False
    """Whether fixes are made that ran in the project's tests and were equal."""
    quiet: bool = False
    """Whether nothing is said of what is done."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A fix that was chosen."""

    asked: str
    """The ID as it was typed."""
    place: str
    """Where its finding was at first, as a person is told it."""
    path: str
    code: str
    start: int
    """Where its finding begins, as a 0-based code point offset of the text as it is now."""
    number: str
    """Of the alternative, from 1; empty for the preferred fix."""
    fix: Fix


class _Unknown(Exception):
    """An ID means no fix; str() says why."""


def run(options: Options, choose: Choose) -> int:
    """Make the fixes; the exit code. Raises ConfigError before anything is written."""
    with Pool(options.jobs, options.timeout) as workers:
        return _run(options, choose, workers)


def _run(options: Options, choose: Choose, workers: Pool) -> int:
    asked = files_to_check(options.selection(not options.diff), choose, workers)
    jobs = {job.path: replace(job, fix=False) for job in asked.jobs}
    before = dict(jobs)
    written = Written()
    baselines = Baselines(asked.coverage.files, options.paths, choose, "prune", needed=False)
    done = run_to_fixpoint([*jobs.values()], workers, asked.project)
    found = [entry for *_, entry in done.results]
    failed = tell_problems([*asked.unread, *(entry for *_, entry in done.results)])
    ids: Sequence[str] = tuple(dict.fromkeys(options.ids))
    assumed: Sequence[str] = ()
    ended = False
    if options.interactive:
        chosen = ask(entry for *_, entry in done.results)
        ids, ended = chosen.ids, chosen.ended
        assumed = () if options.diff else chosen.assumed
        if not ids:
            say("Nothing was chosen.", sys.stderr)
        if chosen.left:
            why = "The input ended" if ended else "You stopped"
            were = "was" if chosen.left == 1 else "were"
            say(f"{why} before {plural(chosen.left, 'finding')} {were} decided.", sys.stderr)
    if options.proved:
        ids = to_make(entry for *_, entry in done.results)
        if not ids:
            say("No fix was proved by tests in this text: run `sentry-migrate prove`.", sys.stderr)
    try:
        pending = [*_with_others(_wanted(ids, done), done)]
    except _Unknown as unknown:
        say(f"error: {unknown}", sys.stderr)
        return 2
    home = next((one.path for one in pending if _is_settings(one.path, options.home)), "")
    if assumed and not home and not assume(options.home, assumed, written):
        return 2
    made = 0
    while pending:  # fixes that change the same code are made one after the other
        later: list[_Wanted] = []
        for path in dict.fromkeys(one.path for one in pending):
            here = [one for one in pending if one.path == path]
            try:
                data, refused = _fixed(jobs[path].data, here)
            except DecodeError as reason:
                trouble(shown(path), f"the fixes cannot be written: {reason}")
                return 2
            made += len(here) - len(refused)
            later += refused
            jobs[path] = replace(jobs[path], data=data)
        changed = [job for path, job in jobs.items() if job.data != before[path].data]
        done = run_to_fixpoint(changed, workers, asked.project)
        broken = [entry for *_, entry in done.results if entry.problem]
        tell_problems(broken)
        if broken:
            return 2
        pending = list(_again(later, done))
        left = {one.asked for one in pending}
        for one in later:
            if one.asked in left:
                continue
            if _is_there(one, done):
                place = f"{one.place}: {one.code} ({one.asked})"
                say(f"Not applied: {place}: other fixes changed the same code.", sys.stderr)
            else:
                made += 1
    if assumed and home:  # which is written once, with its fixes
        text = with_answers(home, jobs[home].data.decode(), assumed)
        if text is None:
            return 2
        jobs[home] = replace(jobs[home], data=text.encode())
    texts = {
        path: (job, jobs[path].data) for path, job in before.items() if jobs[path].data != job.data
    }
    if options.diff:
        for path, (job, new) in texts.items():
            put_bytes(unified(shown(path), job.data, new), sys.stdout)
        return 2 if failed else int(bool(texts) or ended)
    code = _written(texts, made, written, options.quiet) if texts else 0
    if texts and not code and baselines.any:
        after = {entry.path: entry for *_, entry in done.results}
        follow(baselines, texts.values(), workers, asked.project)
        entries = [*asked.unread, *(after.get(one.path, one) for one in found)]
        code = 0 if updated(baselines, entries, written, options.quiet) else 2
    return 2 if failed else code or int(ended)


def _is_settings(path: str, home: str) -> bool:
    """Whether a file is the one that answers are kept in."""
    return os.path.realpath(path) == os.path.realpath(settings_file(home))


def _written(
    texts: Mapping[str, tuple[Check, bytes]], made: int, written: Written, quiet: bool
) -> int:
    """Write the new texts; the exit code."""
    troubles = write(texts, {}, written)
    for path, problem in troubles.items():
        trouble(shown(path), problem.message)
    if not troubles and not quiet:
        fixes, files = plural(made, "fix", "fixes"), plural(len(texts), "file")
        say(f"Applied {fixes} in {files}.", sys.stderr)
    if written.undo and not quiet:
        say(f"`{written.undo}` restores the files as they were.", sys.stderr)
    return 2 if troubles else 0


def _wanted(ids: Iterable[str], done: RunResult) -> list[_Wanted]:
    """What IDs mean. Raises _Unknown."""
    path_of = {id(entry): job.path for job, _, entry in done.results}
    listed = all_names(items(entry for *_, entry in done.results))
    found = [(one, names) for one, names in listed if one.finding is not None]
    wanted = []
    for given in ids:
        name, _, number = given.partition("/")
        meant = [one for one, (full, _) in found if full.startswith(name)]
        if not meant:  # of when the line was there twice, and the other was fixed
            meant = [one for one, (_, full) in found if full.startswith(name)]
        if len(name) < SHORTEST or len(meant) != 1 or not (number.isdecimal() or not number):
            several = len(meant) > 1 and len(name) >= SHORTEST
            why = "is the beginning of several IDs" if several else "is not the ID of a finding"
            hint = "`check --output-format json` lists the IDs that there are now"
            raise _Unknown(f"{given or 'an empty text'} {why}; {hint}")
        (item,) = meant
        assert item.finding is not None
        fix = _fix(item.finding, number)
        if fix is None:
            which = f"alternative {number}" if number else "fix"
            count = len(item.finding.alternatives)
            others = ", ".join(f"{name}/{one}" for one in range(1, count + 1))
            there = f"; there is {others}" if others else ""
            raise _Unknown(f"{given}: {item.code} has no {which} here{there}")
        path = path_of[id(item.entry)]
        place = f"{shown(path)}:{item.entry.label(item.start)}"
        wanted.append(_Wanted(given, place, path, item.code, item.start, number, fix))
    return wanted


def _with_others(wanted: Iterable[_Wanted], done: RunResult) -> Iterator[_Wanted]:
    """The fixes that were chosen, and those of other files without which they are not made. Raises
    _Unknown where these are in files that are not looked at."""
    waiting, seen = [*wanted], set[tuple[str, Fix]]()
    while waiting:
        one = waiting.pop(0)
        if (one.path, one.fix) in seen:
            continue
        seen.add((one.path, one.fix))
        yield one
        others: list[_Wanted] = []
        for job, _, entry in done.results if one.fix.together else ():
            for finding in entry.findings:
                fix = finding.fix
                if fix is not None and not set(one.fix.together).isdisjoint(fix.together):
                    at = finding.code, finding.start
                    place = f"{shown(job.path)}:{entry.label(finding.start)}"
                    others.append(_Wanted(one.asked, place, job.path, *at, "", fix))
        if one.fix.together and all(other.path == one.path for other in others):
            raise _Unknown(f"{one.asked}: its fix changes another file too, which is not chosen")
        waiting += others


def _again(wanted: Iterable[_Wanted], done: RunResult) -> Iterator[_Wanted]:
    """The same in the texts that other fixes have changed, as far as it is there."""
    entries = {job.path: entry for job, _, entry in done.results}
    for one in wanted:
        for finding in entries[one.path].findings if one.path in entries else ():
            fix = _fix(finding, one.number)
            if (finding.code, finding.start) == (one.code, one.start) and fix is not None:
                yield replace(one, fix=fix)
                break


def _is_there(one: _Wanted, done: RunResult) -> bool:
    """Whether the line has a finding of the rule in the text that other fixes have changed."""
    for job, _, entry in done.results:
        if job.path == one.path:
            line = entry.lines.line_of(one.start)
            places = ((each.code, entry.lines.line_of(each.start)) for each in entry.findings)
            return (one.code, line) in places
    return False


def _fix(finding: Finding, number: str) -> Fix | None:
    """The fix of a finding, or its alternative of a number, from 1."""
    if not number:
        return finding.fix
    others = finding.alternatives
    return others[int(number) - 1] if 0 < int(number) <= len(others) else None


def _fixed(data: bytes, wanted: Sequence[_Wanted]) -> tuple[bytes, list[_Wanted]]:
    """What a text becomes, and those that change the same code as others do, where they are then;
    what the others replace counts as made. Raises DecodeError."""
    source, accepted = source_of(wanted[0].path, data), EditSet()
    refused = [one for one in wanted if not accepted.accept(one.fix.edits)]
    edits = accepted.edits()
    moved = ((one, shift(one.start, edits)) for one in refused)
    later = [replace(one, start=start) for one, start in moved if start is not None]
    return source.edited(edits), later
