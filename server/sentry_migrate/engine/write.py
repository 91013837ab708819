"""Putting a file in its place, wholly or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress

from sentry_migrate.engine.files import read


class ChangedError(OSError):
    """The file is no longer what was analysed; nothing was written."""


def replace(path: str, before: bytes, after: bytes) -> None:
    """Make the file at `path`, which must still hold `before`, hold `after`.

    Other programs see the old file or the new one, never a part. A symbolic link stays a link;
    the file it leads to changes. Permissions stay, and the owner where the system allows it.
    Raises ChangedError, and OSError where the file or its directory must not be written.
    """
    target = os.path.realpath(path)
    if read(target) != before:
        raise ChangedError("changed while it was being analysed")
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    _swap(target, after)


def put(path: str, data: bytes) -> None:
    """Make the file at `path` hold `data`, whether there is one or not.

    What is no plain file, such as a pipe, is written to and not replaced. Raises OSError.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    _swap(os.path.realpath(path), data)


def _swap(target: str, data: bytes) -> None:
    directory, name = os.path.split(target)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=directory)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        if os.path.exists(target):
            _copy_access(target, temporary)
        else:
            os.chmod(temporary, 0o666 & ~_mask())
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


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
