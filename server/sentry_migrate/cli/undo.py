"""`sentry-migrate undo`: have files be again what they were before the last run that wrote some.

Owns what is restored, what is refused and the exit code. Where the files are kept that were
replaced, `journal.py` knows.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sentry_migrate.cli import journal
from sentry_migrate.cli.agents import is_inside, within
from sentry_migrate.cli.facts_cache import digest
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.journal import Journal, Kept
from sentry_migrate.cli.output import put_bytes, say, trouble
from sentry_migrate.project import atomic_write, boundaries, regular_files
from sentry_migrate.report.diff import unified


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of a file since a run wrote it."""

    kept: Kept
    now: bytes | None = None
    """What it holds; None if it is gone, or cannot be told."""
    changed: str = ""
    """What happened to it, if it is not as the run left it."""
    refused: str = ""
    """Why it cannot be restored at all."""


def run(directory: str, diff: bool, force: bool) -> int:
    """Restore the files, or with `diff` print how; the exit code. `force` also restores what was
    changed or deleted since."""
    if not os.path.isdir(directory):
        hint = "; `undo` restores all files of a run" if os.path.exists(directory) else ""
        say(f"error: {directory} is not a directory{hint}", sys.stderr)
        return 2
    root = boundaries.root_of(os.path.realpath(directory))
    try:
        last, earlier = journal.latest(root)
    except journal.UnreadableError as error:
        said = f"error: nothing was restored: cannot read the journal of the last run: {error}. "
        say(f"{said}Delete this file to undo the run before it.", sys.stderr)
        return 2
    if last is None:
        say(f"error: nothing to undo: no `check --fix` run is recorded for {root}", sys.stderr)
        return 2
    if outside := [kept.path for kept in last.files if not is_inside(kept.path)]:
        said = (
            f"error: nothing was restored: the last run also changed {shown(outside[0])}, which is"
        )
        say(f"{said} not in {within()}: ask the person to run `sentry-migrate undo`", sys.stderr)
        return 2
    found = [one for kept in reversed(last.files) if (one := _look(kept)) is not None]
    failed = [one for one in found if one.refused or (one.changed and not force)]
    for one in failed:
        trouble(shown(one.kept.path), f"not restored: {one.refused or one.changed}")
    if failed and not force:
        more = any(not one.refused for one in failed) and not within()
        forced = " With --force, files that were changed or deleted since are restored too."
        say(f"Nothing was restored.{forced if more else ''}", sys.stderr)
        return 2
    found = [one for one in found if not one.refused]
    if diff:
        for one in found:
            path = shown(one.kept.path)
            put_bytes(unified(path, one.now or b"", one.kept.before), sys.stdout)
        return 2 if failed else 1 if found else 0
    if not found and not failed and not force and journal.has_written(last):
        stays = "Its record is kept: changes that were put away, as by `git stash`, may come back"
        drops = "" if within() else " --force drops it."
        say(f"error: nothing to undo: {_as_before(last)}. {stays}.{drops}", sys.stderr)
        return 2
    for place in {os.path.dirname(kept.path) for kept in last.files}:
        atomic_write.sweep_beside(os.path.join(place, ""))  # of a run that was killed
    restored = [one for one in found if _restore(one)]
    for one in restored:
        lost = f" ({one.changed})" if one.changed else ""
        say(f"Restored {shown(one.kept.path)}{lost}.", sys.stdout)
    whole = len(restored) == len(found) and not failed
    for line in _summary(last, len(restored), earlier, whole):
        say(line, sys.stdout)
    if not whole:
        return 2  # the journal stays for another try
    journal.drop(last)
    return 0


def command(last: Journal) -> str:
    """What to type here to undo a run."""
    here = boundaries.root_of(os.path.realpath(os.getcwd()))
    where = "" if here == last.root else f" {shlex.quote(shown(last.root))}"
    return f"sentry-migrate undo{where}"


def _look(kept: Kept) -> _Found | None:
    """What became of a file; None if it is what it was before the run."""
    path = kept.path
    if os.path.realpath(path) != path:
        return _Found(kept, refused="a symbolic link has taken its place")
    if not os.path.lexists(path):
        return None if kept.new else _Found(kept, changed="it was deleted after the run")
    try:
        now = regular_files.read(path)
    except OSError as error:
        why = "a directory has taken its place" if os.path.isdir(path) else error.strerror
        return _Found(kept, refused=why or str(error))
    if now == kept.before and not kept.new:
        return None
    if not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)):
        return _Found(kept, now, refused="it is write-protected")
    changed = "" if digest(now) == kept.after else "it was changed after the run"
    return _Found(kept, now, changed)


def _restore(found: _Found) -> bool:
    """Whether the file is what it was before the run; if not, a person is told why."""
    path, before = found.kept.path, found.kept.before
    try:
        if found.kept.new:
            os.unlink(path)
        elif found.now is not None:
            atomic_write.replace(path, found.now, before)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            atomic_write.put(path, before)
            os.chmod(path, found.kept.mode)
    except OSError as error:
        trouble(shown(path), f"not restored: {error.strerror or error}")
        return False
    return True


def _time(last: Journal) -> str:
    return datetime.fromtimestamp(last.when).strftime("%Y-%m-%d %H:%M:%S")


def _as_before(last: Journal) -> str:
    return f"all files are as they were before the run of {_time(last)}"


def _summary(last: Journal, restored: int, earlier: int, whole: bool) -> Iterator[str]:
    count = f"{restored} file{'' if restored == 1 else 's'}"
    if restored or not whole:
        yield f"Restored {count} from before the run of {_time(last)}."
    else:
        yield f"Nothing to restore: {_as_before(last)}."
    if whole and earlier:
        yield f"{earlier} earlier run{'' if earlier == 1 else 's'} can be undone too."
