"""How often each rule fired."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from sentry_migrate.model import Finding
from sentry_migrate.report.entry import Entry, fixable
from sentry_migrate.report.text import Line


@dataclass(frozen=True, slots=True)
class Count:
    """One rule's findings."""

    code: str
    name: str
    count: int
    fixable: int
    """By `--fix`, or `--fix --unsafe-fixes` where that was asked for."""
    fixable_unsafe: int
    """Only by `--fix --unsafe-fixes`."""


def count(entries: Iterable[Entry]) -> list[Count]:
    """The rules that fired, most frequent first, equals by code."""
    groups: dict[tuple[str, str], list[tuple[Finding, bool]]] = {}
    for entry in entries:
        for finding in entry.findings:
            key = finding.code, finding.name
            groups.setdefault(key, []).append((finding, entry.unsafe))
    counts = []
    for (code, name), group in groups.items():
        now = sum(fixable(finding, unsafe) for finding, unsafe in group)
        later = sum(fixable(finding, True) for finding, _ in group) - now
        counts.append(Count(code, name, len(group), now, later))
    return sorted(counts, key=lambda item: (-item.count, item.code))


def table(counts: Iterable[Count]) -> Iterator[Line]:
    """One line per rule: count, code, `[*]` if all of its findings can be fixed, `[-]` if some."""
    counts = list(counts)
    width = max((len(str(item.count)) for item in counts), default=0)
    for item in counts:
        mark = "[*]" if item.fixable == item.count else "[-]" if item.fixable else "[ ]"
        yield [
            (f"{item.count:>{width}}", "bold"),
            (f"  {item.code}", "bold red"),
            (f"  {mark}", "cyan"),
            f"  {item.name}",
        ]


def dumps(counts: Iterable[Count]) -> str:
    """The counts as a JSON array, ending in a newline."""
    return json.dumps([asdict(item) for item in counts], indent=2) + "\n"
