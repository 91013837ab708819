"""What earlier runs of the tests said of fixes, kept with the project for later commands.

Owns the file `.sentry-migrate/proof.json`. A verdict holds for a fix of a text: if the text of its
file changes, it is no longer given.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.prove.verdicts import Verdict

DIRECTORY = ".sentry-migrate"
_FILE = "proof.json"
_IGNORE = ".gitignore"


def keep(root: str, found: Mapping[str, Verdict], files: Mapping[str, str]) -> None:
    """Add verdicts to those of the project. `files` has the path of each fix's file, relative to
    the project. Raises OSError."""
    directory = os.path.join(root, DIRECTORY)
    os.makedirs(directory, exist_ok=True)
    ignore = os.path.join(directory, _IGNORE)
    if not os.path.lexists(ignore):
        atomic_write.put(ignore, b"*\n")
    kept = dict(_read(root))
    for name, verdict in found.items():
        text = _digest(os.path.join(root, files[name]))
        kept[name] = {"verdict": verdict.kind, "tests": [*verdict.tests], "text": text}
    data = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    atomic_write.put(os.path.join(directory, _FILE), data.encode())


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


def _read(root: str) -> Mapping[str, Any]:
    """What was kept; nothing where the file is not what this module writes."""
    try:
        data = json.loads(regular_files.read(os.path.join(root, DIRECTORY, _FILE)))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _digest(path: str) -> str:
    try:
        return hashlib.blake2b(regular_files.read(path), digest_size=16).hexdigest()
    except OSError:
        return ""
