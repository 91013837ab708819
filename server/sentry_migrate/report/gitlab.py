"""Findings as a Code Quality report of GitLab, which shows them in merge requests.

The form is that of "Code Quality report format" in GitLab's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, fingerprints, items
from sentry_migrate.report.json import document

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def code_quality(entries: Iterable[Entry]) -> str:
    """A JSON array with one object for each finding or problem."""
    found = [_issue(item, name) for item, name in fingerprints(items(entries))]
    return document(found)


def _issue(item: Item, fingerprint: str) -> dict[str, Any]:
    ends = {
        "begin": item.entry.place_in_file(item.start),
        "end": item.entry.place_in_file(item.end),
    }
    return {
        "check_name": item.code,
        "description": f"{item.code}: {item.message}",
        "content": {"body": item.advice},
        "categories": ["Compatibility"],
        "severity": _SEVERITIES[item.level],
        "fingerprint": fingerprint,
        "location": {
            "path": item.file_in_repository,
            "positions": {
                end: {"line": row, "column": column} for end, (row, column) in ends.items()
            },
        },
    }
