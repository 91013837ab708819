"""Where this program keeps files of its own, outside of the checked folders.

Owns the places: one for what can be found out again, one for what cannot.
"""

from __future__ import annotations

import os
import sys

from sentry_migrate.project import atomic_write


def cache() -> str | None:
    """The directory for what can be made again; None if the user has none for such files."""
    return _place("~/Library/Caches", "XDG_CACHE_HOME", "~/.cache")


def state() -> str | None:
    """The directory for what must not be lost; None if the user has none for such files."""
    if chosen := os.environ.get("SENTRY_MIGRATE_STATE_DIR"):
        return os.path.abspath(chosen)
    return _place("~/Library/Application Support", "XDG_STATE_HOME", "~/.local/state")


def make(directory: str) -> None:
    """Create the directory, with a `.gitignore` that excludes all of it. Raises OSError."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    ignore = os.path.join(directory, ".gitignore")
    if not os.path.exists(ignore):
        atomic_write.put(ignore, b"*\n")


def _place(mac: str, variable: str, home: str) -> str | None:
    if sys.platform == "win32":
        place = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        place = os.path.expanduser(mac)
    else:
        place = os.environ.get(variable, "")
        place = place if os.path.isabs(place) else os.path.expanduser(home)
    return os.path.join(place, "sentry-migrate") if os.path.isabs(place) else None
