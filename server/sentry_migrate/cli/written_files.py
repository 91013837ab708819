"""Replacing the files that a run has changed, so that they can be restored.

Owns which are written together, in what order, and what is said of those that are not. How one file
is replaced, `project/atomic_write.py` knows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sentry_migrate.cli import journal
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.git import GitError, repository
from sentry_migrate.cli.journal import Journal
from sentry_migrate.cli.output import say
from sentry_migrate.cli.undo import command
from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.project.dropped_names import written_together
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.report.summary import plural
from sentry_migrate.worker import interruptions
from sentry_migrate.worker.frames import Check


@dataclass(eq=False, slots=True)
class Written:
    """What a run has changed so far, as it goes."""

    paths: list[str] = field(default_factory=list)
    """Of the files that were replaced."""
    fixed: list[Entry] = field(default_factory=list)
    """What was fixed in files, where that was before."""
    answers: list[tuple[tuple[str, bytes | None, bytes], Journal]] = field(default_factory=list)
    """What was written of a person's answers, as `journal.begin` takes it, each in a journal that
    is not needed once another has it."""
    undo: str = ""
    """The command that restores them; empty where nothing does."""
    kept: Journal | None = None
    """What `undo` restores."""
    dirty: bool = False
    """Whether a person wants that among changes of their own."""


def write(
    texts: Mapping[str, tuple[Check, bytes]], needs: Mapping[str, Collection[str]], written: Written
) -> Mapping[str, Problem]:
    """Write new texts, by path; what went wrong, by path. `written` is told which files were
    replaced. `needs` has the paths of the files that must be written before the one there.

    Files that need each other are written all or none, and no file before those that it needs.
    """
    troubles: dict[str, Problem] = {}
    groups = list(written_together(texts, needs))
    ordered = (texts[path] for group in groups for path in group)
    kept = _keep([(job.path, job.data, new) for job, new in ordered], written)
    written.undo = "" if kept is None else command(kept)
    if len(texts) > 1 and not written.dirty:
        _warn_of_changes([job.path for job, _ in texts.values()], written)
    for group in groups:
        needed = {one for path in group for one in needs.get(path, ())}
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
    written.kept = None if kept is None else journal.settle(kept, troubles)
    if written.kept is None:
        written.undo = ""
    return troubles


def put(path: str, data: bytes, written: Written) -> None:
    """Write another file, which `undo` restores together with what the run has replaced. Raises
    OSError."""
    before = regular_files.read(path) if os.path.lexists(path) else None
    if before == data:
        return
    if written.kept is not None:
        written.kept = journal.add(written.kept, path, before, data)
    elif written.answers or not written.paths:  # else nothing can be kept, which was said
        written.kept = _keep([(path, before, data)], written)
    try:
        atomic_write.put(path, data)
    except OSError:
        if written.kept is not None:
            written.kept = journal.settle(written.kept, [path])
        raise
    written.paths.append(path)


def _keep(files: Sequence[tuple[str, bytes | None, bytes]], written: Written) -> Journal | None:
    """Have what is about to be replaced at hand for `undo`, with what the same run has written of
    answers. Fixing works without that, as where nobody has a home, but not silently."""
    answers = [kept for kept, _ in written.answers] if files else []
    try:
        made = journal.begin((*answers, *files))
        for _, earlier in written.answers if made is not None else ():
            journal.drop(earlier)
        return made
    except OSError as error:
        place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        reason = error.strerror or error
        say(f"warning: this run cannot be undone: {place}{reason}", sys.stderr)
        return None


def _warn_of_changes(paths: Sequence[str], written: Written) -> None:
    """Say that fixes are about to be mixed up with changes that git keeps nowhere."""
    with suppress(GitError):  # without git, nobody expects to tell them apart
        found = repository(os.path.dirname(os.path.abspath(paths[0])))
        if found is None:
            return
        undo, own = written.undo, {os.path.realpath(kept[0]) for kept, _ in written.answers}
        changed = [one for one in found.unstaged() if found.path(one) not in own]
        if changed:
            are = "has changes that are" if len(changed) == 1 else "have changes that are"
            takes = f"; `{undo}` takes back the fixes alone" if undo else ""
            said = f"warning: {plural(len(changed), 'file')} {are} neither committed nor staged"
            say(f"{said}: `git diff` shows them together with the fixes{takes}.", sys.stderr)


def _write(job: Check, fixed: bytes) -> Problem | None:
    try:
        atomic_write.replace(job.path, job.data, fixed)
    except OSError as error:
        return Problem("io-error", f"not fixed: {error.strerror or error}")
    return None
