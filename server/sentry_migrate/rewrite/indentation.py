"""Edits that write lines into a block which other edits dedent at the same time.

Owns making the new lines as deep as their surroundings will be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sentry_migrate.text.edits import Edit, OverlapError
from sentry_migrate.text.lines import LineIndex

_LINES = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def follow_dedents(lines: LineIndex, edits: Sequence[Edit]) -> list[Edit]:
    """The edits, new lines dedented like the line they are written into.

    Raises OverlapError where that would change the inside of a string.
    """
    if not any("\n" in edit.text or "\r" in edit.text for edit in edits):
        return list(edits)
    cuts: dict[int, list[tuple[int, int]]] = {}
    for edit in edits:
        if edit.text or edit.start == edit.end:
            continue
        line = lines.line_of(edit.start)
        begin = lines.start(line)
        if edit.end <= lines.end(line) and not lines.text[begin : edit.end].strip(" \t\f"):
            cuts.setdefault(line, []).append((edit.start - begin, edit.end - begin))
    return [_follow(lines, edit, cuts) for edit in edits]


def _follow(lines: LineIndex, edit: Edit, cuts: dict[int, list[tuple[int, int]]]) -> Edit:
    line = lines.line_of(edit.start)
    if line not in cuts or ("\n" not in edit.text and "\r" not in edit.text):
        return edit
    if '"""' in edit.text or "'''" in edit.text or "\\" in edit.text:
        raise OverlapError(f"the lines of a string at {edit.start} would be dedented")
    begin = lines.start(line)
    content = lines.text[begin : lines.end(line)]
    indent = content[: len(content) - len(content.lstrip(" \t"))]
    pieces = _LINES.split(edit.text)
    first = 0 if edit.start == begin else 1
    pieces[first:] = (_cut(piece, indent, cuts[line]) for piece in pieces[first:])
    return Edit(edit.start, edit.end, "".join(pieces))


def _cut(text: str, indent: str, columns: Sequence[tuple[int, int]]) -> str:
    if not text.startswith(indent):
        return text
    for start, end in sorted(columns, reverse=True):
        text = text[:start] + text[end:]
    return text
