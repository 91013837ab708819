"""A notebook's file (`.ipynb`): its code cells as one text, and back to the same bytes but for the
lines that an edit changes.

Owns where in the JSON each line of code is, and how a new line is spelled there: in a string or a
list of strings, with what is between them and the escapes that the file has. Refuses to know what
is in a line.
"""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sentry_migrate.text import cells
from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM, DecodeError, Source
from sentry_migrate.text.spans import Span

SUFFIX = ".ipynb"
"""How the name of a notebook ends."""
OLDEST = 4
"""The first format that has cells; those before have worksheets."""

_SPACE = re.compile(r"[ \t\n\r]*")
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_value = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some code of a cell that is written again as a whole or not at all: mostly a line."""

    text: str
    start: int
    end: int
    """Where it is in the file's text: a string of a list with its quotes, a line of a string."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell."""

    number: int
    """Which it is of all cells, from 1."""
    start: int
    """Where its code begins in the text of all."""
    pieces: tuple[_Piece, ...]
    listed: bool
    """Whether its source is a list of strings."""
    value: Span
    """Of the source in the file's text."""

    @property
    def text(self) -> str:
        """Its code."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def end(self) -> int:
        """Where its code ends in the text of all."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class NotebookSource(Source):
    """The code of a notebook as `cells.join` makes it of the cells that are Python."""

    file: LineIndex = field(default_factory=lambda: LineIndex(""))
    """The file's own text, without a byte order mark."""
    cells: tuple[Cell, ...] = ()
    language: str = ""
    """What the notebook says that its code is; empty where it does not say."""

    @property
    def is_python(self) -> bool:
        """Whether it is Python, as far as the notebook says."""
        return _is_python(self.language)

    def cell_at(self, offset: int) -> Cell | None:
        """The cell that holds an offset, or the last one before; None where there is none."""
        at = bisect_right([cell.start for cell in self.cells], offset) - 1
        return self.cells[max(at, 0)] if self.cells else None

    def offset_in_file(self, offset: int) -> int:
        """Where the character at an offset begins in the file's text."""
        cell = self.cell_at(offset)
        if cell is None:
            return 0
        left = min(offset, cell.end) - cell.start
        for piece in cell.pieces:
            if left < len(piece.text) or (piece is cell.pieces[-1]):
                at = piece.start + cell.listed
                for character in _CHARACTER.finditer(self.file.text, at) if left else ():
                    left -= 1
                    at = character.end()
                    if not left:
                        break
                return at
            left -= len(piece.text)
        return cell.value[0] + (not cell.listed)

    def edits_in_file(self, edits: Iterable[Edit]) -> list[Edit]:
        """What edits of the code come to in the file's text. Raises DecodeError where one would
        change several cells as one."""
        parts: dict[Cell, list[Edit]] = {}
        for edit in self.edits_in_cells(edits):
            cell = self.cell_at(edit.start)
            assert cell is not None
            parts.setdefault(cell, []).append(edit)
        return [one for cell, own in parts.items() for one in self._written(cell, own)]

    def takes(self, edits: Iterable[Edit]) -> bool:
        """Whether edits of the code can be made in the file."""
        return self._cut(edits) is not None

    def edits_in_cells(self, edits: Iterable[Edit]) -> list[Edit]:
        """The same edits, each in one cell. Raises DecodeError as `edits_in_file`."""
        found = self._cut(edits)
        if found is None:
            raise DecodeError("they change several cells as one, or a magic command")
        return [edit for _, edit in found]

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """As `Source.edited`: the bytes of the file."""
        after = apply(self.file.text, self.edits_in_file(edits))
        return (BOM + after if self.bom else after).encode()

    def _cut(self, edits: Iterable[Edit]) -> list[tuple[int, Edit]] | None:
        return cells.cut(self.text, [(cell.start, cell.text) for cell in self.cells], edits)

    def _written(self, cell: Cell, edits: Sequence[Edit]) -> Iterator[Edit]:
        pieces = cell.pieces
        starts = list(accumulate((len(piece.text) for piece in pieces), initial=cell.start))[:-1]
        for first, last, group in _groups(starts, edits):
            old = "".join(piece.text for piece in pieces[first:last])
            base = starts[first] if pieces else cell.start
            moved = (Edit(one.start - base, one.end - base, one.text) for one in group)
            new = apply(old, moved)
            if new == old:
                continue
            if _ends_line(old) and new and not _ends_line(new) and last < len(pieces):
                new, last = new + pieces[last].text, last + 1
            while first < last and new.startswith(kept := pieces[first].text) and _ends_line(kept):
                new, first = new[len(kept) :], first + 1
            while first < last and new.endswith(kept := pieces[last - 1].text) and kept:
                rest = new[: len(new) - len(kept)]
                if rest and not _ends_line(rest):
                    break
                new, last = rest, last - 1
            if new or first < last:
                write = self._in_list if cell.listed else self._in_string
                yield write(cell, first, last, new)

    def _in_string(self, cell: Cell, first: int, last: int, new: str) -> Edit:
        pieces = cell.pieces
        end = cell.value[1] - 1
        start = pieces[first].start if first < len(pieces) else end
        return Edit(start, pieces[last - 1].end if first < last else start, self._quoted(new)[1:-1])

    def _in_list(self, cell: Cell, first: int, last: int, new: str) -> Edit:
        pieces = cell.pieces
        between = self._between(cell)
        strings = [self._quoted(line) for line in new.splitlines(keepends=True)]
        if strings and first < last:
            return Edit(pieces[first].start, pieces[last - 1].end, between.join(strings))
        if strings and first < len(pieces):
            at = pieces[first].start
            return Edit(at, at, "".join(string + between for string in strings))
        if strings and pieces:
            return Edit(pieces[-1].end, pieces[-1].end, "".join(between + one for one in strings))
        if strings:
            return Edit(*cell.value, f"[{between.join(strings)}]")
        if last < len(pieces):
            return Edit(pieces[first].start, pieces[last].start, "")
        if first:
            return Edit(pieces[first - 1].end, pieces[last - 1].end, "")
        return Edit(*cell.value, "[]")

    def _between(self, cell: Cell) -> str:
        """What is between two strings of a list."""
        if len(cell.pieces) > 1:
            return self.file.text[cell.pieces[0].end : cell.pieces[1].start]
        start = cell.pieces[0].start if cell.pieces else cell.value[0] + 1
        return "," + (self.file.text[cell.value[0] + 1 : start] or " ")

    def _quoted(self, text: str) -> str:
        """A string of JSON, with the escapes that the file has elsewhere."""
        quoted = json.dumps(text, ensure_ascii=_is_escaped(self.file.text))
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", quoted)


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook, by its name."""
    return path.endswith(SUFFIX)


def is_cut(data: bytes) -> bool:
    """Whether the bytes of a notebook hide some of what is in it, so that words are looked for in
    vain: where it was not downloaded, or in part, or is in another encoding. What is broken in
    another way can be searched all the same."""
    shown = data.removeprefix(codecs.BOM_UTF8).strip()
    return bool(shown) and not (shown.startswith(b"{") and shown.endswith(b"}"))


def source_of(path: str, data: bytes) -> Source:
    """The Python text in a file: its own, or that of a notebook. Raises DecodeError."""
    return _read(data) if is_notebook(path) else Source.from_bytes(data)


def code_of(path: str, data: bytes) -> bytes:
    """The same in UTF-8, for what looks for words in code; the data itself where that is not a
    notebook or cannot be read."""
    if not is_notebook(path):
        return data
    try:
        return _read(data).text.encode("utf-8", "replace")
    except DecodeError:
        return data


def codes(text: str) -> list[str]:
    """The code of each cell in the text of a notebook's file. Raises DecodeError."""
    return [cell.text for cell in _read(text.encode()).cells]


@lru_cache(maxsize=1)
def _is_escaped(raw: str) -> bool:
    """Whether letters that are not ASCII have escapes in a file."""
    return "\\u" in raw and raw.isascii() and _ESCAPED.search(raw) is not None


@lru_cache(maxsize=4)
def _read(data: bytes) -> NotebookSource:
    bom = data.startswith(codecs.BOM_UTF8)
    try:
        raw = data.decode("utf-8-sig")
        document = json.loads(raw)
    except UnicodeError as error:
        raise DecodeError(f"the notebook is not UTF-8: {error}") from error
    except RecursionError as error:
        raise DecodeError("the notebook is nested too deeply") from error
    except ValueError as error:
        raise DecodeError(f"the notebook is not valid JSON: {error}") from error
    version = document.get("nbformat") if isinstance(document, dict) else None
    if not isinstance(version, int):
        raise DecodeError("the file is not a notebook: it does not say which `nbformat` it has")
    if version < OLDEST:
        raise DecodeError(
            f"the notebook has format {version}; "
            f"`jupyter nbconvert --to notebook --nbformat {OLDEST}` converts it"
        )
    language = _language(document.get("metadata"))
    found = list(_cells(raw)) if _is_python(language) else []
    text, starts = cells.join(["".join(piece.text for piece in one[1]) for one in found])
    placed = (Cell(one[0], start, *one[1:]) for one, start in zip(found, starts, strict=True))
    return NotebookSource(text, "utf-8", bom, LineIndex(raw), tuple(placed), language)


def _language(metadata: Any) -> str:
    """What the metadata of a notebook calls its language: what it ran in, else its kernel's."""
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        said = metadata.get(part) if isinstance(metadata, dict) else None
        if isinstance(said, dict) and isinstance(said.get(key), str) and said[key]:
            return str(said[key])
    return ""


def _is_python(language: str) -> bool:
    return language.lower() in ("", "python", "ipython", "python3")


def _cells(raw: str) -> Iterator[tuple[int, tuple[_Piece, ...], bool, Span]]:
    """Number, pieces, whether they are in a list, and the source's span, of each cell of Python.
    Raises DecodeError for what is not a cell."""
    top, _ = _members(raw, _skip(raw, 0)).get("cells", ((0, 0), None))
    if raw[top[0] : top[0] + 1] != "[":
        raise DecodeError("the notebook has no list of cells")
    for number, ((start, _), cell) in enumerate(_items(raw, top[0]), 1):
        if not isinstance(cell, dict):
            raise DecodeError(f"cell {number} of the notebook is not an object")
        own = cell.get("metadata")
        editor = own.get("vscode") if isinstance(own, dict) else None
        language = editor.get("languageId", "") if isinstance(editor, dict) else ""
        if cell.get("cell_type") != "code" or not _is_python(str(language)):
            continue
        span, source = _members(raw, start).get("source", ((start, start), None))
        if isinstance(source, str):
            yield number, tuple(_lines(raw, *span)), False, span
        elif isinstance(source, list) and all(isinstance(line, str) for line in source):
            listed = ((*where, text) for where, text in _items(raw, span[0]))
            yield number, tuple(_Piece(text, *where) for *where, text in listed), True, span
        else:
            raise DecodeError(f"cell {number} of the notebook has no source")


def _lines(raw: str, start: int, end: int) -> Iterator[_Piece]:
    """The lines of a string of JSON; `end` is after its quote."""
    first = at = start + 1
    ended = ""
    while at < end - 1:
        character = _CHARACTER.match(raw, at, end - 1)
        assert character is not None  # it is valid
        text = character[0]
        if text[0] == "\\":
            text, _ = _value(f'"{text}"')
        if ended == "\n" or (ended == "\r" and text != "\n"):
            yield _line(raw, first, at)
            first = at
        ended, at = text, character.end()
    if first < at:
        yield _line(raw, first, at)


def _line(raw: str, start: int, end: int) -> _Piece:
    text, _ = _value(f'"{raw[start:end]}"')
    return _Piece(text, start, end)


def _members(raw: str, at: int) -> Mapping[str, tuple[Span, Any]]:
    """By key, where the value of a member is and what; `at` is where the valid object begins. Of a
    key that is there twice, the last counts, as for everybody who reads JSON."""
    found = {}
    at = _skip(raw, at + 1)
    while raw[at] != "}":
        key, at = _value(raw, at)
        start = _skip(raw, _skip(raw, at) + 1)
        value, end = _value(raw, start)
        found[key] = (start, end), value
        at = _after(raw, end)
    return found


def _items(raw: str, at: int) -> Iterator[tuple[Span, Any]]:
    """The same of the items of an array."""
    at = _skip(raw, at + 1)
    while raw[at] != "]":
        value, end = _value(raw, at)
        yield (at, end), value
        at = _after(raw, end)


def _after(raw: str, at: int) -> int:
    """Where the next member or item begins, or the end of all."""
    at = _skip(raw, at)
    return _skip(raw, at + 1) if raw[at] == "," else at


def _skip(raw: str, at: int) -> int:
    space = _SPACE.match(raw, at)
    return space.end() if space is not None else at


def _groups(starts: Sequence[int], edits: Sequence[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """The pieces, from and to, that edits change, with these edits: those of pieces that are beside
    each other go together."""
    found: list[tuple[int, int, list[Edit]]] = []
    for edit in sorted(edits):
        first = max(bisect_right(starts, edit.start) - 1, 0)
        last = min(max(bisect_left(starts, edit.end), first + 1), len(starts))
        if found and first <= found[-1][1]:
            before, end, group = found.pop()
            found.append((before, max(end, last), [*group, edit]))
        else:
            found.append((first, last, [edit]))
    return found


def _ends_line(text: str) -> bool:
    return text.endswith(("\n", "\r"))
