"""How often each rule fired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentry_migrate.model import Finding
from sentry_migrate.report.entry import Entry, fixable
from sentry_migrate.report.questions import resting
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
    assumed: int
    """Those of the safe fixes that rest on an assumption."""


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
        assumed, _ = resting(finding.fix for finding, _ in group if finding.fix is not None)
        counts.append(Count(code, name, len(group), now, later, assumed))
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
            f" ({item.assumed} on assumptions)" if item.assumed else "",
        ]


LEGEND: Line = ["[*] all can be fixed, [-] some, [ ] none"]
"""What the marks mean."""
