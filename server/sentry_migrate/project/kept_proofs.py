"""What earlier runs of the tests said of fixes, kept with the project for later commands.

Owns the file `.sentry-migrate/proof.json`. A verdict holds for a fix of a text: if the text of its
file changes, it is no longer given.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sentry_migrate.project import atomic_write, regular_files, repository

DIRECTORY = ".sentry-migrate"
_FILE = "proof.json"
_IGNORE = ".gitignore"
_TELLING_NOTHING = ("never-ran", "nothing-sent")


class Kept(NamedTuple):
    """What is known of a fix, and where that is found."""

    path: str
    """Of its file, relative to the project."""
    code: str
    """Of its rule."""
    row: int
    column: int
    """Both 1-based, the column in code points."""
    verdict: str
    tests: tuple[str, ...]


def keep(root: str, found: Mapping[str, Kept]) -> None:
    """Add verdicts, by the IDs of fixes, to those of the project. A run whose tests tell nothing of
    a fix leaves what an earlier one told of the same text. Raises OSError."""
    directory = os.path.join(root, DIRECTORY)
    os.makedirs(directory, exist_ok=True)
    ignore = os.path.join(directory, _IGNORE)
    if not os.path.lexists(ignore):
        atomic_write.put(ignore, b"*\n")
    kept = dict(_read(root))
    for name, one in found.items():
        made = {**one._asdict(), "text": _digest(os.path.join(root, one.path))}
        if one.verdict not in _TELLING_NOTHING or not _holds(kept.get(name), made["text"]):
            kept[name] = made
    data = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    atomic_write.put(os.path.join(directory, _FILE), data.encode())


def _holds(earlier: Any, text: str) -> bool:
    return isinstance(earlier, Mapping) and (earlier.get("verdict"), earlier.get("text")) == (
        "equal",
        text,
    )


def equal(root: str, files: Mapping[str, str]) -> dict[str, int]:
    """In how many tests each of the fixes ran and was equal, without those that never were."""
    kept = _read(root)
    found = {}
    for name, path in files.items():
        one = kept.get(name)
        if not isinstance(one, Mapping) or one.get("verdict") != "equal":
            continue
        tests = one.get("tests")
        if isinstance(tests, list) and one.get("text") == _digest(os.path.join(root, path)):
            found[name] = len(tests)
    return found


def equal_in(path: str, text: str) -> dict[tuple[str, int, int], int]:
    """In how many tests the fixes of a file were equal, by code, row and column, if the file had
    this text; as the nearest directory says that keeps verdicts."""
    for home in repository.upwards(Path(path).parent):
        if kept := _read(str(home)):
            break
    else:
        return {}
    inside, now = os.path.relpath(path, home), _hash(text.encode("utf-8", "replace"))
    found = {}
    for name, one in kept.items():
        # The name of another rewrite than the preferred one has a number.
        if isinstance(one, Mapping) and "/" not in name and one.get("verdict") == "equal":
            tests, at = one.get("tests"), (one.get("code"), one.get("row"), one.get("column"))
            if (one.get("path"), one.get("text")) == (inside, now) and isinstance(tests, list):
                found[at] = len(tests)
    return found  # type: ignore[return-value]


def _read(root: str) -> Mapping[str, Any]:
    """What was kept; nothing where the file is not what this module writes."""
    try:
        data = json.loads(regular_files.read(os.path.join(root, DIRECTORY, _FILE)))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _digest(path: str) -> str:
    try:
        return _hash(regular_files.read(path))
    except OSError:
        return ""


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
