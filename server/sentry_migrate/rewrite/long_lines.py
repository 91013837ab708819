"""Lines that edits make longer than the project allows, broken as black breaks them.

Owns which lines these are, and breaking them inside the parentheses of a call, which every Python
takes, also between the managers of a `with` statement, in what is given to it, and before a block
that begins in the same line. Imports are broken where they are written
(`import_edits.py`). A line stays that was too long before, or has a comment of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit, apply, compose

_LINE = re.compile(r"[^\r\n]+")
_PARTS = re.compile(
    r"""(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\blambda\b|[()\[\]{},:#"'\\]"""
)
_UNCLEAR = frozenset("#\"'\\")
_CALLS = re.compile(
    r"(?:(?:async )?with [\w., ()]+:|(?:return |[\w.]+ = |\*)?(?:await )?[\w.()]+,?"
    r"|(?:return|[\w.]+(?:: [\w., \[\]]+)? =) (?:\{\}|\[\])"
    r"|(?:'[^']*'|\"[^\"]*\"): (?:\{\}|\[\]|[\w.]+\(\)),?)"
)
"""What such a line is outside of the parentheses of calls: managers, the calls of a chain, a list
or the like, or an item of a dictionary."""
_ARGUMENT = re.compile(r"(?:\*{1,2}|\w+=)?[\w.()\[\]{}]+,?")
"""What an argument or an item is outside of its parentheses."""
_DISPLAY = re.compile(r"(?:^|[=(\[{,\s])[(\[{]$")
"""What ends where the items of a tuple, list or the like begin, not the arguments of a call."""
_UNSPLIT = re.compile(r"\bfor\b")
"""A word whose commas are not those between arguments."""
_BEGINS = re.compile(r"\s*(?:async\s+)?(?:def|with|if|elif|else|for|while|try|except|finally)\b")
_SIGNS = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\blambda\b|[()\[\]{}:#"'\\]""")


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
    """The edit that breaks a line so that all its parts fit."""
    parts = _parts(line, step, columns)
    if parts is None:
        return None
    new = newline.join(parts)
    start = _shared(line, new)
    end = _shared(line[start:][::-1], new[start:][::-1])
    return Edit(start, len(line) - end, new[start : len(new) - end])


def _shared(one: str, other: str) -> int:
    """How much two texts have in common at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _parts(
    line: str, step: str, columns: int, depth: int = 0, inside: bool = False
) -> list[str] | None:
    """The lines that fit of which one is made; `depth` is in how many broken ones it stands, and
    `inside` says whether between parentheses."""
    if len(line) <= columns:
        return [line]
    for way, within in _ways(line, step, inside) if depth < _DEEPEST else ():
        parts = [_parts(one, step, columns, depth + 1, within) for one in way]
        if None not in parts:
            return [one for part in parts if part is not None for one in part]
    return None


_DEEPEST = 4
"""As often as a line is broken inside a broken one."""


def _ways(line: str, step: str, inside: bool) -> Iterator[tuple[list[str], bool]]:
    """The ways to break a line: before the block in it, or between parentheses, the last first; and
    which it is."""
    indent = line[: len(line) - len(line.lstrip())]
    at = 0 if inside else _body(line)
    if at:
        yield [line[:at].rstrip(), f"{indent}{step}{line[at:].lstrip()}"], False
    for first, last, commas in reversed(_calls(line, _ARGUMENT if inside else _CALLS)):
        cuts = zip((first, *(at + 1 for at in commas)), (*commas, last), strict=True)
        arguments = [line[low:high].strip() for low, high in cuts]
        whole = line[first:last].strip()
        ways = []
        if arguments[-1] and not (commas and _DISPLAY.search(line, 0, first)):
            ways.append([whole])  # with a comma at the end, black has one each; so in a list
        if commas and not _UNSPLIT.search(whole):
            ways.append([f"{one}," for one in arguments if one])
        for way in ways:
            inner = [f"{indent}{step}{one}" for one in way]
            yield [line[:first].rstrip(), *inner, indent + line[last:].lstrip()], True


def _body(line: str) -> int:
    """Where the block begins that a line has in it; 0 for none."""
    if not _BEGINS.match(line):
        return 0
    depth = 0
    for match in _SIGNS.finditer(line):
        sign = match.group()
        if sign in "#\"'\\" or sign == "lambda":
            return 0
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ":" and not depth:
            rest = line[match.end() :].strip()
            return match.end() if rest and not rest.startswith("#") else 0
    return 0


def _calls(line: str, form: re.Pattern[str]) -> list[tuple[int, int, list[int]]]:
    """The spans of the arguments of the outermost calls in a line, and the commas between them;
    none of a line that has another form."""
    found: list[tuple[int, int, list[int]]] = []
    open_: list[str] = []
    outside, at, lambdas = "", 0, 0
    commas: list[int] = []
    for match in _PARTS.finditer(line):
        sign = match.group()
        if (
            sign in _UNCLEAR
            or (sign in ")]}" and not open_)
            or (match["string"] and not open_ and line[: match.start()].strip())
        ):
            return []
        if sign in ("(", "[", "{"):
            if not open_:
                outside, at, commas = outside + line[at : match.end()], match.end(), []
                lambdas = 0
            open_.append(sign)
        elif sign in (")", "]", "}"):
            open_.pop()
            if not open_:
                if line[at : match.start()].strip():
                    found.append((at, match.start(), commas))
                at = match.start()
        elif len(open_) == 1:
            if sign == "," and not lambdas:  # not one between its parameters
                commas.append(match.start())
            lambdas += (sign == "lambda") - (sign == ":" and lambdas > 0)
    is_whole = not open_ and form.fullmatch((outside + line[at:]).strip())
    return found if is_whole else []
