"""Findings as SARIF 2.1.0 (OASIS standard), which code scanning services read.

Regions are 1-based and count code points, as `columnKind` says; ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from sentry_migrate import REPOSITORY, __version__
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import Item, fingerprints, items
from sentry_migrate.report.json import document
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def log(entries: Iterable[Entry]) -> str:
    """One run: a result for each finding, a notification for each problem."""
    every = list(fingerprints(items(entries)))
    found = [(item, name) for item, name in every if item.finding is not None]
    problems = [item for item, _ in every if item.finding is None]
    firsts = {item.code: item for item, _ in reversed(found)}
    rules = {code: firsts[code] for code in sorted(firsts)}
    at = {code: number for number, code in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "sentry-migrate",
                "version": __version__,
                "informationUri": REPOSITORY,
                "rules": [_rule(item) for item in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not problems,
                "toolExecutionNotifications": [_notification(item) for item in problems],
            }
        ],
        "results": [_result(item, name, at[item.code]) for item, name in found],
    }
    made = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return document(made)


def _rule(item: Item) -> dict[str, Any]:
    assert item.finding is not None
    return {
        "id": item.code,
        "name": item.finding.name,
        "helpUri": item.url,
        "defaultConfiguration": {"level": item.level},
    }


def _result(item: Item, fingerprint: str, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.level,
        "message": {"text": "\n".join(filter(None, (item.message, item.advice)))},
        "locations": [_location(item)],
        "partialFingerprints": {"line/v1": fingerprint},
    }
    if item.edits:
        edits = item.entry.edits_in_file(item.edits)
        file, _ = item.entry.in_file(0)
        replacements = [_replacement(file, edit) for edit in edits]
        change = {"artifactLocation": _artifact(item), "replacements": replacements}
        result["fixes"] = [{"description": {"text": item.advice}, "artifactChanges": [change]}]
    return result


def _notification(item: Item) -> dict[str, Any]:
    return {
        "level": "error",
        "descriptor": {"id": item.code},
        "message": {"text": item.message},
        "locations": [_location(item)],
    }


def _location(item: Item) -> dict[str, Any]:
    file, start = item.entry.in_file(item.start)
    region = _region(file, start, item.entry.in_file(item.end)[1])
    return {"physicalLocation": {"artifactLocation": _artifact(item), "region": region}}


def _artifact(item: Item) -> dict[str, str]:
    return {"uri": quote(item.file_in_repository.encode("utf-8", "surrogateescape"))}


def _replacement(lines: LineIndex, edit: Edit) -> dict[str, Any]:
    region = _region(lines, edit.start, edit.end)
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _region(lines: LineIndex, start: int, end: int) -> dict[str, int]:
    (line, column), (end_line, end_column) = lines.position(start), lines.position(end)
    return {
        "startLine": line + 1,
        "startColumn": column + 1,
        "endLine": end_line + 1,
        "endColumn": end_column + 1,
    }
