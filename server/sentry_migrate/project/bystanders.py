"""Which files that do not mention the SDK may have something of the plan.

They are part of the tests, wait for an error, start threads, give something another class, read a
hub, have options of the SDK, or put something in place of it or of a name that fixes write.
"""

from __future__ import annotations

from sentry_migrate.project.plan_words import may_matter
from sentry_migrate.project.thread_words import ENOUGH, imports_threads


class Bystanders:
    """Tells them from the rest; of those that start threads, the first are enough."""

    def __init__(self) -> None:
        self._threads = 0

    def matters(self, path: str, data: bytes) -> bool:
        """Whether a file may; each is to be asked about once."""
        starts = self._threads < ENOUGH and imports_threads(data)
        self._threads += starts
        return starts or may_matter(path, data)
