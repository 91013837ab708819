"""Comments that suppress findings, which of them suppress none, and where another one may go.

`# sentry-migrate: ignore` or `ignore[SEN101, push-scope-with]` on the finding's line or alone on
the line above; `# sentry-migrate: ignore-file` anywhere; `# noqa: SEN101` on the line. A bare
`# noqa` is left to the tools that own it. A line that no comment can stand on or above, as in a
string or between backslashes, counts as the first line that it continues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM

_IGNORE = re.compile(r"#[ \t]*sentry-migrate:[ \t]*ignore(-file)?(?:\[([^\]\r\n]*)\]|(?![-\w\[]))")
_NOQA = re.compile(r"#[ \t]*noqa:[ \t]*([A-Z]+\d+\b(?:[, \t]+[A-Z]+\d+\b)*)", re.IGNORECASE)
_NAME = re.compile(r"[\w-]+")
_CODE = re.compile(r"SEN\d+", re.IGNORECASE)
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=]")
EVERY = "ALL"


@dataclass(eq=False, slots=True)
class Comment:
    """One suppression comment, or the part of a comment that is one."""

    start: int
    end: int
    items: tuple[tuple[int, int], ...]
    """Where its codes and names stand, with those of other tools; none if it is for every rule."""
    names: tuple[str, ...]
    """The text of each item, empty for another tool's; `ALL` alone if it is for every rule."""
    used: set[str] = field(default_factory=set)
    """Those of `names` that suppressed something."""


class Suppressions:
    """The suppression comments of one text.

    `quoted` says whether an offset is in a string, where nothing is a comment.
    """

    __slots__ = ("_comments", "_continued", "_file", "_lines", "_on_line", "_quoted")

    def __init__(self, lines: LineIndex, quoted: Callable[[int], bool]) -> None:
        self._lines = lines
        self._quoted = quoted
        self._continued: dict[int, int] = {}
        """By line, the first line that it continues, as far as that was asked."""
        self._on_line: dict[int, list[Comment]] = {}
        self._file: list[Comment] = []
        text = lines.text
        for match in _IGNORE.finditer(text):
            line = lines.line_of(match.start())
            comment = _comment(match, 2, _NAME)
            if match.group(1):
                self._file.append(comment)
                continue
            alone = not text[lines.start(line) : match.start()].strip()
            self._on_line.setdefault(line + 1 if alone else line, []).append(comment)
        for match in _NOQA.finditer(text):
            comment = _comment(match, 1, _CODE)
            if any(comment.names):
                self._on_line.setdefault(lines.line_of(match.start()), []).append(comment)
        every = [*self._file, *(one for group in self._on_line.values() for one in group)]
        self._comments = sorted(every, key=lambda one: one.start)

    def cover(self, offset: int, code: str, name: str) -> bool:
        """Whether a finding of the rule at `offset` is suppressed."""
        if not self._comments:
            return False
        covered = False
        line = self.first_line(self._lines.line_of(offset))
        for comment in (*self._file, *self._on_line.get(line, ())):
            found = {EVERY, code, name}.intersection(comment.names)
            comment.used |= found
            covered = covered or bool(found)
        return covered

    def suppressing(self, offset: int, code: str) -> Edit:
        """The edit after which a comment suppresses `code` at `offset`.

        It writes into a comment that suppresses other rules there, or makes one: at the end of the
        line, or where that end is in a string or continues on the next line, above it, or above the
        first line that it continues.
        """
        lines, text = self._lines, self._lines.text
        line = self.first_line(lines.line_of(offset))
        for known in self._on_line.get(line, ()):
            at = known.end - 1
            if text[at] == "]" and not self._quoted(known.start):
                return Edit(at, at, f", {code}" if known.items else code)
        start, end = lines.start(line), lines.end(line)
        comment = f"# sentry-migrate: ignore[{code}]"
        if self._ends(line):
            gap = "" if text[end - 1].isspace() else "  "
            return Edit(end, end, gap + comment)
        return Edit(start, start, lines.indent_at(start) + comment + lines.ending(line))

    def suppressing_file(self, code: str) -> Edit:
        """The edit after which a comment suppresses `code` in the whole text.

        It writes into a comment that suppresses other rules there, or makes one: as the first line
        that is neither `#!` nor the encoding (PEP 263).
        """
        lines, text = self._lines, self._lines.text
        for known in self._file:
            at = known.end - 1
            if text[at] == "]" and not self._quoted(known.start):
                return Edit(at, at, f", {code}" if known.items else code)
        line = 0
        for number in range(min(2, len(lines))):
            head = text[lines.start(number) : lines.end(number)]
            if head.startswith("#!") or _CODING.match(head):
                line = number + 1
        start = max(lines.start(line), text.startswith(BOM))
        return Edit(start, start, f"# sentry-migrate: ignore-file[{code}]{lines.ending(0)}")

    def first_line(self, line: int) -> int:
        """The line whose comments count for one: the first line that it continues, if it has no
        place for a comment itself, neither at its end nor above it."""
        if not line or self._ends(line) or self._ends(line - 1):
            return line
        passed = []
        while line and line not in self._continued and not self._ends(line - 1):
            passed.append(line)
            line -= 1
        first = self._continued.get(line, line)
        self._continued.update(dict.fromkeys(passed, first))
        return first

    def _ends(self, line: int) -> bool:
        """Whether code, and with it a comment, may end where a line does."""
        start, end = self._lines.start(line), self._lines.end(line)
        if self._quoted(end):
            return False
        content = self._lines.text[start:end]
        marks = (start + at for at, char in enumerate(content) if char == "#")
        return not content.endswith("\\") or not all(map(self._quoted, marks))

    def unused(self, own: Collection[str]) -> Iterator[tuple[Comment, list[int]]]:
        """Each comment with the items that suppressed nothing, once `cover` was asked about every
        finding.

        `own` are the code and name of the rule about such comments, which only its name suppresses.
        """
        for comment in self._comments:
            beside = self._on_line.get(self._lines.line_of(comment.start), ())
            if any(name in own for one in (*self._file, *beside) for name in one.names):
                continue
            idle = [
                at for at, name in enumerate(comment.names) if name and name not in comment.used
            ]
            if idle and not self._quoted(comment.start):
                yield comment, idle


def _comment(match: re.Match[str], group: int, ours: re.Pattern[str]) -> Comment:
    """A comment whose codes and names, if it has any, are what `group` holds."""
    if match.group(group) is None:
        return Comment(*match.span(), (), (EVERY,))
    found = list(_NAME.finditer(match.string, *match.span(group)))
    names = (one.group() if ours.fullmatch(one.group()) else "" for one in found)
    upper = (name.upper() if _CODE.fullmatch(name) else name for name in names)
    return Comment(*match.span(), tuple(one.span() for one in found), tuple(upper))
