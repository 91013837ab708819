"""What runs that write files leave behind so that they can be undone.

Owns one file for each run: an archive with the replaced files as they were, and a digest of what
each became. It is complete on disk before the first file is replaced, so a run that was killed can
be undone as well. Refuses to know how files are restored.
"""

from __future__ import annotations

import io
import json
import os
import stat
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sentry_migrate.cli import own_directories
from sentry_migrate.cli.facts_cache import digest
from sentry_migrate.project import atomic_write, modules, regular_files
from sentry_migrate.project.boundaries import root_of
from sentry_migrate.project.repository import is_root

MOST = 10
"""Runs of a project that are kept."""

_SUFFIX = ".zip"
_LIST = "files.json"
_ACCESS = 0o644
"""Of a file that was gone before the run got to it."""


class UnreadableError(Exception):
    """A journal cannot be read; str() names it and says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was before a run."""

    path: str
    """Absolute, without symbolic links."""
    before: bytes
    after: str
    """The digest of what the run makes of it."""
    mode: int
    """Its permissions."""
    new: bool = False
    """Whether there was no such file; `before` is empty then."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What is needed to undo a run."""

    path: str
    """Of the archive."""
    root: str
    """What the run is filed under, see `boundaries.root_of`."""
    files: tuple[Kept, ...]
    """In the order in which the run writes them."""

    @property
    def when(self) -> float:
        """The time of the run, in seconds since the epoch."""
        return _time(self.path) / 1e9


def begin(files: Iterable[tuple[str, bytes | None, bytes]]) -> Journal | None:
    """Keep what files hold that a run is about to replace; None where it replaces none.

    Each is a path, the bytes before, None where there is no file, and those after. Raises OSError
    where nothing can be kept.
    """
    kept = tuple(
        Kept(os.path.realpath(path), before or b"", digest(after), _mode(path), before is None)
        for path, before, after in files
    )
    if not kept:
        return None
    root = _root(kept)
    directory = _directory(root)
    if directory is None:
        raise FileNotFoundError(2, "no directory for application state is known")
    own_directories.make(os.path.dirname(os.path.dirname(directory)))
    os.makedirs(directory, mode=0o700, exist_ok=True)
    earlier = _runs(directory)
    last = _time(earlier[-1]) if earlier else 0
    path = os.path.join(directory, f"{max(time.time_ns(), last + 1):020}{_SUFFIX}")
    journal = Journal(path, root, kept)
    _write(journal)
    for old in earlier[: 1 - MOST]:
        with suppress(OSError):
            os.unlink(old)
    return journal


def add(journal: Journal, path: str, before: bytes | None, after: bytes) -> Journal:
    """Keep one more file that the run is about to replace. Raises OSError."""
    real = os.path.realpath(path)
    one = Kept(real, before or b"", digest(after), _mode(path), before is None)
    made = replace(journal, files=(*journal.files, one))
    _write(made)
    return made


def settle(journal: Journal, failed: Collection[str]) -> Journal | None:
    """Forget the files that the run did not replace after all, some of those that `failed`; None
    if nothing is left to undo."""
    paths = {os.path.realpath(path) for path in failed}
    left = tuple(one for one in journal.files if one.path not in paths or _became(one))
    if left == journal.files:
        return journal
    with suppress(OSError):  # undoing the run then has nothing to do for these files
        if not left:
            drop(journal)
            return None
        _write(replace(journal, files=left))
    return replace(journal, files=left)


def latest(root: str, wanted: Callable[[Kept], bool] | None = None) -> tuple[Journal | None, int]:
    """The last run that is filed under `root`, or the last with a file that is `wanted`, and how
    many there are before.

    Raises UnreadableError for its journal, and OSError for all of them.
    """
    place = _directory(root)
    found = _runs(place) if place is not None else []
    while found:
        try:
            run = _read(found[-1])
            if wanted is None or any(map(wanted, run.files)):
                return run, len(found) - 1
        except UnreadableError:
            if os.path.lexists(found[-1]):
                raise
        found.pop()  # also where another `undo` has just been faster
    return None, 0


def was_written(journal: Journal, one: Kept) -> bool:
    """Whether a file of a run was written since it began; one that was killed may not have come
    to it."""
    with suppress(OSError):
        return os.stat(one.path).st_mtime_ns > _time(journal.path)
    return False


def keep(journal: Journal, files: Sequence[Kept]) -> None:
    """Forget a run but for these files, if another has not. Raises OSError."""
    if not files:
        drop(journal)
    elif os.path.lexists(journal.path):
        _write(replace(journal, files=tuple(files)))


def drop(journal: Journal) -> None:
    """Forget a run, if another has not. Raises OSError."""
    with suppress(FileNotFoundError):
        os.unlink(journal.path)


def _root(files: Sequence[Kept]) -> str:
    """What a run is filed under: what its files are in; or the working directory, if they are
    below it and nothing marks a project. Where links led out of a project, it is the project."""
    directories = [os.path.dirname(one.path) for one in files]
    try:
        root = root_of(os.path.commonpath(directories))
    except ValueError:  # several drives
        root = root_of(directories[0])
    here = os.path.realpath(os.getcwd())
    own = root_of(here)
    marked = modules.is_project(own) or is_root(Path(own))
    inside = [_is_below(one.path, own) for one in files]
    if marked and any(inside) and not all(inside):
        return own
    below = _is_below(root, here)
    return root_of(here) if below and not modules.is_project(root) else root


def _is_below(path: str, directory: str) -> bool:
    return path.startswith(os.path.join(directory, ""))


def _directory(root: str) -> str | None:
    """Where the runs of a project are kept."""
    place = own_directories.state()
    return None if place is None else os.path.join(place, "undo", digest(os.path.realpath(root)))


def _runs(directory: str) -> list[str]:
    """The journals in a directory, the oldest first."""
    names: list[str] = []
    with suppress(FileNotFoundError, NotADirectoryError):
        names = os.listdir(directory)
    found = (
        os.path.join(directory, name)
        for name in names
        if name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX).isdecimal()
    )
    return sorted(found, key=_time)


def _time(path: str) -> int:
    return int(os.path.basename(path).removesuffix(_SUFFIX))


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return _ACCESS


def _became(one: Kept) -> bool:
    """Whether a file is what the run made of it; also where nobody can tell."""
    try:
        return digest(regular_files.read(one.path)) == one.after
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _write(journal: Journal) -> None:
    data = io.BytesIO()
    listed = [
        {"path": one.path, "after": one.after, "mode": one.mode, "new": one.new}
        for one in journal.files
    ]
    content = {"root": journal.root, "files": listed}
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in (
            (_LIST, json.dumps(content).encode()),
            *((str(number), one.before) for number, one in enumerate(journal.files)),
        ):
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    atomic_write.put(journal.path, data.getvalue(), durable=True)


def _read(path: str) -> Journal:
    try:
        with zipfile.ZipFile(io.BytesIO(regular_files.read(path))) as archive:
            content = json.loads(archive.read(_LIST))
            files = tuple(
                Kept(
                    one["path"],
                    archive.read(str(number)),
                    one["after"],
                    int(one["mode"]),
                    bool(one.get("new")),
                )
                for number, one in enumerate(content["files"])
            )
            return Journal(path, content["root"], files)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from error
    except Exception as error:  # somebody else's, or what a broken disk made of ours
        raise UnreadableError(f"{path}: the file is damaged") from error
