"""Findings for reviewdog, which comments on pull requests: its Diagnostic Format (RDFormat).

Lines are 1-based; columns are 1-based and count bytes of UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sentry_migrate import REPOSITORY
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, items
from sentry_migrate.report.json import document
from sentry_migrate.text.lines import LineIndex

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def diagnostics(entries: Iterable[Entry]) -> str:
    """One JSON object with all findings and problems; a fix is a suggestion for each of its
    edits."""
    result = {
        "source": {"name": "sentry-migrate", "url": REPOSITORY},
        "diagnostics": [_diagnostic(item) for item in items(entries)],
    }
    return document(result)


def _diagnostic(item: Item) -> dict[str, Any]:
    file, start = item.entry.in_file(item.start)
    _, end = item.entry.in_file(item.end)
    code = {"value": item.code} | ({"url": item.url} if item.url else {})
    return {
        "message": "\n".join(filter(None, (item.message, item.advice))),
        "location": {"path": item.file, "range": _range(file, start, end)},
        "severity": _SEVERITIES[item.level],
        "code": code,
        "suggestions": [
            {"range": _range(file, edit.start, edit.end), "text": edit.text}
            for edit in item.entry.edits_in_file(item.edits)
        ],
    }


def _range(lines: LineIndex, start: int, end: int) -> dict[str, Any]:
    return {"start": _position(lines, start), "end": _position(lines, end)}


def _position(lines: LineIndex, offset: int) -> dict[str, int]:
    line, column = lines.position(offset, "utf-8")
    return {"line": line + 1, "column": column + 1}
