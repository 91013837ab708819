"""Findings as workflow commands of GitHub Actions, which shows them beside the code.

The form is that of "Workflow commands for GitHub Actions": `::error file=…,line=…::message`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, items

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def commands(entries: Iterable[Entry]) -> str:
    """One command for each finding or problem."""
    return "".join(f"{_command(item)}\n" for item in items(entries))


def _command(item: Item) -> str:
    (row, column), (end_row, end_column) = map(item.entry.place_in_file, (item.start, item.end))
    keys = {
        "title": f"sentry-migrate ({item.code})",
        "file": item.file_in_repository,
        "line": str(row),
    }
    if row == end_row:  # columns hold within a line only
        keys |= {"col": str(column), "endColumn": str(end_column)}
    keys["endLine"] = str(end_row)
    named = ",".join(f"{key}={_value(value)}" for key, value in keys.items())
    said = f"{item.file}:{item.entry.label(item.start)}: {item.code} {item.message}"
    said += f"\n{item.advice}" if item.advice else ""
    return f"::{_COMMANDS[item.level]} {named}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
