"""What a program that a rule finds sends with both SDKs, as its page shows it.

Owns the words around the table that `tests/differential/shown.py` makes from the SDKs themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sentry_migrate.report.finding_table import cell

TABLE = Path(__file__).with_name("proofs.json")
"""The two releases, and by rule a program and what it sends, or why there is none."""
_RULES = "rules"


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def proof(rule: str) -> str:
    """Markdown: the section of a rule's page."""
    return shown(_table()[_RULES].get(rule, {}), _table()["old"], _table()["new"])


def shown(entry: dict[str, Any], old: str, new: str) -> str:
    """A program, what its fix makes of it, and what both send with these releases."""
    if "before" not in entry:
        why = entry.get("none", "none has been written yet")
        return f"No program was run on both SDKs for this rule: {why}."
    before, after, rows = entry["before"], entry.get("after"), entry["rows"]
    around = "".join(f" {line}" for line in entry["around"])
    parts = [f"This program was run on sentry-sdk {old}.{around}", _python(before)]
    heads = [old, new]
    if after is None:
        parts.append(f"It has no fix that could be run. On {new} it was run as it is.")
    else:
        fix = "fix" if entry["safe"] else "unsafe fix"
        parts += [f"After its {fix}, it was run on {new}.", _python(after)]
        if any(len(row) == 4 for row in rows):
            heads = [old, f"{new}, left alone", f"{new}, after the fix"]
    table = [_row("", heads), _row("---", ["---" for _ in heads])]
    table += [_values(name, values, len(heads)) for name, *values in rows]
    parts += ["\n".join(table), _verdict(entry, rows)]
    return "\n\n".join(parts)


def _verdict(entry: dict[str, Any], rows: Sequence[Sequence[str]]) -> str:
    more = entry["more"]
    rest = f" {more} more value{' is' if more == 1 else 's are'} the same." if more else ""
    same = all(row[1] == row[-1] for row in rows)
    return ("Both send the same." if same else "The rows in bold differ.") + rest


def _values(name: str, values: Sequence[str], columns: int) -> str:
    given = values if len(values) == columns else [values[0], *[values[-1]] * (columns - 1)]
    bold = "**" if given[0] != given[-1] else ""
    return _row(f"{bold}{name}{bold}", [f"`{cell(one)}`" if one else "–" for one in given])


def _row(name: str, values: Sequence[str]) -> str:
    return f"| {' | '.join((name, *values))} |"


def _python(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"
