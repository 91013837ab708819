"""Rewriting one import statement: names that go, names that join, statements beside it.

Owns where commas, comments and line ends go, and where a name is sorted in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.syntax.needs import Need
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.source import BOM

ImportStatement: TypeAlias = cst.Import | cst.ImportFrom


def rewrite_statement(
    tree: Tree,
    statement: ImportStatement,
    gone: Sequence[cst.ImportAlias],
    new: Sequence[Need],
    fresh: Sequence[Need],
) -> Iterator[Edit]:
    """Edits of one statement: `gone` leave it, `new` join it, `fresh` come beside it."""
    yield from _Writer(tree).rewrite(statement, gone, new, fresh)


class _Writer:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def rewrite(
        self,
        statement: ImportStatement,
        gone: Sequence[cst.ImportAlias],
        new: Sequence[Need],
        fresh: Sequence[Need],
    ) -> Iterator[Edit]:
        """Edits of one statement: names that go and join, statements that come beside it."""
        names = statement.names
        assert not isinstance(names, cst.ImportStar)
        emptied = len(gone) == len(names) and not new
        lines = _statements_for(fresh)
        line = self._tree.parent(statement)
        alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
        start, end = self._tree.span(statement)
        if emptied:
            if lines or not alone or self._only_child(line):
                indent = self._indent(start)
                text = (self._newline(end) + indent).join(lines) or "pass"
                yield Edit(start, end, text)
            else:
                yield self._delete_line(start, end)
            return
        if gone or new:
            yield from self._rename(names, gone, sorted({need.name for need in new}))
        for text in lines:
            before = not alone or (
                text.startswith("import ") and isinstance(statement, cst.ImportFrom)
            )
            if before:
                at = self._line_start(start)
                yield Edit(at, at, self._indent(start) + text + self._newline(end))
            else:
                # At the line's end: a notebook's next line may be in another cell.
                at = self._tree.lines.end(self._tree.lines.line_of(end))
                yield Edit(at, at, self._newline(end) + self._indent(start) + text)

    def _only_child(self, line: cst.CSTNode | None) -> bool:
        block = self._tree.parent(line) if line is not None else None
        return not isinstance(block, cst.Module) and len(getattr(block, "body", ())) == 1

    def _delete_line(self, start: int, end: int) -> Edit:
        lines = self._tree.lines
        line = lines.line_of(end)
        rest = self._tree.text[end : lines.end(line)].strip()
        if rest.startswith("#") and not re.match(r"#\s*(noqa|type:|pylint|pragma|isort)", rest):
            return Edit(start, end + self._tree.text[end:].index("#"), "")
        return Edit(self._line_start(start), lines.next_start(line), "")

    def _line_start(self, offset: int) -> int:
        """Where the line begins, after a byte order mark or form feeds."""
        begin = self._tree.lines.start(self._tree.lines.line_of(offset))
        while self._tree.text[begin : begin + 1] in (BOM, "\f"):
            begin += 1
        return begin

    def _line_after(self, offset: int) -> int:
        """The next line's start where nothing but a comment follows, else the offset."""
        lines = self._tree.lines
        line = lines.line_of(offset)
        rest = self._tree.text[offset : lines.end(line)].strip()
        return offset if rest and not rest.startswith("#") else lines.next_start(line)

    def _indent(self, offset: int) -> str:
        begin = self._line_start(offset)
        return self._tree.text[begin : begin + _blank(self._tree.text[begin:offset])]

    def _newline(self, offset: int) -> str:
        lines = self._tree.lines
        return lines.ending(lines.line_of(offset))

    def _rename(
        self, names: Sequence[cst.ImportAlias], gone: Sequence[cst.ImportAlias], new: list[str]
    ) -> Iterator[Edit]:
        spans = [self._tree.span(alias) for alias in names]
        first, last = spans[0][0], spans[-1][1]
        text = self._tree.text
        if "\n" not in text[first:last] and "\r" not in text[first:last]:
            codes = [self._tree.code(alias) for alias in names]
            yield Edit(
                first, last, ", ".join(_merged(codes, [self._tree.code(a) for a in gone], new))
            )
            return
        spare = list(new)
        leftover: list[int] = []
        for index, (alias, (start, end)) in enumerate(zip(names, spans, strict=True)):
            if alias in gone and spare:
                yield Edit(start, end, spare.pop(0))
            elif alias in gone:
                leftover.append(index)
        separator = re.sub(r"#[^\r\n]*", "", text[spans[0][1] : spans[1][0]])
        for low, high in _runs(leftover):
            if high + 1 < len(names):
                yield Edit(spans[low][0], spans[high + 1][0], "")
            elif "#" in text[spans[low - 1][1] : spans[low][0]]:
                # The comment belongs to the name before: its comma stays, and so does its line.
                comma = re.match(r"\s*,", text[last:])
                at = self._tree.lines.start(self._tree.lines.line_of(spans[low][0]))
                yield Edit(at, self._line_after(last + (comma.end() if comma else 0)), "")
            else:
                yield Edit(spans[low - 1][1], spans[high][1], "")
        if spare:
            yield Edit(last, last, "".join(separator + name for name in spare))


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers."""
    first = previous = -1
    for index in indices:
        if previous >= 0 and index != previous + 1:
            yield first, previous
        if previous < 0 or index != previous + 1:
            first = index
        previous = index
    if previous >= 0:
        yield first, previous


def _merged(codes: Sequence[str], gone: Sequence[str], new: Sequence[str]) -> list[str]:
    """An import list without `gone` and with `new`, sorted if it was, else replaced in place."""
    fresh = list(new)
    # One name alone is sorted by every key; classes first is what most sorters do.
    for key in (str.lower, _isort_key, str) if len(codes) > 1 else (_isort_key,):
        if list(codes) == sorted(codes, key=key):
            return sorted([code for code in codes if code not in gone] + fresh, key=key)
    result = []
    for code in codes:
        if code not in gone:
            result.append(code)
        elif fresh:
            result.append(fresh.pop(0))
    return result + fresh


def _isort_key(code: str) -> tuple[int, str]:
    """Constants, classes, functions: the default order of isort and ruff."""
    name = code.split()[0]
    group = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return group, name.lower()


def _statements_for(needs: Sequence[Need]) -> list[str]:
    modules = sorted({need.module for need in needs if not need.name})
    lines = [f"import {module}" for module in modules]
    for module in sorted({need.module for need in needs if need.name}):
        names = sorted({need.name for need in needs if need.module == module and need.name})
        lines.append(f"from {module} import {', '.join(names)}")
    return lines


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\f"))
