"""Putting a file in its place, wholly or not at all."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from typing import BinaryIO

from sentry_migrate.project.regular_files import read

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_SUFFIX = ".sentry-migrate"
_TEMPORARY = re.compile(r"\..+\.\w+" + re.escape(_SUFFIX), re.DOTALL)
_SHORT = 60  # characters: with the rest, no name is too long for a file system
_OLD = 3600  # seconds


class ChangedError(OSError):
    """The file is no longer what was analysed; nothing was written."""


def replace(path: str, before: bytes, after: bytes) -> None:
    """Make the file at `path`, which must still hold `before`, hold `after`; another run may have
    done so already.

    Other programs see the old file or the new one, never a part. A symbolic link stays a link;
    the file it leads to changes. Permissions stay, and the owner where the system allows it.
    Raises ChangedError, and OSError where the file or its directory must not be written.
    """
    target = os.path.realpath(path)
    now = read(target)
    if now == after:
        return
    if now != before:
        raise ChangedError("the file changed while it was being analysed")
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    _swap(target, after)


def put(path: str, data: bytes, durable: bool = False) -> None:
    """Make the file at `path` hold `data`, whether there is one or not.

    What is not a plain file, such as a pipe, is written to and not replaced. `durable` waits until
    the data is on the disk. Raises OSError.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    target = os.path.realpath(path)
    sweep_beside(target)
    _swap(target, data, durable)


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that only this module gives, to files it is about to move."""
    return _TEMPORARY.fullmatch(name) is not None


def sweep(path: str) -> None:
    """Remove what a killed process left at `path`, if that is a temporary file.

    One that a living process is writing is locked, and stays. Where there are no locks, one stays
    for an hour.
    """
    with suppress(OSError):
        status = os.lstat(path)
        if not is_temporary(os.path.basename(path)) or not stat.S_ISREG(status.st_mode):
            return
        if fcntl is None:
            if status.st_mtime < time.time() - _OLD:
                os.unlink(path)
            return
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)


def sweep_beside(path: str) -> None:
    """Remove what killed processes left in the directory of a file."""
    with suppress(OSError), os.scandir(os.path.dirname(path)) as scan:
        for entry in scan:
            sweep(entry.path)


def _swap(target: str, data: bytes, durable: bool = False) -> None:
    file, temporary = _locked_beside(target)
    try:
        with file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            if os.path.exists(target):
                _copy_access(target, temporary)
            else:
                os.chmod(temporary, 0o666 & ~_mask())
            if fcntl is None:
                file.close()  # Windows moves no file that is open
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _locked_beside(target: str) -> tuple[BinaryIO, str]:
    """A new file beside `target`. The lock ends with the process, however that does."""
    directory, name = os.path.split(target)
    while True:
        descriptor, path = tempfile.mkstemp(_SUFFIX, f".{name[:_SHORT]}.", directory)
        file = open(descriptor, "wb")  # noqa: SIM115
        if _lock(file) and os.path.exists(path):
            return file, path
        file.close()  # the sweep of another run was faster


def _lock(file: BinaryIO) -> bool:
    """Whether nobody else has locked the file. There may be no locks, on Windows and elsewhere."""
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _copy_access(source: str, target: str) -> None:
    status = os.stat(source)
    if hasattr(os, "chown"):
        with suppress(PermissionError):  # only root may give files away
            os.chown(target, status.st_uid, status.st_gid)
    shutil.copymode(source, target)  # last: a change of owner clears the set-id bits


def _mask() -> int:
    """The bits that new files do not get; there is no way to ask but to set them."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
