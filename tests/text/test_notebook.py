"""A notebook's file: where its code is, and that an edit changes the lines of it and nothing else."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.text.edits import Edit, OverlapError, apply, ordered
from sentry_migrate.text.notebook import NotebookSource, code_of, source_of
from sentry_migrate.text.source import DecodeError, Source

PATH = "a.ipynb"


def cell(source: Any, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def book(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def read(raw: str) -> NotebookSource:
    source = source_of(PATH, raw.encode("utf-8", "surrogatepass"))
    assert isinstance(source, NotebookSource)
    return source


def raw(source: str, before: str = "") -> str:
    """A notebook with one code cell whose `source` is written so."""
    return f'{{"cells": [{before}{{"cell_type": "code", "source": {source}}}], "nbformat": 4}}\n'


# name → how a source is written, an edit of the code, how it is written then
WRITTEN: dict[str, tuple[str, Edit, str]] = {
    "a line of a list": ('["a\\n", "b"]', Edit(2, 3, "c"), '["a\\n", "c"]'),
    "a new first line": ('["a\\n", "b"]', Edit(0, 0, "c\n"), '["c\\n", "a\\n", "b"]'),
    "a new last line": ('["a\\n", "b"]', Edit(3, 3, "\nc"), '["a\\n", "b\\n", "c"]'),
    "a line after the last": ('["a\\n"]', Edit(2, 2, "c"), '["a\\n", "c"]'),
    "two new lines": ('[\n  "a"\n ]', Edit(0, 0, "c\nd\n"), '[\n  "c\\n",\n  "d\\n",\n  "a"\n ]'),
    "a line that goes": ('["a\\n", "b\\n", "c"]', Edit(2, 4, ""), '["a\\n", "c"]'),
    "the first that goes": ('[\n"a\\n",\n"b"]', Edit(0, 2, ""), '[\n"b"]'),
    "the last that goes": ('["a\\n", "b"]', Edit(1, 3, ""), '["a"]'),
    "all that goes": ('[\n  "a\\n",\n  "b"\n]', Edit(0, 3, ""), "[]"),
    "an empty list": ("[]", Edit(0, 0, "a\nb"), '["a\\n", "b"]'),
    "an empty list with a space": ("[ ]", Edit(0, 0, "a"), '["a"]'),
    "an empty string of a list": ('[""]', Edit(0, 0, "a"), '["a"]'),
    "lines in one string of a list": ('["a\\nb", "c"]', Edit(3, 4, "d"), '["a\\nb", "d"]'),
    "lines joined": ('["a\\n", "b\\n", "c"]', Edit(1, 2, ";"), '["a;b\\n", "c"]'),
    "no space between": ('["a\\n","b"]', Edit(0, 0, "c\n"), '["c\\n","a\\n","b"]'),
    "a string": ('"a\\nb\\nc"', Edit(2, 3, "d\ne"), '"a\\nd\\ne\\nc"'),
    "a line of a string that goes": ('"a\\nb\\nc"', Edit(2, 4, ""), '"a\\nc"'),
    "a string that becomes empty": ('"a\\nb"', Edit(0, 3, ""), '""'),
    "an empty string": ('""', Edit(0, 0, "a"), '"a"'),
    "escapes of other lines": ('"\\u00e9\\/\\nb"', Edit(4, 4, "\u00e9"), '"\\u00e9\\/\\nb\\u00e9"'),
    "escapes of other strings": ('["\\/\\n", "b"]', Edit(2, 3, "\u00e9"), '["\\/\\n", "\u00e9"]'),
    "letters as they are": ('["\u00e9\\n", "b"]', Edit(2, 3, "\U0001f600"), '["\u00e9\\n", "\U0001f600"]'),
    "letters escaped": ('["\\u00e9\\n", "b"]', Edit(2, 3, "\U0001f600"), '["\\u00e9\\n", "\\ud83d\\ude00"]'),
    "other letters escaped": ('["\\u003ca\\n", "b"]', Edit(3, 4, "\u00e9"), '["\\u003ca\\n", "\u00e9"]'),
    "half a letter": ('["\\ud800\\n", "b"]', Edit(0, 0, "c"), '["c\\ud800\\n", "b"]'),
    "half a letter among letters": ('["\u00e9\\ud800\\n"]', Edit(0, 0, "c"), '["c\u00e9\\ud800\\n"]'),
    "other line ends": ('["a\\r\\n", "b"]', Edit(3, 4, "c\r\nd"), '["a\\r\\n", "c\\r\\n", "d"]'),
    "quotes": ('["a\\n", "b"]', Edit(2, 3, '"\\\t'), '["a\\n", "\\"\\\\\\t"]'),
    "the same": ('["\\u0061\\n", "b"]', Edit(0, 1, "a"), '["\\u0061\\n", "b"]'),
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize(("before", "edit", "after"), WRITTEN.values(), ids=WRITTEN)
def test_an_edit_changes_its_lines(before: str, edit: Edit, after: str, end: str) -> None:
    old, new = (raw(source).replace("\n", end or "\n") for source in (before, after))
    if not end:
        old, new = old.rstrip("\n"), new.rstrip("\n")
    source = read(old)
    assert source.edited([edit]).decode() == new
    assert json.loads(new)["cells"][0]["cell_type"] == "code"
    bom = source_of(PATH, codecs.BOM_UTF8 + old.encode())
    assert bom.edited([edit]) == codecs.BOM_UTF8 + new.encode()


# name → how a source is written, an offset of the code, what is there in the file
PLACES: dict[str, tuple[str, int, str]] = {
    "the first": ('["a\\n", "bc"]', 0, 'a\\n"'),
    "in a list": ('["a\\n", "bc"]', 3, 'c"]'),
    "in a string": ('"a\\nbc"', 3, 'c"}'),
    "after escapes": ('"\\u00e9\\t\\"b"', 3, 'b"}'),
    "after a pair": ('["\\ud83d\\ude00b"]', 1, 'b"]'),
    "the end": ('["a\\n", "b"]', 3, '"]'),
    "after the end": ('["a\\n", "b"]', 9, '"]'),
    "an empty cell": ("[]", 0, "[]}"),
    "an empty string": ('""', 0, '"}'),
}


@pytest.mark.parametrize(("source", "offset", "there"), PLACES.values(), ids=PLACES)
def test_where_code_is_in_the_file(source: str, offset: int, there: str) -> None:
    text = raw(source)
    at = read(text).offset_in_file(offset)
    assert text[at:].startswith(there), text[at:]


# name → the file, a part of why it cannot be read
BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not valid JSON: Expecting value: line 1 column 1"),
    "half of it": (b'{"cells": [', "not valid JSON"),
    "more than one": (b'{"nbformat": 4, "cells": []} {}', "not valid JSON: Extra data"),
    "a line end in a string": (raw('"a\nb"').encode(), "not valid JSON: Invalid control character"),
    "Latin": (b'{"cells": ["\xe9"]}', "not UTF-8"),
    "UTF-16": (json.dumps(book()).encode("utf-16"), "not UTF-8"),
    "a list": (b"[]", "does not say which `nbformat`"),
    "no format": (b'{"cells": []}', "does not say which `nbformat`"),
    "format 3": (json.dumps({"nbformat": 3, "worksheets": [{"cells": []}]}).encode(), "has format 3"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "other cells": (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
    "a cell that is none": (json.dumps(book(3)).encode(), "cell 1 of the notebook is not an object"),
    "no source": (json.dumps(book(cell("a"), {"cell_type": "code"})).encode(), "cell 2 of the notebook has no source"),
    "a number for a source": (json.dumps(book(cell(3))).encode(), "cell 1 of the notebook has no source"),
    "a number in a source": (json.dumps(book(cell(["a", 3]))).encode(), "cell 1 of the notebook has no source"),
    "too deep": (b"[" * 200_000, "nested too deeply"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "why"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_a_notebook_is_told(data: bytes, why: str) -> None:
    with pytest.raises(DecodeError, match=why.replace("[", r"\[")):
        source_of(PATH, data)
    assert code_of(PATH, data) == data


PYTHON = {"language_info": {"name": "python"}}
# name → the notebook, its code
CODE: dict[str, tuple[dict[str, Any], str]] = {
    "no cells": (book(), ""),
    "other cells": (book(cell("# a", "markdown"), cell("b", "raw")), ""),
    "several": (book(cell(["a\n", "b"]), cell("# x", "markdown"), cell("c")), "a\nb\nc\n"),
    "magics": (book(cell("%time f(x)\na")), "#---------\na\n# type: f time x\n"),
    "Python": (book(cell("a"), metadata=PYTHON), "a\n"),
    "another language": (book(cell("a"), metadata={"language_info": {"name": "R"}}), ""),
    "another kernel": (book(cell("a"), metadata={"kernelspec": {"language": "julia"}}), ""),
    "what it ran in": (book(cell("a"), metadata={**PYTHON, "kernelspec": {"language": "sage"}}), "a\n"),
    "a cell of another language": (book(cell("a", metadata={"vscode": {"languageId": "sql"}}), cell("b")), "b\n"),
    "metadata of another kind": (book(cell("a", metadata=3), metadata=[]), "a\n"),
}  # fmt: skip


@pytest.mark.parametrize(("notebook", "code"), CODE.values(), ids=CODE)
@pytest.mark.parametrize("indent", [None, 1])
def test_the_code_of_a_notebook(notebook: dict[str, Any], code: str, indent: int | None) -> None:
    data = json.dumps(notebook, indent=indent).encode()
    assert source_of(PATH, data).text == code
    assert code_of(PATH, data) == code.encode()


def test_cells_are_counted_among_all() -> None:
    source = read(json.dumps(book(cell("", "markdown"), cell("a"), cell("b", "raw"), cell("c"))))
    assert [one.number for one in source.cells] == [2, 4]
    assert [found and found.number for found in map(source.cell_at, (0, 1, 2, 9))] == [2, 2, 4, 4]
    assert read(json.dumps(book())).cell_at(0) is None


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    text = raw('"a", "source": ["b"]')
    assert read(text).text == "b\n"
    assert read(text).edited([Edit(0, 1, "c")]).decode() == text.replace('"b"', '"c"')


@pytest.mark.parametrize("path", ["a.py", "ipynb", "a.ipynb.py", "requirements.txt"])
def test_other_files_are_what_they_are(path: str) -> None:
    data = json.dumps(book(cell("a"))).encode()
    assert source_of(path, data) == Source(data.decode())
    assert code_of(path, data) == data


# name → the code of two cells, an edit that cannot be made
REFUSED: dict[str, tuple[Sequence[str], Edit]] = {
    "of two cells as one": (("a\nbc", "de\nf"), Edit(3, 6, "x")),
    "of a magic": (("a\n%b", "c"), Edit(2, 4, "x")),
    "before a magic": (("a\n%b", "c"), Edit(2, 2, "x\n")),
    "before the magic of a cell": (("\n%%time\nb", "c"), Edit(0, 0, "x\n")),
    "what keeps a magic from being the cell's": (("b\n%%time\nc",), Edit(0, 2, "")),
    "in what is in no cell": (("a\n%b", "c"), Edit(8, 9, "")),
}


# name → the code of a cell, an edit beside a magic, the code then
BESIDE: dict[str, tuple[str, Edit, str]] = {
    "a line before one goes": ("a\n!b", Edit(0, 2, ""), "!b"),
    "a line after one goes": ("%a\nb\nc", Edit(3, 5, ""), "%a\nc"),
    "a line after one is new": ("%%time\nb", Edit(7, 7, "a\n"), "%%time\na\nb"),
    "a line before one changes": ("a\n\n!b", Edit(0, 1, "c"), "c\n\n!b"),
    "space before one goes": ("if a:\n    !b", Edit(6, 10, ""), "if a:\n!b"),
}


@pytest.mark.parametrize(("code", "edit", "after"), BESIDE.values(), ids=BESIDE)
def test_code_beside_a_magic_is_edited(code: str, edit: Edit, after: str) -> None:
    made = json.loads(read(json.dumps(book(cell(code)))).edited([edit]))
    assert made["cells"][0]["source"] == after


@pytest.mark.parametrize(("code", "edit"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_made_is_refused(code: Sequence[str], edit: Edit) -> None:
    source = read(json.dumps(book(*map(cell, code))))
    assert not source.takes([edit])
    for make in (source.edited, source.edits_in_file, source.edits_in_cells):
        with pytest.raises(DecodeError, match="several cells as one, or a magic command"):
            make([edit])


TEXT = st.text(st.sampled_from('a %\n\r"\\\t\u00e9\u2028\U0001f600\ud800/'), max_size=12)
SOURCES = st.one_of(TEXT, st.lists(TEXT, max_size=4))
BOOKS = st.lists(
    st.builds(cell, SOURCES, st.sampled_from(["code", "code", "markdown"])), max_size=4
)


@st.composite
def edited_books(draw: st.DrawFn) -> tuple[str, NotebookSource, list[Edit]]:
    """A notebook, and edits of its code, each in one cell and none of a magic."""
    notebook = book(*draw(BOOKS), outputs=draw(TEXT))
    text = json.dumps(
        notebook,
        indent=draw(st.sampled_from([None, 0, 1, "\t"])),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([None, (",", ":"), (" , ", " : ")])),
    )
    text = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    source = read(text)
    length = len(source.text)
    wanted = draw(
        st.lists(st.builds(Edit, st.integers(0, length), st.integers(0, length), TEXT), max_size=4)
    )
    edits: list[Edit] = []
    for edit in wanted:
        try:
            fits = source.takes(ordered([*edits, edit])) if edit.start <= edit.end else False
        except OverlapError:
            continue
        edits += [edit] if fits else []
    return text, source, edits


@given(edited_books())
def test_nothing_but_edited_code_changes(given: tuple[str, NotebookSource, list[Edit]]) -> None:
    text, source, edits = given
    after = source.edited(edits).decode()
    before_cells, after_cells = (json.loads(one) for one in (text, after))
    codes = {one.number: one for one in source.cells}
    for number, (old, new) in enumerate(
        zip(before_cells.pop("cells"), after_cells.pop("cells"), strict=True), 1
    ):
        one = codes.get(number)
        own = source.edits_in_cells(edits) if one is not None else []
        if one is not None:
            inside = [
                Edit(edit.start - one.start, edit.end - one.start, edit.text)
                for edit in own
                if source.cell_at(edit.start) is one
            ]
            assert "".join(new.pop("source")) == apply(one.text, inside)
            assert "".join(old.pop("source")) == one.text
        assert old == new
    assert before_cells == after_cells
    spans = [one.value for one in source.cells]
    assert between(text, spans) == between(after, [one.value for one in read(after).cells])


def between(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """What is outside of some spans."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@given(edited_books())
def test_no_edit_changes_nothing(given: tuple[str, NotebookSource, list[Edit]]) -> None:
    text, source, _ = given
    assert source.edited([]).decode() == text
    same = [Edit(one.start, one.end, one.text) for one in source.cells]
    if source.takes(same):
        assert source.edited(same).decode() == text
