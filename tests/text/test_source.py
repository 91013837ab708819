"""Bytes to text and back: PEP 263, byte order marks, every line ending kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.text.source import DecodeError, Source

REFUSED = {
    "bytes that are not UTF-8": b"name = '\xff'\n",
    "bytes the declared encoding lacks": b"# coding: ascii\nname = '\xe9'\n",
    "unknown encoding": b"# -*- coding: klingon -*-\n",
    "unknown encoding on line two": b"#!/usr/bin/python\n# vim: set fileencoding=klingon :\n",
    "byte order mark against the cookie": b"\xef\xbb\xbf# coding: latin-1\n",
    "truncated UTF-8": b"name = '\xe2\x82",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refuses(data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        Source.from_bytes(data)
    assert str(caught.value)


# what: (bytes, text, encoding)
READS = {
    "nothing": (b"", "", "utf-8"),
    "UTF-8": ("é\n".encode(), "é\n", "utf-8"),
    "latin-1": (b"# coding: latin-1\n\xe9", "# coding: latin-1\né", "iso-8859-1"),
    "cp1252": (b"# coding: cp1252\n\x80\n", "# coding: cp1252\n€\n", "cp1252"),
    "cookie on line two": (b"#!x\n# coding: cp1252\n\x80", "#!x\n# coding: cp1252\n€", "cp1252"),
    "cookie after lone CR": (b"#\r# coding: cp1252\r\x80", "#\r# coding: cp1252\r€", "cp1252"),
    "no cookie on line three": (b"\n\n# coding: cp1252\n", "\n\n# coding: cp1252\n", "utf-8"),
    "no cookie after code": (b"a = 1\n# coding: cp1252\n", "a = 1\n# coding: cp1252\n", "utf-8"),
    "CRLF kept": (b"a\r\nb\r\n", "a\r\nb\r\n", "utf-8"),
    "lone CR kept": (b"a\rb\r", "a\rb\r", "utf-8"),
    "mixed kept": (b"a\r\nb\rc\nd", "a\r\nb\rc\nd", "utf-8"),
    "form feed kept": (b"\x0ca\n", "\x0ca\n", "utf-8"),
    "U+2028 kept": ("'\u2028'\n".encode(), "'\u2028'\n", "utf-8"),
}


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "byte order mark"])
@pytest.mark.parametrize(("data", "text", "encoding"), READS.values(), ids=READS)
def test_reads_and_writes_the_same_bytes(data: bytes, text: str, encoding: str, bom: bytes) -> None:
    if bom and encoding != "utf-8":
        with pytest.raises(DecodeError):
            Source.from_bytes(bom + data)
        return
    source = Source.from_bytes(bom + data)
    assert (source.text, source.encoding, source.bom) == (text, encoding, bool(bom))
    assert source.to_bytes() == bom + data


def test_a_second_byte_order_mark_is_text() -> None:
    source = Source.from_bytes(b"\xef\xbb\xbf\xef\xbb\xbf")
    assert (source.text, source.bom) == ("\ufeff", True)


def test_a_fix_that_the_encoding_lacks_is_refused() -> None:
    source = Source.from_bytes(b"# coding: latin-1\n")
    with pytest.raises(DecodeError):
        source.to_bytes("# coding: latin-1\n€")


ENDINGS = st.sampled_from(["\n", "\r\n", "\r", "\x0c", "\u2028", "\x85", "\x1c", ""])
COOKIES = {
    "": "utf-8",
    "# -*- coding: latin-1 -*-": "latin-1",
    "# vim: set fileencoding=cp1252 :": "cp1252",
    "# coding=utf-8": "utf-8",
    "# coding: ascii": "ascii",
    "# coding: euc-jp": "euc-jp",
    "# coding: shift_jis": "shift_jis",
}


@given(
    cookie=st.sampled_from(sorted(COOKIES)),
    first=ENDINGS.filter(lambda ending: ending in ("\n", "\r\n", "\r")),
    lines=st.lists(st.tuples(st.text(max_size=12), ENDINGS), max_size=6),
    bom=st.booleans(),
)
def test_any_text_in_any_encoding_comes_back(
    cookie: str, first: str, lines: list[tuple[str, str]], bom: bool
) -> None:
    encoding = COOKIES[cookie]
    bom = bom and encoding == "utf-8"
    body = "".join(line + ending for line, ending in lines)
    # The body must not declare an encoding of its own, nor be more than the encoding can say.
    body = body.replace("coding", "").encode(encoding, "ignore").decode(encoding)
    text = f"{cookie}{first}{body}"
    data = text.encode("utf-8-sig" if bom else encoding)
    if data.decode("utf-8-sig" if bom else encoding) != text:
        return  # a codec that does not round-trip itself
    source = Source.from_bytes(data)
    assert source.text == text
    assert source.to_bytes() == data


@given(st.binary(max_size=60))
def test_any_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        source = Source.from_bytes(data)
    except DecodeError:
        return
    assert source.to_bytes() == data
