"""A notebook's code cells as one Python text.

Owns which cell an edit of the text is for, and what IPython allows in a cell that Python does not:
magics, shell commands and help, which become comments of the same length so that offsets stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sentry_migrate.text.edits import Edit, compose
from sentry_migrate.text.spans import Span

# Cell magics whose cell is Python all the same.
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w+\b|!)(?!\?)")
_MAYBE = re.compile(r"(?:\A|[\r\n])[ \t]*[%!?;,/]|=[ \t]*[%!]|\?[ \t]*(?:[\r\n]|\Z)")
"""What any cell has that has something for IPython. Most cells have none, and are not parsed."""
_ESCAPED = re.compile(
    r"""[ \t]*(?:(?=[%!?;,/])|(?:[^=\r\n#"']|"[^"\r\n]*"|'[^'\r\n]*')+=[ \t]*(?=[%!]))"""
    r"(?P<rest>[^\r\n]*(?:(?<=\\)(?:\r\n?|\n)[^\r\n]*)*)"
)
"""A statement for IPython, or an assignment whose right side is; with the lines it goes on in."""
_TOKEN = re.compile(
    r'''(?P<text>"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)|"(?:[^"\\\r\n]|\\(?:\r\n|.))*"?'''
    r"""|'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)|'(?:[^'\\\r\n]|\\(?:\r\n|.))*'?"""
    r"""|\#[^\r\n]*|\\(?:\r\n?|\n))"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<help>\?[ \t]*(?=[\r\n]|\Z))|(?P<end>\r\n?|\n)""",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*")
_LINE_START = re.compile(r"(?:\A|(?<=[\r\n]))-")
_MARK = re.compile(r"#-?")
_LAST_END = re.compile(r"(?:\r\n?|\n)\Z")


def join(cells: Sequence[str]) -> tuple[str, list[int]]:
    """The cells as one text, and where each begins in it. A line end follows every cell.

    After them comes what is in no cell: the words that are hidden in comments, as a type comment,
    whose names the analysis knows to be used.
    """
    starts = []
    at = 0
    texts = []
    hidden: set[str] = set()
    for cell in cells:
        starts.append(at)
        text, words = _read(cell)
        texts.append(text + "\n")
        at += len(cell) + 1
        hidden |= words
    if hidden:
        texts.append(f"# type: {' '.join(sorted(hidden))}\n")
    return "".join(texts), starts


def cut(
    text: str, cells: Sequence[tuple[int, str]], edits: Iterable[Edit]
) -> list[tuple[int, Edit]] | None:
    """Edits of the joined text, and the number of the one cell that each is in.

    `cells` are where each begins in the text, and its own. The line end after a cell belongs to
    none: where whole lines go with it, it stays and they go. None if an edit would change other
    text of two cells as one, or what IPython alone understands: its new text may hold our spelling
    of that.
    """
    result = []
    spans = [(start, start + len(own)) for start, own in cells]
    for edit in compose(len(text), [tuple(edits)]):  # those that touch become one
        found = list(_cut(text, spans, edit))
        if not found or any(_changes_foreign(text, *cells[at], one) for at, one in found):
            return None
        result += [(at, one) for at, one in found if one.start != one.end or one.text]
    return result


def _changes_foreign(text: str, start: int, cell: str, edit: Edit) -> bool:
    """Whether an edit of the joined text replaces a magic of the cell that begins at `start`, or is
    written right before one."""
    first, end = edit.start - start, edit.end - start
    if first == end and not edit.text:
        return False
    last = max(end, first + 1)  # nor is anything written before a magic
    after = cell[end:].lstrip()
    only_blank = not cell[:end].strip()
    becomes_first = not (cell[:first] + edit.text).strip() and after.startswith("%%")
    # Not even where blank lines come first; and nothing goes that keeps one from being the cell's.
    if (only_blank and edit.text) or (becomes_first and not only_blank):
        last = max(last, len(cell) - len(after) + 1)
    return text[edit.start : min(start + last, start + len(cell))] != cell[first:last]


def _cut(text: str, cells: Sequence[Span], edit: Edit) -> Iterator[tuple[int, Edit]]:
    start, end, new = edit.start, edit.end, edit.text
    number = next((at for at, cell in enumerate(cells) if cell[0] <= start <= cell[1]), None)
    if number is None:
        return
    first, last = cells[number]
    line_end = _LAST_END.search(new)
    if end <= last:
        yield number, edit
        return
    if end == last + 1 and line_end is not None:
        yield number, Edit(start, last, new[: line_end.start()])
        return
    before = _LAST_END.search(text[first:start])
    if (before is None and start > first) or (new and end > cells[-1][1]):
        return
    # With the line end before it, so that no empty last line is left.
    yield number, Edit(first + before.start() if before else first, last, "")
    for at, (first, last) in enumerate(cells[number + 1 :], number + 1):
        if first <= end:
            yield at, Edit(first, min(end, last), new if end <= last else "")


def blank(cell: str) -> str:
    """The cell with all that only IPython understands turned into comments of the same length."""
    return _read(cell)[0]


def _read(cell: str) -> tuple[str, frozenset[str]]:
    """The same, and the words in what was turned into comments."""
    return _closely(cell) if _MAYBE.search(cell) else (cell, frozenset())


@lru_cache(maxsize=1000)
def _closely(cell: str) -> tuple[str, frozenset[str]]:
    pieces = []
    words: set[str] = set()
    at = 0
    for start, end in _foreign(cell):
        words.update(_WORD.findall(cell, start, end))
        comment = _LINE_START.sub("#", re.sub(r"[^\r\n]", "-", cell[start:end]))
        if cell[start - 1 : start] not in ("", "\r", "\n"):
            # A block, or the right side of an assignment, must not become empty.
            comment = _MARK.sub(lambda mark: "0#"[: len(mark[0])], comment, count=1)
        pieces += [cell[at:start], comment]
        at = end
    return "".join([*pieces, cell[at:]]), frozenset(words)


def _foreign(cell: str) -> Iterator[Span]:
    """What only IPython understands: it looks at the start and the end of statements only."""
    magic = _CELL_MAGIC.match(cell)
    if magic is not None and magic[1] not in _PYTHON_CELLS:
        yield 0, len(cell)
        return
    at = 0
    while at < len(cell):
        escaped = _ESCAPED.match(cell, at)
        if escaped is not None:
            yield escaped.span("rest")
            at = escaped.end()
            continue
        end, is_help = _statement(cell, at)
        if is_help:
            yield end - len(cell[at:end].lstrip(" \t")), end
        at = end


def _statement(cell: str, start: int) -> tuple[int, bool]:
    """Where the statement ends, its line end included, and whether it asks for help."""
    depth = 0
    for token in _TOKEN.finditer(cell, start):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = depth - 1 if depth else 0
        elif depth == 0 and kind != "text":
            return token.end(), kind == "help"
    return len(cell), False
