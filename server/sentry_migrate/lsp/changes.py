"""A client's content changes as edits.

Pure functions. Positions are the client's (LSP 3.17 "TextDocumentContentChangeEvent"), offsets
are 0-based code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import Encoding, LineIndex


def apply_changes(
    lines: LineIndex, changes: Sequence[Any], encoding: Encoding
) -> tuple[LineIndex, list[Edit]]:
    """The text after LSP content changes, in their order, and the edits they were."""
    edits = []
    for change in changes:
        span = getattr(change, "range", None)
        if span is None:
            edit = between(lines.text, change.text)
        else:
            start = lines.offset(span.start.line, span.start.character, encoding)
            end = lines.offset(span.end.line, span.end.character, encoding)
            edit = Edit(min(start, end), max(start, end), change.text)
        text = lines.text
        lines = LineIndex(text[: edit.start] + edit.text + text[edit.end :])
        edits.append(edit)
    return lines, edits


def between(old: str, new: str) -> Edit:
    """One edit from `old` to `new` that leaves out what they have in common at both ends."""
    limit = min(len(old), len(new))
    start = _common(old, new, limit)
    tail = _common(old[start:][::-1], new[start:][::-1], limit - start)
    return Edit(start, len(old) - tail, new[start : len(new) - tail])


def _common(left: str, right: str, limit: int) -> int:
    """How many characters two texts begin with in common, by bisection on slices."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
