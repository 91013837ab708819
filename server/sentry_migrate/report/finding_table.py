"""Findings as a table in Markdown, for a comment or the summary of a run."""

from __future__ import annotations

from collections.abc import Iterable

from sentry_migrate.report import visible
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import items


def markdown(entries: Iterable[Entry]) -> str:
    """A row for each finding and problem."""
    rows = ["| place | rule | finding | what to do |", "| --- | --- | --- | --- |"]
    for item in items(entries):
        rule = f"[{item.code}]({item.url})" if item.url else item.code
        place = visible.plain(f"{item.file}:{item.entry.label(item.start).rpartition(':')[0]}")
        rows.append(f"| {cell(place)} | {rule} | {cell(item.message)} | {cell(item.advice)} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "No findings.\n"


def cell(text: str) -> str:
    """Text inside of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
