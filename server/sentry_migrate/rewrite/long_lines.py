"""Lines that edits make longer than the project allows, broken as black breaks them.

Owns which lines these are, and breaking them inside the parentheses of a call, which every Python
takes, also between the managers of a `with` statement. Imports are broken where they are written
(`import_edits.py`). A line stays that was too long before, or has a comment of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit, apply, compose

_LINE = re.compile(r"[^\r\n]+")
_PARTS = re.compile(r"""(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|[()\[\]{},#"'\\]""")
_UNCLEAR = frozenset("#\"'\\")
_CALLS = re.compile(
    r"(?:(?:async )?with [\w., ()]+:|(?:return |[\w.]+ = |\*)?(?:await )?[\w.()]+,?)"
)
"""What such a line is outside of the parentheses of calls: managers, or the calls of a chain."""


def broken(tree: Tree, edits: Sequence[Edit], columns: int) -> Sequence[Edit]:
    """Edits by position, with the lines broken that they make longer than `columns`, in code
    points."""
    step = tree.module.default_indent
    found: list[Edit] = []
    shift = 0
    for start, end, group in _by_lines(tree, edits):
        new = apply(tree.text, group, start, end)
        for match in _LINE.finditer(new):
            line = match.group()
            if len(line) <= columns or not _is_new(tree, group, start, match.span(), columns):
                continue
            change = _change(line, step, tree.lines.newline_at(start), columns)
            if change is not None:
                at = start + shift + match.start()
                found.append(Edit(at + change.start, at + change.end, change.text))
        shift += len(new) - (end - start)
    return compose(len(tree.text), [edits, found]) if found else edits


def _by_lines(tree: Tree, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """The edits that change the same lines, with where these begin and end."""
    lines = tree.lines
    group: list[Edit] = []
    start = end = 0
    for edit in edits:
        if group and edit.start > end:
            yield start, end, group
            group = []
        if not group:
            start = lines.start(lines.line_of(edit.start))
        end = max(end, lines.end(lines.line_of(edit.end)))
        group.append(edit)
    if group:
        yield start, end, group


def _is_new(
    tree: Tree, edits: Sequence[Edit], start: int, span: tuple[int, int], columns: int
) -> bool:
    """Whether a line of the text after `edits` has nothing of a line that was too long, or of a
    string over several."""
    old, new = start, 0
    lines = tree.lines
    for edit in (*edits, Edit(len(tree.text), len(tree.text), "")):
        low = max(old, old + span[0] - new)
        high = min(edit.start, old + span[1] - new)
        if low < high and tree.text[low:high].strip():
            line = lines.line_of(low)
            if lines.end(line) - lines.start(line) > columns or tree.quoted(lines.start(line)):
                return False
        new += edit.start - old + len(edit.text)
        old = edit.end
    return True


def _change(line: str, step: str, newline: str, columns: int) -> Edit | None:
    """The edit that breaks a line inside the last call that makes all its parts fit, which may be
    broken too."""
    indent = line[: len(line) - len(line.lstrip())]
    for first, last, commas in reversed(_calls(line)):
        cuts = zip((first, *(at + 1 for at in commas)), (*commas, last), strict=True)
        arguments = [line[low:high].strip() for low, high in cuts]
        inside = [line[first:last].strip()]
        ways = [inside] if arguments[-1] else []  # with a comma at the end, black has one each
        if commas and "lambda" not in inside[0]:
            ways.append([f"{one}," for one in arguments if one])
        for way in ways:
            parts = (_part(f"{indent}{step}{one}", step, newline, columns) for one in way)
            new = "".join(f"{newline}{one}" for one in parts)
            change = Edit(first, last, f"{new}{newline}{indent}")
            if all(len(one) <= columns for one in _LINE.findall(apply(line, [change]))):
                return change
    return None


def _part(line: str, step: str, newline: str, columns: int) -> str:
    """The line of an argument that is all of the line, itself broken if it must and can be."""
    change = _change(line, step, newline, columns) if len(line) > columns else None
    return apply(line, [change]) if change is not None else line


def _calls(line: str) -> list[tuple[int, int, list[int]]]:
    """The spans of the arguments of the outermost calls in a line, and the commas between them;
    none of a line that is something else."""
    found: list[tuple[int, int, list[int]]] = []
    open_: list[str] = []
    outside, at = "", 0
    commas: list[int] = []
    for match in _PARTS.finditer(line):
        sign = match.group()
        if sign in _UNCLEAR or (sign in ")]}" and not open_) or (match["string"] and not open_):
            return []
        if sign in ("(", "[", "{"):
            if not open_:
                outside, at, commas = outside + line[at : match.end()], match.end(), []
            open_.append(sign)
        elif sign in (")", "]", "}"):
            open_.pop()
            if not open_:
                if line[at : match.start()].strip():
                    found.append((at, match.start(), commas))
                at = match.start()
        elif sign == "," and len(open_) == 1:
            commas.append(match.start())
    is_whole = not open_ and _CALLS.fullmatch((outside + line[at:]).strip())
    return found if is_whole else []
