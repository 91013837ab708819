"""`sentry-migrate apply`: the fixes that a person, or a program, chose one by one.

Owns which fix an ID means, and that several go together. The IDs are those of
`check --output-format json` and of `tasks`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sentry_migrate.cli.answers import assume
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.files_to_check import Selection, files_to_check, shown
from sentry_migrate.cli.interactive import ask
from sentry_migrate.cli.output import error, put_bytes, say, trouble
from sentry_migrate.cli.run_to_fixpoint import run_to_fixpoint
from sentry_migrate.cli.written_files import Written, write
from sentry_migrate.model import Finding, Fix
from sentry_migrate.report.diff import unified
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import fingerprints, items
from sentry_migrate.report.summary import plural
from sentry_migrate.text.edits import EditSet, apply
from sentry_migrate.text.source import Source
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check

SHORTEST = 8
"""Characters of an ID that must be given."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    ids: tuple[str, ...]
    """Of findings, or how they begin; `ID/2` is the second alternative of one."""
    paths: tuple[str, ...] = (".",)
    interactive: bool = False
    """Whether a person is shown the fixes, and chooses."""
    diff: bool = False
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float = pool.SECONDS
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""


class _Unknown(Exception):
    """An ID means no fix; str() says why."""


def run(options: Options, choose: Choose) -> int:
    """Make the fixes; the exit code. Raises ConfigError before anything is written."""
    selection = Selection(options.paths, options.exclude, not options.diff, options.cache)
    asked = files_to_check(selection, choose)
    for entry in asked.unread:
        error(entry)
    jobs = {job.path: replace(job, fix=False) for job in asked.jobs}
    before = dict(jobs)
    pending: Sequence[str] = tuple(dict.fromkeys(options.ids))
    made = 0
    written = Written()
    if options.interactive:
        done = run_to_fixpoint([*jobs.values()], options.jobs, options.timeout, asked.project)
        chosen = ask(entry for *_, entry in done.results)
        pending = chosen.ids
        if not pending:
            say("Nothing was chosen.", sys.stderr)
        if chosen.assumed and not options.diff:
            home = os.path.abspath(options.paths[0])
            home = home if os.path.isdir(home) else os.path.dirname(home)
            if not assume(home, chosen.assumed, written):
                return 2
    while True:  # fixes that change the same code are made one after the other
        given = [*jobs.values()]
        done = run_to_fixpoint(given, options.jobs, options.timeout, asked.project)
        broken = [
            entry
            for job, _, entry in done.results
            if entry.problem and job.data != before[job.path].data
        ]
        for entry in broken:
            error(entry)
        if broken:
            return 2
        if not pending:
            break
        try:
            fixes = _fixes(pending, [entry for *_, entry in done.results])
        except _Unknown as unknown:
            say(f"error: {unknown}", sys.stderr)
            return 2
        pending = ()
        for job, _, entry in done.results:
            here = fixes.get(id(entry), {})
            new, refused = _fixed(job.data, here)
            made += len(here) - len(refused)
            pending = (*pending, *refused)
            jobs[job.path] = replace(job, data=new)
    texts = {
        path: (job, jobs[path].data) for path, job in before.items() if jobs[path].data != job.data
    }
    if options.diff:
        for path, (job, new) in texts.items():
            put_bytes(unified(shown(path), job.data, new), sys.stdout)
        return 1 if texts else 0
    return _written(texts, made, written) if texts else 0


def _written(texts: Mapping[str, tuple[Check, bytes]], made: int, written: Written) -> int:
    """Write the new texts; the exit code."""
    troubles = write(texts, {}, written)
    for path, problem in troubles.items():
        trouble(shown(path), problem.message)
    if not troubles:
        files = plural(len(texts), "file")
        say(f"Applied {made:,} {'fix' if made == 1 else 'fixes'} in {files}.", sys.stderr)
    if written.undo:
        say(f"`{written.undo}` restores the files as they were.", sys.stderr)
    return 2 if troubles else 0


def _fixes(asked: Iterable[str], entries: Iterable[Entry]) -> Mapping[int, Mapping[str, Fix]]:
    """The fixes that IDs mean, by them, and by id of the entry. Raises _Unknown."""
    found = [(one, name) for one, name in fingerprints(items(entries)) if one.finding is not None]
    fixes: dict[int, dict[str, Fix]] = {}
    for given in asked:
        name, _, number = given.partition("/")
        meant = [one for one, full in found if full.startswith(name)]
        if len(name) < SHORTEST or len(meant) != 1 or not (number.isdecimal() or not number):
            several = len(meant) > 1 and len(name) >= SHORTEST
            why = "is the beginning of several IDs" if several else "is not the ID of a finding"
            raise _Unknown(
                f"{given or 'an empty text'} {why}; `check --output-format json` lists the IDs"
            )
        assert meant[0].finding is not None
        fix = _fix(meant[0].finding, number)
        if fix is None:
            which = f"alternative {number}" if number else "fix"
            raise _Unknown(f"{given}: {meant[0].code} has no {which} here")
        fixes.setdefault(id(meant[0].entry), {})[given] = fix
    return fixes


def _fix(finding: Finding, number: str) -> Fix | None:
    """The fix of a finding, or its alternative of a number, from 1."""
    if not number:
        return finding.fix
    others = finding.alternatives
    return others[int(number) - 1] if 0 < int(number) <= len(others) else None


def _fixed(data: bytes, fixes: Mapping[str, Fix]) -> tuple[bytes, Sequence[str]]:
    """What a text becomes, and the IDs of those fixes that change the same code as others do."""
    if not fixes:
        return data, ()
    source, accepted = Source.from_bytes(data), EditSet()
    refused = [name for name, fix in fixes.items() if not accepted.accept(fix.edits)]
    return source.to_bytes(apply(source.text, accepted.edits())), refused
