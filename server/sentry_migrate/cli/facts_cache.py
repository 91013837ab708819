"""What was found out about files in earlier runs, so that a run of one file need not read the rest
of its project again.

Owns one file for each project, and what its entries depend on: the content, what else was asked,
this program. Whatever is wrong with the file, the facts are found out again; whatever keeps it from
being written, the next run is as slow as this.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from sentry_migrate import __version__
from sentry_migrate.cli import own_directories
from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.worker.conversion import converter

T = TypeVar("T")

MOST = 64 << 20
"""Characters of a project's facts that are kept, a tenth of that on the disk; those not used for
the longest go first."""
MANY = 100
"""Projects that are kept."""
SUFFIX = ".json.z"
"""Of the files: JSON, compressed by zlib."""


class Facts:
    """The facts of one project, or of several that are looked at together."""

    def __init__(self, directory: str | None, roots: Iterable[str]) -> None:
        """`directory` is where to keep them; None for nowhere."""
        name = digest(*sorted(roots))
        self._path = None if directory is None else os.path.join(directory, f"{name}{SUFFIX}")
        self._known = {} if self._path is None else _read(self._path)
        self._found: dict[str, object] = {}
        """What this run found out, by key."""
        self._recalled: dict[str, object] = {}
        """What this run was told of `_known`."""
        self._fresh = False

    @property
    def keeps(self) -> bool:
        """Whether anything is kept."""
        return self._path is not None

    def recall(self, kind: type[T], find: Callable[[], T], *depends: str | bytes) -> T:
        """A fact of this kind, which `find` tells where it is not known."""
        fact = self.known(kind, *depends)
        if fact is None:
            fact = find()
            self.note(fact, *depends)
        return fact

    def has(self, kind: type[object], *depends: str | bytes) -> bool:
        """Whether there seems to be a fact of a kind under these circumstances."""
        key = digest(kind.__name__, *depends)
        return key in self._found or key in self._known

    def known(self, kind: type[T], *depends: str | bytes) -> T | None:
        """What is known of a kind under these circumstances; None for nothing."""
        key = digest(kind.__name__, *depends)
        if isinstance(found := self._found.get(key) or self._recalled.get(key), kind):
            return found
        text = self._known.pop(key, None)
        if text is None:
            return None
        try:
            fact: T = converter().structure(json.loads(text), kind)
        except Exception:  # somebody else's, or what a broken disk made of ours
            self._fresh = True
            return None
        self._known[key] = text  # as the last that was used
        self._recalled[key] = fact
        return fact

    def note(self, fact: object, *depends: str | bytes) -> None:
        """Keep a fact, which is data that the converter knows."""
        self._found[digest(type(fact).__name__, *depends)] = fact

    def save(self) -> None:
        """Write what is new, if that is possible."""
        if self._path is None or not (self._fresh or self._found):
            return
        for key, fact in self._found.items():
            self._known.pop(key, None)
            fields = converter().unstructure(fact)
            self._known[key] = json.dumps(fields, separators=(",", ":"))
        self._found.clear()
        kept: dict[str, str] = {}
        left = MOST
        for key, text in reversed(self._known.items()):
            left -= len(text)
            if left < 0:
                break
            kept[key] = text
        found = dict(reversed(kept.items()))
        put(self._path, {"program": program(), "facts": found})


def put(path: str, content: object) -> None:
    """Write a file of the cache, if that is possible and not too much; those not used for the
    longest go."""
    data = json.dumps(content, separators=(",", ":"))
    if len(data) > 2 * MOST:
        return
    with suppress(OSError):
        directory = os.path.dirname(path)
        own_directories.make(directory)
        atomic_write.put(path, zlib.compress(data.encode("ascii"), 1))
        _prune(directory)


def content_of(path: str) -> Any:
    """What `put` wrote. Raises OSError, ValueError and RecursionError, for anything else too."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(regular_files.read(path), 2 * MOST)
    except zlib.error as error:
        raise ValueError(f"nothing of ours: {error}") from error
    return json.loads(data)


def digest(*parts: str | bytes) -> str:
    """A short name for exactly these parts in this order."""
    made = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(b"%d:" % len(data))
        made.update(data)
    return made.hexdigest()


def _read(path: str) -> dict[str, str]:
    try:
        found = content_of(path)
        facts = found["facts"] if found["program"] == program() else {}
        return {str(key): text for key, text in facts.items() if isinstance(text, str)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _prune(directory: str) -> None:
    """Remove the facts of the projects that were not looked at for the longest time."""
    with os.scandir(directory) as scan:
        files = [(one.stat().st_mtime, one.path) for one in scan if one.name.endswith(SUFFIX)]
    for _, path in sorted(files)[:-MANY]:
        os.unlink(path)


@cache
def program() -> str:
    """This program: its version, and how it is installed, as a checkout changes without one."""
    parser = ""
    with suppress(metadata.PackageNotFoundError):
        parser = metadata.version("libcst")
    versions = (__version__, parser, sys.version)
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    stats = ((one.name, one.stat()) for one in files)
    return digest(*versions, repr([(name, at.st_size, at.st_mtime_ns) for name, at in stats]))
