"""Everything that is written as JSON: findings, counts, how much is left, rules.

Findings are an array in the shape of ruff's, so that tools that read that can read this. Rows and
columns are 1-based, columns in code points, ends exclusive; in a notebook, they count in the cell
of that number, and so do edits, in the cell that each has. `id`, `severity`, `fixed`, `remedy`,
`fix.reason`, `fix.doubts` and `fix.assumes` are additions. What a run fixed has `fixed`, places in
the text before, and no edits. A file that could not be analysed, or not be written, has an item
without a code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from sentry_migrate.model import Fix
from sentry_migrate.report import summary, trend
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, fingerprints, items

if TYPE_CHECKING:
    from sentry_migrate.doubts import Doubt
    from sentry_migrate.kit.rule import Rule
    from sentry_migrate.report.listing import Sheet
    from sentry_migrate.report.statistics import Count


def findings(entries: Iterable[Entry]) -> str:
    """One item per finding or problem."""
    return document([_item(item, name) for item, name in fingerprints(items(entries))])


def lines(entries: Iterable[Entry]) -> str:
    """The same, each item on a line of its own."""
    found = (_item(item, name) for item, name in fingerprints(items(entries)))
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in found)


def statistics(counts: Iterable[Count]) -> str:
    """One item per rule that fired."""
    return document([asdict(item) for item in counts])


def migration(
    sheets: Iterable[Sheet],
    summaries: object,
    subject: str,
    compared: trend.Comparison | None = None,
) -> str:
    """How much is left to migrate."""
    found = summary.summarize(
        (sheet.entry for sheet in sheets), compared.coverage if compared else None
    )
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    more: dict[str, Any] = {}
    if compared is not None:
        more["selection"] = compared.selection
        if (since := compared(found)) is not None:
            more["trend"] = trend.data(since)
    return document({"time": now, **summary.data(found), **more})


def rule_list(chosen: Iterable[Rule]) -> str:
    """One item per rule, without its page."""
    from sentry_migrate.report.rule_pages import rule_item  # which has all rules loaded

    return document([rule_item(rule) for rule in chosen])


def rules(chosen: Iterable[Rule], one: bool) -> str:
    """What there is to say of rules; of `one`, no array."""
    from sentry_migrate.report.rule_pages import rule_data

    data = [rule_data(rule) for rule in chosen]
    return document(data[0] if one else data)


def doubts(chosen: Iterable[Doubt], one: bool) -> str:
    """What there is to say of doubts; of `one`, no array."""
    from sentry_migrate.report.rule_pages import doubt_data

    data = [doubt_data(doubt) for doubt in chosen]
    return document(data[0] if one else data)


def document(value: Any) -> str:
    """A value as the text of a file."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _item(item: Item, name: str) -> dict[str, Any]:
    entry, finding = item.entry, item.finding
    return {
        "id": name,
        "code": None if finding is None else finding.code,
        "name": item.code if finding is None else finding.name,
        "message": item.message,
        "filename": _filename(entry),
        "cell": entry.cell(item.start),
        "location": _place(entry, item.start),
        "end_location": _place(entry, item.end),
        "severity": item.severity.value,
        "url": item.url or None,
        "fixed": entry.fixed,
        "proved_by_tests": entry.proved.get((item.start, 0), 0),
        "remedy": (finding.remedy or None) if finding is not None else None,
        "fix": _fix(entry, finding.fix) if finding is not None and finding.fix else None,
        "alternatives": [_fix(entry, fix) for fix in finding.alternatives] if finding else [],
    }


def _fix(entry: Entry, fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "reason": fix.reason or None,
        "doubts": list(fix.doubts),
        "assumes": list(dict.fromkeys(one.code for one in fix.assumes)),
        "edits": [
            {
                "content": edit.text,
                "cell": entry.cell(edit.start),
                "location": _place(entry, edit.start),
                "end_location": _place(entry, edit.end),
            }
            for edit in (() if entry.fixed else entry.edits_in_cells(fix.edits))
        ],
    }


def _place(entry: Entry, offset: int) -> dict[str, int]:
    row, column = entry.place(offset)
    return {"row": row, "column": column}


def _filename(entry: Entry) -> str:
    return "-" if entry.path == "-" else os.path.abspath(entry.path)
