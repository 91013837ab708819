"""`sentry-migrate undo`: have files be again what they were before the last run that wrote some.

Owns what is restored, what is refused and the exit code. Where the files are kept that were
replaced, `journal.py` knows.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sentry_migrate.cli import journal
from sentry_migrate.cli.agents import is_inside, within
from sentry_migrate.cli.facts_cache import digest
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.git import GitError, repository
from sentry_migrate.cli.journal import Journal, Kept
from sentry_migrate.cli.output import put_bytes, say, trouble
from sentry_migrate.project import atomic_write, boundaries, regular_files
from sentry_migrate.report.diff import unified
from sentry_migrate.report.summary import plural

_COMMITTED = (
    "What the run wrote is in the last commit: commit the restored files to take it back there too."
)
_OTHERS = "`sentry-migrate undo FILE` restores only what it names."


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


def run(paths: Sequence[str], diff: bool, force: bool, quiet: bool = False) -> int:
    """Restore the files of the last run, or of the last that changed what is at `paths`, only
    these; or with `diff` print how; the exit code. `force` also restores what was changed or
    deleted since."""
    asked = [_names(path) for path in paths or (".",)]
    first = asked[0][0]
    root = boundaries.root_of(first if os.path.isdir(first) else os.path.dirname(first))
    names = {name for one in asked for name in one}
    whole = not paths or root in names
    try:
        last, earlier = journal.latest(root, None if whole else partial(_is_asked, names=names))
    except journal.UnreadableError as error:
        said = f"error: nothing was restored: cannot read the journal of the last run: {error}. "
        say(f"{said}Delete this file to undo the run before it.", sys.stderr)
        return 2
    if last is None:
        changed = "files" if whole else " or ".join(map(shown, paths))
        said = f"error: nothing to undo: no run that changed {changed} is recorded for {root}"
        say(said, sys.stderr)
        return 2
    files = [kept for kept in last.files if whole or _is_asked(kept, names)]
    matched = [any(_is_asked(kept, one) for kept in files) for one in asked]
    if not whole and not all(matched):
        told = {found: shown(path) for path, found in zip(paths, matched, strict=True)}
        said = f"the run that changed {told[True]} did not change {told[False]}"
        say(f"error: nothing was restored: {said}", sys.stderr)
        return 2
    if outside := [kept.path for kept in files if not is_inside(kept.path)]:
        said = (
            f"error: nothing was restored: the last run also changed {shown(outside[0])}, which is"
        )
        say(f"{said} not in {within()}: ask the person to run `sentry-migrate undo`", sys.stderr)
        return 2
    looked = [(kept, _look(kept)) for kept in reversed(files)]
    committed = not diff and _is_committed(root, files)
    found = [one for _, one in looked if one is not None]
    failed = [one for one in found if one.refused or (one.changed and not force)]
    for one in failed:
        trouble(shown(one.kept.path), f"not restored: {one.refused or one.changed}")
    if failed and not force:
        more = any(not one.refused for one in failed) and not within()
        forced = " With --force, files that were changed or deleted since are restored too."
        named = f" {_OTHERS}" if len(found) > len(failed) and not within() else ""
        say(f"Nothing was restored.{forced if more else ''}{named}", sys.stderr)
        return 2
    found = [one for one in found if not one.refused]
    if diff:
        for one in found:
            path = shown(one.kept.path)
            put_bytes(unified(path, one.now or b"", one.kept.before), sys.stdout)
        return 2 if failed else 1 if found else 0
    as_before = [kept for kept, one in looked if one is None]
    calm = _as_before(last, "" if whole or len(files) > 1 else shown(files[0].path))
    away = [] if force else [kept for kept in as_before if journal.was_written(last, kept)]
    if away and not found and not failed:
        say(f"error: nothing to undo: {calm}. {_kept(1)}", sys.stderr)
        return 2
    for place in {os.path.dirname(kept.path) for kept in files}:
        atomic_write.sweep_beside(os.path.join(place, ""))  # of a run that was killed
    restored = [one for one in found if _restore(one)]
    again = len(failed) + len(found) - len(restored)
    done = {id(kept) for kept in (*as_before, *(one.kept for one in restored))}
    done.difference_update(map(id, away))
    left = [kept for kept in last.files if id(kept) not in done]
    journal.keep(last, left)
    others = len(last.files) - len(files)
    for line in () if quiet else _told(last, restored, calm, again, len(away), others):
        say(line, sys.stdout)
    if committed and restored and not quiet:
        say(_COMMITTED, sys.stdout)
    if earlier and not left and not quiet:
        say(f"{plural(earlier, 'earlier run')} can be undone too.", sys.stdout)
    return 2 if again else 0


def left_by_a_run(paths: Collection[str]) -> str:
    """What to type here to undo a run that left one of these files as it is now; empty where none
    did. The paths are real ones."""
    for root in sorted({boundaries.root_of(os.path.dirname(path)) for path in paths}):
        with suppress(OSError, journal.UnreadableError):
            last, _ = journal.latest(root)
            if last is not None and any(
                _is_left(kept) for kept in last.files if kept.path in paths
            ):
                return command(last)
    return ""


def _is_left(kept: Kept) -> bool:
    """Whether a file is as the run left it, and not as before."""
    found = _look(kept)
    return found is not None and not found.changed and not found.refused


def _is_committed(root: str, files: Collection[Kept]) -> bool:
    """Whether the last commit has what the run wrote, as after `next`."""
    left = [kept.path for kept in files if not kept.new and _is_left(kept)]
    try:
        tree = repository(root)
        return bool(left) and tree is not None and tree.has_committed(left)
    except GitError:
        return False


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


def _as_before(last: Journal, what: str) -> str:
    """That all files are so, or the one that is named."""
    are = f"{what} is as it was" if what else "all files are as they were"
    return f"{are} before the run of {_time(last)}"


def _kept(files: int) -> str:
    """Why the record is kept of what is as it was before the run."""
    its = "Its" if files == 1 else "Their"
    drops = "" if within() else " --force drops it."
    stays = "record is kept: changes that were put away, as by `git stash`, may come back."
    return f"{its} {stays}{drops}"


def _told(
    last: Journal,
    restored: Sequence[_Found],
    calm: str,
    again: int,
    away: int,
    others: int,
) -> Iterator[str]:
    """What was restored, and how many files were not: for another try, as they are as before the
    run, or as nobody asked for them. `calm` says that all are as before the run."""
    for one in restored:
        lost = f" ({one.changed})" if one.changed else ""
        yield f"Restored {shown(one.kept.path)}{lost}."
    if restored or again:
        yield f"Restored {plural(len(restored), 'file')} from before the run of {_time(last)}."
    else:
        yield f"Nothing to restore: {calm}."
    if away:
        was = "is as it was" if away == 1 else "are as they were"
        yield f"{plural(away, 'other file')} {was} before the run already. {_kept(away)}"
    if others:
        stay, it = ("stays", "it") if others == 1 else ("stay", "them")
        said = f"{plural(others, 'other file')} of that run {stay} as the run left {it}"
        yield f"{said}, and recorded."


def _names(path: str) -> tuple[str, ...]:
    """What a file may be recorded as: what a link leads to, or where a link has taken its place."""
    full = os.path.abspath(path)
    directory, name = os.path.split(full)
    return os.path.realpath(full), os.path.join(os.path.realpath(directory), name)


def _is_asked(kept: Kept, names: Collection[str]) -> bool:
    """Whether a file is one of these, or below one."""
    return any(kept.path == name or kept.path.startswith(os.path.join(name, "")) for name in names)
