"""A fix as a few lines of diff.

Owns the text a person reads before a fix is made. Knows edits and lines, but not the protocol.
"""

from __future__ import annotations

from collections.abc import Sequence

from sentry_migrate.text.edits import Edit, apply, ordered
from sentry_migrate.text.lines import LineIndex


def diff(lines: LineIndex, edits: Sequence[Edit], limit: int = 30) -> str:
    """The changed lines, old ones with `-` and new ones with `+`; at most `limit` of them."""
    out: list[str] = []
    for group in _groups(lines, edits):
        first = lines.line_of(group[0].start)
        last = max(lines.line_of(edit.end) for edit in group)
        start, end = lines.start(first), lines.end(last)
        before = _split(lines.text[start:end])
        after = _split(apply(lines.text, group, start, end))
        while before and after and before[-1] == after[-1]:
            before.pop(), after.pop()  # the line an insertion at its start did not change
        if out:
            out.append(" …")
        out += [f"-{line}" for line in before]
        out += [f"+{line}" for line in after]
    if len(out) > limit:
        out = [*out[:limit], f" … {len(out) - limit} more lines"]
    return "\n".join(out)


def _groups(lines: LineIndex, edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits by position, those on one line or on adjacent ones together."""
    groups: list[list[Edit]] = []
    reach = -2
    for edit in ordered(edits):
        if lines.line_of(edit.start) > reach + 1:
            groups.append([])
        groups[-1].append(edit)
        reach = max(reach, lines.line_of(edit.end))
    return groups


def _split(text: str) -> list[str]:
    index = LineIndex(text)
    return [text[index.start(line) : index.end(line)] for line in range(len(index))]
