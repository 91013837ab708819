"""What a run does otherwise if a coding agent asked for it: it stays in one directory.

Owns how it is told so, in its environment.
"""

from __future__ import annotations

import os

from sentry_migrate.project.repository import is_within

WITHIN = "SENTRY_MIGRATE_WITHIN"
"""The variable with the directory, without symbolic links."""


def within() -> str:
    """The directory that the run stays in; empty where a person runs it."""
    return os.environ.get(WITHIN, "")


def is_inside(path: str) -> bool:
    """Whether the run may look at a file and change it: the one that a link leads to."""
    place = within()
    return not place or is_within(os.path.realpath(path), place)
