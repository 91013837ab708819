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

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.uris import path_of, readable
from sentry_migrate.lsp.features.migration import unreadable
from sentry_migrate.lsp.session.session import Session, folders, known_rules, name_in
from sentry_migrate.model import CheckResult, Failure
from sentry_migrate.report import html, question_page, source_links, summary
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.listing import Sheet
from sentry_migrate.report.source_links import LinkTo, SourceLink
from sentry_migrate.text.lines import LineIndex


class ReportBuilder:
    """What was found in some files."""

    def __init__(self) -> None:
        self.found: list[tuple[Unit, CheckResult]] = []

    def __len__(self) -> int:
        """How many files were counted."""
        return len(self.found)

    def add(self, unit: Unit, result: CheckResult, resolved: Resolved | None = None) -> None:
        """Count one file. What its settings exclude or turn off is not known if they cannot be
        read, so then neither is what is to be done there."""
        if resolved is not None and resolved.unreadable:
            result = CheckResult(failure=Failure("settings", unreadable(resolved)))
        self.found.append((unit, result))

    async def result(self, session: Session, links: str | None) -> dict[str, Any]:
        """Counts by URI and the same by name in Markdown; with `links`, a template, as HTML too."""
        rules = {rule.code: rule.summary for rule in await known_rules(session)}
        roots = [path for _, path in folders(session)]
        return await asyncio.to_thread(_written, tuple(self.found), rules, roots, links)

    async def question(self, session: Session, code: str, links: str, answer: str) -> str:
        """The page of a question, with the places that wait for its answer."""
        roots = [path for _, path in folders(session)]

        def write() -> str:
            sheets = (_sheet(unit, result, roots, links) for unit, result in self.found)
            return question_page.page(DOUBTS[code], sheets, answer)

        return await asyncio.to_thread(write)


def _sheet(unit: Unit, result: CheckResult, roots: Sequence[Path], links: str) -> Sheet:
    entry = entry_of(name_of(unit.uri, roots), unit, result)
    return Sheet(entry, _link_to(links, entry.path, unit))


def _written(
    reports: Sequence[tuple[Unit, CheckResult]],
    rules: Mapping[str, str],
    roots: Sequence[Path],
    links: str | None,
) -> dict[str, Any]:
    counts = summary.summarize(entry_of(unit.uri, unit, result) for unit, result in reports)
    sheets = [_sheet(unit, result, roots, links or "") for unit, result in reports]
    words = summary.markdown(summary.summarize(sheet.entry for sheet in sheets))
    result = summary.data(counts) | {"markdown": words}
    if links is not None:
        result["html"] = html.page(sheets, lambda: rules, ", ".join(root.name for root in roots))
    return result


def entry_of(name: str, unit: Unit, result: CheckResult) -> Entry:
    """A file as the report has it, by what it is called there."""
    lines = LineIndex(unit.text) if unit.notebook else unit.parts[0].snapshot.lines
    return Entry(name, lines).with_result(result)


def _link_to(template: str, name: str, unit: Unit) -> LinkTo:
    if not unit.notebook:
        return source_links.in_file(template, name, unit.uri, unit.parts[0].snapshot.lines)
    cells = [
        (part, source_links.in_file(template, name, part.snapshot.uri, part.snapshot.lines))
        for part in unit.parts
    ]

    def place(offset: int) -> SourceLink:
        for part, inside in cells:
            if part.start <= offset <= part.end:
                found = inside(offset - part.start)
                return SourceLink(f"[{part.cell}] {found.label}", found.link)
        return SourceLink("")

    return place


def name_of(uri: str, roots: Sequence[Path]) -> str:
    """What a person calls a document: its path from the workspace's folder."""
    path = path_of(uri)
    return readable(uri) if path is None else name_in(path, roots)
