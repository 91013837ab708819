"""Lines and columns of a text.

Owns the Language Server Protocol's notion of lines (they end at `\\n`, `\\r\\n` and `\\r` only,
LSP 3.17 "Text Documents") and columns in UTF-8, UTF-16 and UTF-32 units. A form feed or U+2028
ends no line here, although `str.splitlines` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from operator import add
from typing import Literal

from sentry_migrate.text.source import BOM

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANK = re.compile(f"[{BOM} \\t\\f]*")


def _any_lines(text: str) -> tuple[list[int], list[int]]:
    """Where lines begin, and where they end before their line ending."""
    matches = list(_LINE_END.finditer(text))
    starts = [0, *(match.end() for match in matches)]
    return starts, [*(match.start() for match in matches), len(text)]


def _common_lines(text: str) -> tuple[list[int], list[int]]:
    """The same for a text without a lone `\\r`, several times as fast."""
    lengths = list(map(len, text.split("\n")))
    starts = list(map(add, accumulate(lengths, initial=0), range(len(lengths))))
    ends = list(map(add, starts, lengths))
    if "\r" in text:
        ends = [end - 1 if end and text[end - 1] == "\r" else end for end in ends]
    return starts, ends


class LineIndex:
    """Offsets (0-based code points) of a text to (line, column) and back, both 0-based.

    Every method clamps: a line past the end is the end of the text, a column past the end of a
    line is the end of that line before its line ending (LSP 3.17 "Position").
    """

    __slots__ = ("_ascii", "_ends", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        if text.count("\r") == text.count("\r\n"):
            self._starts, self._ends = _common_lines(text)
        else:
            self._starts, self._ends = _any_lines(text)
        self._ascii = text.isascii()

    def __len__(self) -> int:
        """The number of lines: one more than the number of line endings."""
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The 0-based line that holds `offset`."""
        return bisect_right(self._starts, max(0, offset)) - 1

    def start(self, line: int) -> int:
        """The offset of the line's first code point."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def end(self, line: int) -> int:
        """The offset just past the line's last code point, before its line ending."""
        return self._ends[line] if line < len(self._ends) else len(self.text)

    def next_start(self, line: int) -> int:
        """The offset just past the line's ending."""
        return self.start(line + 1)

    def ending(self, line: int) -> str:
        """How the line ends; a line feed for the last one, which has no ending to copy."""
        return self.text[self.end(line) : self.next_start(line)] or "\n"

    def newline_at(self, offset: int) -> str:
        """How the line that holds `offset` ends; see `ending`."""
        return self.ending(self.line_of(offset))

    def indent_at(self, offset: int) -> str:
        """The spaces and tabs before the code of the line that holds `offset`.

        A byte order mark and what ends in a form feed indent nothing.
        """
        blank = _BLANK.match(self.text, self.start(self.line_of(offset)))
        return blank.group().rpartition("\f")[2].lstrip(BOM) if blank else ""

    def position(self, offset: int, encoding: Encoding = "utf-32") -> tuple[int, int]:
        """(line, column) of an offset, the column in units of `encoding`."""
        offset = min(max(0, offset), len(self.text))
        line = self.line_of(offset)
        start = self._starts[line]
        if self._ascii or encoding == "utf-32":
            return line, offset - start
        prefix = self.text[start:offset]
        return line, _units(prefix, encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-32") -> int:
        """The offset of (line, column); a column inside a code point is that code point's start."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        column = max(0, column)
        if self._ascii or encoding == "utf-32":
            return min(start + column, end)
        body = self.text[start:end]
        if body.isascii():
            return min(start + column, end)
        units = 0
        for index, char in enumerate(body):
            width = _units(char, encoding)
            if units + width > column:
                return start + index
            units += width
        return end


def _units(text: str, encoding: Encoding) -> int:
    if text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text) + sum(1 for char in text if char > "\uffff")
    # A lone surrogate, legal in JSON strings, has no UTF-8 form; count what encoders emit for it.
    return len(text.encode("utf-8", "surrogatepass"))
