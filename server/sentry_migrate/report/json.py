"""Findings as a JSON array in the shape of ruff's, so that tools that read that can read this.

Rows and columns are 1-based, columns in code points, ends exclusive. `severity`, `remedy` and
`fix.reason` are additions. A file that could not be analysed has an item without a code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from sentry_migrate.model import Finding, Fix, Severity
from sentry_migrate.report.entry import Entry


def dumps(entries: Iterable[Entry]) -> str:
    """The array, with one item per finding or problem, ending in a newline."""
    items = [item for entry in entries for item in _items(entry)]
    return text(items)


def text(value: Any) -> str:
    """Plain values as a JSON text, ending in a newline."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _items(entry: Entry) -> Iterable[dict[str, Any]]:
    if entry.problem:
        place = _place(entry, entry.problem.offset)
        yield {
            "code": None,
            "name": entry.problem.name,
            "message": entry.problem.message,
            "filename": _filename(entry),
            "location": place,
            "end_location": place,
            "severity": Severity.ERROR.value,
            "url": None,
            "remedy": None,
            "fix": None,
            "alternatives": [],
        }
    for finding in entry.findings:
        yield _finding(entry, finding)


def _finding(entry: Entry, finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "filename": _filename(entry),
        "location": _place(entry, finding.start),
        "end_location": _place(entry, finding.end),
        "severity": finding.severity.value,
        "url": finding.url,
        "remedy": finding.remedy or None,
        "fix": _fix(entry, finding.fix) if finding.fix else None,
        "alternatives": [_fix(entry, fix) for fix in finding.alternatives],
    }


def _fix(entry: Entry, fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "reason": fix.reason or None,
        "edits": [
            {
                "content": edit.text,
                "location": _place(entry, edit.start),
                "end_location": _place(entry, edit.end),
            }
            for edit in fix.edits
        ],
    }


def _place(entry: Entry, offset: int) -> dict[str, int]:
    row, column = entry.place(offset)
    return {"row": row, "column": column}


def _filename(entry: Entry) -> str:
    return "-" if entry.path == "-" else os.path.abspath(entry.path)
