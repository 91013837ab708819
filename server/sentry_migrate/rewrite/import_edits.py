"""Rewriting one import statement: names that go, names that join, statements beside it.

Owns where commas, comments and line ends go, where a name is sorted in, and breaking a line that
gets longer than the project's lines may be.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

import libcst as cst

from sentry_migrate.project.code_style import CodeStyle, ImportStyle
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree
from sentry_migrate.rewrite.import_sections import (
    ImportStatement,
    Place,
    module_of,
    section_place,
)
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.source import BOM


def rewrite_statement(
    tree: Tree,
    statement: ImportStatement,
    gone: Sequence[cst.ImportAlias],
    new: Sequence[Need],
    fresh: Sequence[Need],
    changed: Collection[int],
    emptied: Collection[int],
    style: CodeStyle,
) -> Iterator[Edit]:
    """Edits of one statement: `gone` leave it, `new` join it, `fresh` come beside it, or further
    away where they are sorted in; not beside the statements that are `changed` too, by id().
    Those at the lines `emptied` go as a whole.

    No line gets longer than `style` allows, in code points, where breaking it can help.
    """
    yield from _Writer(tree, changed, emptied, style).rewrite(statement, gone, new, fresh)


class _Writer:
    def __init__(
        self, tree: Tree, changed: Collection[int], emptied: Collection[int], style: CodeStyle
    ) -> None:
        self._tree = tree
        self._changed = changed
        self._emptied = emptied
        self._columns = style.columns
        self._style = style.imports

    def rewrite(
        self,
        statement: ImportStatement,
        gone: Sequence[cst.ImportAlias],
        new: Sequence[Need],
        fresh: Sequence[Need],
    ) -> Iterator[Edit]:
        """Edits of one statement: names that go and join, statements that come beside it."""
        names = () if isinstance(statement.names, cst.ImportStar) else statement.names
        emptied = bool(names) and len(gone) == len(names) and not new
        line = self._tree.parent(statement)
        alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
        start, end = self._tree.span(statement)
        indent, newline = self._tree.lines.indent_at(start), self._tree.lines.newline_at(end)
        lines = [self._broken(one, indent, newline) for one in _statements_for(fresh, self._style)]
        places = [
            self._place(statement, text, gone)
            if alone and not (emptied and not text.split()[1].startswith("sentry_sdk"))
            else (statement, True, False)
            for text in lines
        ]
        own: list[str] = []
        if emptied:
            own = [
                text
                for text, (place, _, apart) in zip(lines, places, strict=True)
                if place is statement and not apart
            ]
            if own or not alone or self._only_child(line):
                yield Edit(start, end, (newline + indent).join(own) or "pass")
            else:
                yield self._delete_line(start, end)
        elif gone or new:
            added_names = sorted({need.name for need in new})
            yield from self._rename(statement, names, gone, added_names, alone)
        added: dict[int, str] = {}
        for text, (place, before, apart) in zip(lines, places, strict=True):
            if text in own:
                continue
            first, last = self._tree.span(place)
            if before:
                at = self._line_start(first)
                above, blank = added.get(at, ""), newline if apart else ""
                added[at] = above.removesuffix(blank) + indent + text + newline + blank
            else:
                # At the line's end: a notebook's next line may be in another cell.
                at = self._tree.lines.end(self._tree.lines.line_of(last))
                added[at] = added.get(at, "") + newline + indent + text
        yield from (Edit(at, at, text) for at, text in added.items())

    def _place(
        self, statement: ImportStatement, text: str, gone: Sequence[cst.ImportAlias]
    ) -> Place:
        """Where another import is sorted in."""
        sdk = "sentry_sdk"
        if text.split()[1].startswith(sdk) and not module_of(statement).startswith(sdk):
            named = statement.names
            goes = not isinstance(named, cst.ImportStar) and len(gone) == len(named)
            found = section_place(self._tree, statement, goes, text, self._style)
            if found is not None:
                return found
        if not self._style.mixed and not isinstance(statement, cst.ImportFrom):
            return statement, False, False
        if not self._style.mixed and text.startswith("import "):
            return statement, True, False
        _, module, *rest = text.split(maxsplit=3)
        rank = module, _isort_key(rest[1].strip("(\r\n \t")) if rest else _WHOLE
        before = rank < _rank(statement, gone)
        place = statement
        for other in self._neighbours(statement, before):
            if (rank < _rank(other)) != before:
                break
            place = other
        return place, before, False

    def _neighbours(self, statement: ImportStatement, before: bool) -> Iterator[ImportStatement]:
        """The imports from the SDK directly above, or below, that stay as they are."""
        line = self._tree.parent(statement)
        block = self._tree.parent(line) if line is not None else None
        body: Sequence[cst.CSTNode] = getattr(block, "body", ())
        at = next((at for at, one in enumerate(body) if one is line), len(body))
        step = -1 if before else 1
        while 0 <= at + step < len(body):
            if self._tree.lines_above(body[at if before else at + 1]):
                return
            at += step
            one = body[at]
            only = one.body[0] if isinstance(one, cst.SimpleStatementLine) else None
            kinds = (cst.ImportFrom, cst.Import) if self._style.mixed else (cst.ImportFrom,)
            if not isinstance(only, kinds) or not module_of(only).startswith("sentry_sdk"):
                return
            if id(only) not in self._changed:
                yield only

    def _only_child(self, line: cst.CSTNode | None) -> bool:
        block = self._tree.parent(line) if line is not None else None
        return not isinstance(block, cst.Module) and len(getattr(block, "body", ())) == 1

    def _delete_line(self, start: int, end: int) -> Edit:
        lines = self._tree.lines
        line = lines.line_of(end)
        rest = self._tree.text[end : lines.end(line)].strip()
        if rest.startswith("#") and not re.match(r"#\s*(noqa|type:|pylint|pragma|isort)", rest):
            return Edit(start, end + self._tree.text[end:].index("#"), "")
        first = lines.line_of(start)
        while first - 1 in self._emptied:  # their section is this one's
            first -= 1
        above = self._blank_lines(range(first - 1, -1, -1))
        below = self._blank_lines(range(line + 1, len(lines)))
        # What stood alone between blank lines leaves no more of them than the larger side has.
        spare = below if above == first else min(above, below)
        return Edit(self._line_start(start), lines.next_start(line + spare), "")

    def _blank_lines(self, numbers: Iterable[int]) -> int:
        """How many of these lines, from the first on, are blank."""
        lines = self._tree.lines
        blank = (
            not lines.text[lines.start(n) : lines.end(n)].strip(" \t\f" + BOM) for n in numbers
        )
        return sum(1 for _ in takewhile(bool, blank))

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

    def _broken(self, line: str, indent: str, newline: str) -> str:
        """A `from` import that is too long for its line, over several."""
        head, found, names = line.partition(" import ")
        if not found or len(indent + line) <= self._columns:
            return line
        return f"{head} import ({self._one_each(names.split(', '), indent, newline)})"

    def _one_each(self, names: Sequence[str], indent: str, newline: str) -> str:
        """Names between parentheses, each on a line of its own."""
        step = indent + self._tree.module.default_indent
        return "".join(f"{newline}{step}{name}," for name in names) + newline + indent

    def _rename(
        self,
        statement: ImportStatement,
        names: Sequence[cst.ImportAlias],
        gone: Sequence[cst.ImportAlias],
        new: list[str],
        alone: bool,
    ) -> Iterator[Edit]:
        spans = [self._tree.span(alias) for alias in names]
        first, last = spans[0][0], spans[-1][1]
        text = self._tree.text
        if "\n" not in text[first:last] and "\r" not in text[first:last]:
            codes = [self._tree.code(alias) for alias in names]
            merged = _merged(codes, [self._tree.code(a) for a in gone], new)
            yield self._on_one_line(statement, first, last, merged, alone)
            return
        codes = [self._tree.code(alias) for alias in names]
        merged = _merged(codes, [self._tree.code(alias) for alias in gone], new)
        if edit := self._in_order(statement, names, gone, new, merged):
            yield edit
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

    def _in_order(
        self,
        statement: ImportStatement,
        names: Sequence[cst.ImportAlias],
        gone: Sequence[cst.ImportAlias],
        new: Sequence[str],
        order: Sequence[str],
    ) -> Edit | None:
        """The names in their `order`, each with its comments, if each has a line; a new name has
        the line of one that goes. None where they are in order without that, or a comment would be
        lost."""
        tree, lines = self._tree, self._tree.lines
        if not isinstance(statement, cst.ImportFrom) or statement.lpar is None:
            return None
        at = [lines.line_of(tree.span(alias)[0]) for alias in names]
        if lines.line_of(tree.span(statement)[1]) == at[-1]:
            return None
        spare, blocks = list(new), dict[str, str]()
        begin = lines.line_of(tree.text.index("(", tree.span(statement)[0])) + 1
        above = begin
        placed: list[str] = []
        for alias, line in zip(names, at, strict=True):
            code = tree.code(alias)
            block = tree.text[lines.start(above) : lines.next_start(line)]
            written = f"{code}," if f"{code}," in block else code
            name = code if alias not in gone else spare.pop(0) if spare else ""
            if above > line or block.count(code) != 1 or (not name and "#" in block):
                return None
            if name:
                blocks[name] = block.replace(written, f"{name},")
                placed.append(name)
            above = line + 1
        start, end = lines.start(begin), lines.next_start(at[-1])
        newline, indent = lines.newline_at(start), lines.indent_at(tree.span(names[0])[0])
        for name in spare:
            blocks[name] = f"{indent}{name},{newline}"
        if [*placed, *spare] == [*order] or {*blocks} != {*order}:
            return None
        return Edit(start, end, "".join(blocks[name] for name in order))

    def _on_one_line(
        self, statement: ImportStatement, first: int, last: int, names: Sequence[str], alone: bool
    ) -> Edit:
        """The names in the place of those that stand in one line; on a line each if that one
        becomes too long."""
        text, joined = self._tree.text, ", ".join(names)
        start, end = self._tree.span(statement)
        before, after = text[start:first], text[last:end]
        indent = self._tree.lines.indent_at(start)
        lines = self._tree.lines
        comment = text[end : lines.end(lines.line_of(end))].strip()  # as for a linter, on this line
        fits = len(indent + before + joined + after) <= self._columns
        breakable = alone and not comment and not re.search(r"[\r\n]", before + after)
        if fits or not breakable or not isinstance(statement, cst.ImportFrom):
            return Edit(first, last, joined)
        broken = self._one_each(names, indent, self._tree.lines.newline_at(end))
        if statement.lpar is None:
            return Edit(first, last, f"({broken})")
        return Edit(start + before.rindex("(") + 1, end - 1, broken)


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
    # A few names may be sorted by every key; classes first is what most sorters do.
    for key in (_isort_key, str.lower, str):
        if list(codes) == sorted(codes, key=key):
            return sorted([code for code in codes if code not in gone] + fresh, key=key)
    result = []
    for code in codes:
        if code not in gone:
            result.append(code)
        elif fresh:
            result.append(fresh.pop(0))
    return result + fresh


def _rank(
    statement: ImportStatement, gone: Sequence[cst.ImportAlias] = ()
) -> tuple[str, tuple[int, str]]:
    """What isort and ruff sort by: the module, then the first name that is not `gone`."""
    if isinstance(statement, cst.Import):
        return module_of(statement), _WHOLE
    if isinstance(statement.names, cst.ImportStar):
        return module_of(statement), _isort_key("*")
    left = [alias for alias in statement.names if alias not in gone] or statement.names
    return module_of(statement), _isort_key(dotted(left[0].name))


_WHOLE = (-1, "")
"""Of an import of the module itself, which comes before those of its names."""


def _isort_key(code: str) -> tuple[int, str]:
    """Constants, classes, functions: the default order of isort and ruff."""
    name = code.split()[0]
    group = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return group, name.lower()


def _statements_for(needs: Sequence[Need], style: ImportStyle) -> list[str]:
    modules = sorted({need.module for need in needs if not need.name})
    lines = [f"import {module}" for module in modules]
    for module in sorted({need.module for need in needs if need.name}):
        wanted = {need.name for need in needs if need.module == module and need.name}
        names = sorted(wanted, key=_isort_key)
        for one in names if style.single else [", ".join(names)]:
            lines.append(f"from {module} import {one}")
    return sorted(lines, key=lambda line: line.split()[1]) if style.mixed else lines
