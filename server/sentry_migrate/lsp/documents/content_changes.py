"""A client's content changes as edits.

Pure functions. Positions are the client's (LSP 3.17 "TextDocumentContentChangeEvent"), offsets
are 0-based code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.text.lines import Encoding, LineIndex

Round = tuple[Edit, ...]
"""Edits by position that count in one and the same text."""


def apply_changes(
    lines: LineIndex, changes: Sequence[Any], encoding: Encoding
) -> tuple[LineIndex, list[Round]]:
    """The text after LSP content changes, and the rounds of edits they were, in their order.

    Each change counts in the text the ones before it left. An editor with many cursors sends many
    changes from the end of the text to its start; those are one round, and cost one.
    """
    combined = _descending(lines, changes, encoding) if len(changes) > 1 else None
    if combined is not None:
        return LineIndex(apply(lines.text, combined)), [combined]
    rounds: list[Round] = []
    for change in changes:
        edit = _edit(lines, change, encoding)
        text = lines.text
        lines = LineIndex(text[: edit.start] + edit.text + text[edit.end :])
        rounds.append((edit,))
    return lines, rounds


def _edit(lines: LineIndex, change: Any, encoding: Encoding) -> Edit:
    span = getattr(change, "range", None)
    if span is None:
        return between(lines.text, change.text)
    start = lines.offset(span.start.line, span.start.character, encoding)
    end = lines.offset(span.end.line, span.end.character, encoding)
    return Edit(min(start, end), max(start, end), change.text)


def _descending(lines: LineIndex, changes: Sequence[Any], encoding: Encoding) -> Round | None:
    """The changes as one round, if each lies wholly before the one before it; else None.

    Then a change leaves the lines and columns of all later ones as they were. Not so at a place
    past the end of its line: what it clamps to moves with the text inserted there.
    """
    edits = []
    limit = (1 << 31, 0)
    for change in changes:
        span = getattr(change, "range", None)
        if span is None:
            return None
        start = (span.start.line, span.start.character)
        end = (span.end.line, span.end.character)
        edit = _edit(lines, change, encoding)
        if not start <= end < limit or lines.position(edit.start, encoding) != start:
            return None
        edits.append(edit)
        limit = start
    return tuple(reversed(edits))


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
