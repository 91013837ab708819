"""What `prove` found out about fixes, beside the findings of a run.

The IDs of findings count from the working directory, and so does what is kept of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sentry_migrate.project import kept_proofs
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, fingerprints, items


def proved(entries: Iterable[Entry]) -> dict[str, tuple[Item, int]]:
    """By ID, the findings whose preferred fix ran in tests and was equal, if their files are as
    they were, and in how many tests."""
    listed = {
        name: item
        for item, name in fingerprints(items(entries))
        if item.finding is not None and item.finding.fix is not None
    }
    home = os.getcwd()
    places = {name: _place(item.entry.path, home) for name, item in listed.items()}
    return {name: (listed[name], tests) for name, tests in kept_proofs.equal(home, places).items()}


def with_proof(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries, each with what was proved in it."""
    found: dict[int, dict[int, int]] = {}
    if os.path.isdir(kept_proofs.DIRECTORY):
        for item, tests in proved(entries).values():
            found.setdefault(id(item.entry), {})[item.start] = tests
    return [replace(one, proved=found[id(one)]) if id(one) in found else one for one in entries]


def _place(path: str, home: str) -> str:
    try:
        return os.path.relpath(path, home)
    except ValueError:  # on another drive of Windows
        return path
