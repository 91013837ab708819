"""What `prove` found out about fixes, beside the findings of a run.

The IDs of findings count from the working directory, and so does what is kept of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sentry_migrate.model import Finding
from sentry_migrate.project import kept_proofs
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, fingerprints, items


def proved(entries: Iterable[Entry]) -> dict[str, tuple[Item, int, int]]:
    """By ID, the rewrites that ran in tests and were equal, if their files are as they were: the
    finding, which rewrite of it, 0 for the preferred, and in how many tests."""
    listed = {
        f"{name}/{number}" if number else name: (item, number)
        for item, name in fingerprints(items(entries))
        if item.finding is not None
        for number in _rewrites(item.finding)
    }
    home = os.getcwd()
    places = {name: _place(item.entry.path, home) for name, (item, _) in listed.items()}
    return {name: (*listed[name], tests) for name, tests in kept_proofs.equal(home, places).items()}


def to_make(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The IDs of those to make: one of each finding, the preferred one if it was equal."""
    chosen: dict[tuple[int, int], str] = {}
    for name, (item, *_) in sorted(proved(entries).items(), key=lambda one: one[1][1]):
        chosen.setdefault((id(item.entry), item.start), name)
    return tuple(chosen.values())


def _rewrites(finding: Finding) -> Iterable[int]:
    return range(0 if finding.fix is not None else 1, 1 + len(finding.alternatives))


def with_proof(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries, each with what was proved in it."""
    found: dict[int, dict[tuple[int, int], int]] = {}
    if os.path.isdir(kept_proofs.DIRECTORY):
        for item, number, tests in proved(entries).values():
            found.setdefault(id(item.entry), {})[item.start, number] = tests
    return [replace(one, proved=found[id(one)]) if id(one) in found else one for one in entries]


def _place(path: str, home: str) -> str:
    try:
        return os.path.relpath(path, home)
    except ValueError:  # on another drive of Windows
        return path
