"""Whether a directory that is excluded by default holds code of the project after all.

A directory called `dist` holds what was built, and one called `venv` what was installed; but one
may hold code that somebody wrote. Owns a look at a few of its files. Refuses to know which names
those are.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable

from sentry_migrate.project.modules import SDK
from sentry_migrate.project.regular_files import read
from sentry_migrate.project.scripts import ends_as_python

_MOST = 1000
"""Entries that are looked at: `node_modules` may hold a hundred thousand."""
_INSTALLED = (".dist-info", ".egg-info")


def holds_code(directory: str) -> bool:
    """Whether code in a directory mentions the SDK, but for what was installed there, and as far
    as a few files say."""
    waiting, left = deque([directory]), _MOST
    while waiting and left > 0:
        try:
            with os.scandir(waiting.popleft()) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            continue
        left -= len(entries)
        if _is_installed(entry.name for entry in entries):
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != SDK:
                        waiting.append(entry.path)
                elif ends_as_python(entry.name) and SDK.encode() in read(entry.path):
                    return True
            except OSError:
                continue
    return False


def _is_installed(names: Iterable[str]) -> bool:
    """Whether a directory with such entries is a virtual environment, or has its packages."""
    return any(name == "pyvenv.cfg" or name.endswith(_INSTALLED) for name in names)
