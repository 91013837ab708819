"""The migration report of a session: what `report/` makes of the files the server knows.

Owns how a unit is called and where its offsets are for the client: a notebook's are in its cells.
The page is written in a thread, which gives way every few milliseconds: everything it is made of
is here already, and packing that for a worker process would take as long as writing the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sentry_migrate.lsp.documents import Unit, path_of
from sentry_migrate.lsp.session import Session, folders, known_rules
from sentry_migrate.model import Report
from sentry_migrate.report import html, places, summary
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.report.listing import Sheet
from sentry_migrate.report.places import Place, Places
from sentry_migrate.text.lines import LineIndex


class Tally:
    """What was found in some files."""

    def __init__(self) -> None:
        self._reports: list[tuple[Unit, Report]] = []

    def __len__(self) -> int:
        """How many files were counted."""
        return len(self._reports)

    def add(self, unit: Unit, report: Report) -> None:
        """Count one file."""
        self._reports.append((unit, report))

    async def result(self, session: Session, links: str | None) -> dict[str, Any]:
        """Counts by URI and the same by name in Markdown; with `links`, a template, as HTML too."""
        rules = {rule.code: rule.summary for rule in await known_rules(session)}
        roots = [path for _, path in folders(session)]
        return await asyncio.to_thread(_written, tuple(self._reports), rules, roots, links)


def _written(
    reports: Sequence[tuple[Unit, Report]],
    rules: Mapping[str, str],
    roots: Sequence[Path],
    links: str | None,
) -> dict[str, Any]:
    counts = summary.summarize(_entry(unit.uri, unit, report) for unit, report in reports)
    entries = [(_entry(_name(unit.uri, roots), unit, report), unit) for unit, report in reports]
    words = summary.markdown(summary.summarize(entry for entry, _ in entries))
    result = summary.data(counts) | {"markdown": words}
    if links is not None:
        sheets = [Sheet(entry, _places(links, entry.path, unit)) for entry, unit in entries]
        result["html"] = html.page(sheets, rules, ", ".join(root.name for root in roots))
    return result


def _entry(name: str, unit: Unit, report: Report) -> Entry:
    lines = LineIndex(unit.text) if unit.notebook else unit.parts[0].snapshot.lines
    problem = Problem.of(report.failure) if report.failure else None
    return Entry(name, lines, report.findings, problem)


def _places(template: str, name: str, unit: Unit) -> Places:
    if not unit.notebook:
        return places.in_file(template, name, unit.uri, unit.parts[0].snapshot.lines)
    cells = [
        (part, places.in_file(template, name, part.snapshot.uri, part.snapshot.lines))
        for part in unit.parts
    ]

    def place(offset: int) -> Place:
        for number, (part, inside) in enumerate(cells, 1):
            if part.start <= offset <= part.end:
                found = inside(offset - part.start)
                return Place(f"[{number}] {found.label}", found.link)
        return Place("")

    return place


def _name(uri: str, roots: Sequence[Path]) -> str:
    """A file's path in its folder, which is named too if there are several; else its own URI."""
    path = path_of(uri)
    around = [root for root in roots if path is not None and Path(path).is_relative_to(root)]
    if path is None or not around:
        return path or uri
    root = max(around, key=lambda root: len(root.parts))
    inside = Path(path).relative_to(root).as_posix()
    return inside if len(roots) == 1 else f"{root.name}/{inside}"
