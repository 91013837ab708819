"""Files by what they are, not by what they are called.

Owns telling that two names lead to one file, and that a file still holds what was read. Blocking:
called in threads. Refuses to know documents.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from typing import NamedTuple

from sentry_migrate.project import regular_files
from sentry_migrate.text.source import DecodeError, Source

Identity = tuple[int, int] | str

_COARSE = 2.0
"""Seconds in which two changes of a file may leave it the same time stamp: the coarsest file
system counts in twos."""


class Stamp(NamedTuple):
    """What tells that a file is as it was, without reading it."""

    modified: int
    """Nanoseconds."""
    changed: int
    """Nanoseconds. No program can set this one back, where the system has it."""
    size: int
    number: int


class State(NamedTuple):
    """A file at one moment."""

    stamp: Stamp
    settled: bool
    """Whether a change since would have left another stamp."""


def state(path: str) -> State | None:
    """What a file is like now; None if it is gone."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    stamp = Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    latest = max(stamp.modified, stamp.changed) / 1e9
    return State(stamp, latest + _COARSE < time.time())


def digest(path: str) -> bytes:
    """A name of the file's bytes; empty if it cannot be read."""
    try:
        return hashlib.blake2b(regular_files.read(path), digest_size=16).digest()
    except OSError:
        return b""


def text(path: str) -> str | None:
    """The file's text; None if it is gone or is none."""
    try:
        return Source.from_bytes(regular_files.read(path)).text
    except (DecodeError, OSError):
        return None


def identity(path: str) -> Identity:
    """The same for all names of one file: of links, symbolic or hard, and of linked folders."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def distinct(paths: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Each file once, by its own name rather than by a link's; none that one of `taken` names."""
    known = {identity(path) for path in taken}
    chosen: dict[Identity, str] = {}
    for path in paths:
        name = identity(path)
        if name not in known and (name not in chosen or os.path.realpath(path) == path):
            chosen[name] = path
    return list(chosen.values())
