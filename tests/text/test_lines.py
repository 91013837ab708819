"""Offsets to lines and columns and back, against a naive oracle."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sentry_migrate.text.lines import Encoding, LineIndex

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["\n", "\r", "\r\n", "\x0c", "\x0b", "\x85", "\u2028", "\u2029", "\x1c"]),
        st.sampled_from(["a", "é", "€", "😀", "𝒳", "\ud800", "\udfff", "\ufeff", "e\u0301"]),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)


def units(text: str, encoding: Encoding) -> int:
    """Columns of `text`, from the encoder itself, one code point at a time."""
    codec = encoding if encoding == "utf-8" else f"{encoding}-le"
    return sum(len(char.encode(codec, "surrogatepass")) for char in text) // UNITS[encoding]


def naive_lines(text: str) -> list[tuple[int, int]]:
    """(start, end without the ending) of every line, character by character."""
    lines, start, at = [], 0, 0
    while at < len(text):
        if text[at] in "\r\n":
            lines.append((start, at))
            at += 2 if text[at : at + 2] == "\r\n" else 1
            start = at
        else:
            at += 1
    return [*lines, (start, len(text))]


# text, the starts of its lines
LINES = {
    "no line ends at a form feed": ("a\x0cb\nc", [0, 4]),
    "no line ends at U+2028, U+2029, NEL or FS": ("a\u2028b\u2029c\x85d\x1ce", [0]),
    "no line ends between CR and LF": ("a\r\nb", [0, 3]),
    "empty": ("", [0]),
    "lone CR": ("a\rb\r", [0, 2, 4]),
    "LF then CR": ("a\n\rb", [0, 2, 3]),
    "final newline opens a line": ("a\n", [0, 2]),
}


@pytest.mark.parametrize(("text", "starts"), LINES.values(), ids=LINES)
def test_lines(text: str, starts: list[int]) -> None:
    lines = LineIndex(text)
    assert [lines.start(line) for line in range(len(lines))] == starts


# text, encoding, (line, column), offset
OFFSETS = {
    "past the end of a line": ("ab\ncd", "utf-16", (0, 99), 2),
    "past the end of a line with CRLF": ("ab\r\ncd", "utf-16", (0, 99), 2),
    "past the last line": ("ab\ncd", "utf-16", (9, 0), 5),
    "past the end without final newline": ("ab", "utf-8", (0, 99), 2),
    "negative line": ("ab\ncd", "utf-8", (-1, 1), 0),
    "negative column": ("ab\ncd", "utf-8", (1, -1), 3),
    "inside a surrogate pair": ("😀x", "utf-16", (0, 1), 0),
    "after a surrogate pair": ("😀x", "utf-16", (0, 2), 1),
    "inside UTF-8 bytes": ("éx", "utf-8", (0, 1), 0),
    "lone surrogate in UTF-16": ("\ud800x", "utf-16", (0, 1), 1),
    "lone surrogate in UTF-8": ("\ud800x", "utf-8", (0, 3), 1),
    "code points": ("😀x", "utf-32", (0, 1), 1),
}


@pytest.mark.parametrize(("text", "encoding", "position", "offset"), OFFSETS.values(), ids=OFFSETS)
def test_offset(text: str, encoding: Encoding, position: tuple[int, int], offset: int) -> None:
    assert LineIndex(text).offset(*position, encoding) == offset


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
@example(text="a\x0cb\u2028c\r\n\rd")
@example(text="\ud83d\ude00")
def test_positions_agree_with_the_oracle(encoding: Encoding, text: str) -> None:
    lines = LineIndex(text)
    oracle = naive_lines(text)
    assert len(lines) == len(oracle)
    for number, (start, end) in enumerate(oracle):
        assert (lines.start(number), lines.end(number)) == (start, end)
        following = oracle[number + 1][0] if number + 1 < len(oracle) else len(text)
        assert lines.next_start(number) == following
        for offset in range(start, end + 1):
            position = number, units(text[start:offset], encoding)
            assert lines.position(offset, encoding) == position
            assert lines.offset(*position, encoding) == offset


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, line=st.integers(-1, 14), column=st.integers(-1, 40))
def test_any_position_is_clamped_into_its_line(
    encoding: Encoding, text: str, line: int, column: int
) -> None:
    offset = LineIndex(text).offset(line, column, encoding)
    oracle = naive_lines(text)
    if line < 0:
        assert offset == 0
    elif line >= len(oracle):
        assert offset == len(text)
    else:
        start, end = oracle[line]
        best = max(
            at for at in range(start, end + 1) if units(text[start:at], encoding) <= max(0, column)
        )
        assert offset == best


@given(text=TEXTS, offset=st.integers(-3, 60))
def test_any_offset_has_a_line(text: str, offset: int) -> None:
    lines = LineIndex(text)
    line, column = lines.position(offset)
    assert 0 <= line < len(lines)
    assert column >= 0


@pytest.mark.parametrize(
    ("text", "endings"),
    [
        ("", ["\n"]),
        ("a", ["\n"]),
        ("a\r\nb\rc\n", ["\r\n", "\r", "\n", "\n"]),
        ("a\fb\u2028c\r", ["\r", "\n"]),
    ],
)
def test_how_a_line_ends(text: str, endings: list[str]) -> None:
    lines = LineIndex(text)
    assert [lines.ending(line) for line in range(len(lines))] == endings


@pytest.mark.parametrize(
    ("text", "indent", "newline"),
    [
        ("", "", "\n"),
        ("x", "", "\n"),
        ("a\r\n  x\r\n", "  ", "\r\n"),
        ("a\n\t x\r", "\t ", "\r"),
        ("\ufeffx\n", "", "\n"),
        ("\f    x\n", "    ", "\n"),
        ("  \f\f x\n", " ", "\n"),
        ("a\n    \n", "    ", "\n"),
        ("a\n\u3000x\n", "", "\n"),
        ("x = '''\n  x'''\n", "  ", "\n"),
    ],
)
def test_how_a_line_begins_and_ends(text: str, indent: str, newline: str) -> None:
    lines = LineIndex(text)
    at = max(text.rfind("x"), text.find("    \n"))
    assert (lines.indent_at(at), lines.newline_at(at)) == (indent, newline)
