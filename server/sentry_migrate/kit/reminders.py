"""The comments that `--todo` writes: which remind of nothing any longer, and taking them out.

Owns their form, and which place each is about. A comment that says anything else than a rule of
its codes does is a person's, and so is what follows in one behind another `#`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sentry_migrate.kit.rule import Rule
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import TODO
from sentry_migrate.text.edits import Edit, collide
from sentry_migrate.text.lines import LineIndex

_COMMENT = re.compile(re.escape(TODO) + r"(SEN\d+(?:, SEN\d+)*): ([^#\r\n]*)")

Place: TypeAlias = tuple[int, str]
"""Where a finding begins, and the code of its rule."""


@dataclass(frozen=True, slots=True)
class _Comment:
    start: int
    end: int
    codes: frozenset[str]
    line: int
    """What it is about."""


class Reminders:
    """The comments of one text. `quoted` says whether an offset is in a string, and `active` are
    the rules that run by their codes: what others find, nobody knows."""

    __slots__ = ("_comments", "_lines", "_suppressions")

    def __init__(
        self,
        lines: LineIndex,
        quoted: Callable[[int], bool],
        suppressions: Suppressions,
        active: Mapping[str, Rule],
    ) -> None:
        self._lines = lines
        self._suppressions = suppressions
        self._comments = []
        for match in _COMMENT.finditer(lines.text):
            codes, said = frozenset(match[1].split(", ")), match[2].strip()
            ours = codes <= active.keys() and any(active[code].says(said) for code in codes)
            if ours and not quoted(match.start()):
                line = self._about(match.start())
                self._comments.append(_Comment(*match.span(), codes, line))

    def outdated(self, found: Iterable[Place]) -> tuple[Edit, ...]:
        """What removes each comment that is about none of what was found."""
        places = self._places(found) if self._comments else ()
        return tuple(
            self._removed(one)
            for one in self._comments
            if all((one.line, code) not in places for code in one.codes)
        )

    def without(self, edits: Sequence[Edit], found: Iterable[tuple[Place, bool]]) -> list[Edit]:
        """The edits, with those that remove comments about findings which they settle. Each finding
        is given with whether they do. A comment that they change in another way stays."""
        made = [*edits]
        if self._comments:
            every = [*found]
            settled = self._places(place for place, done in every if done)
            left = self._places(place for place, done in every if not done)
            for one in self._comments:
                about = {(one.line, code) for code in one.codes}
                if about & settled and not about & left:
                    made = self._cut(one, made)
        return made

    def _places(self, found: Iterable[Place]) -> set[tuple[int, str]]:
        lines, first = self._lines, self._suppressions.first_line
        return {(first(lines.line_of(start)), code) for start, code in found}

    def _about(self, start: int) -> int:
        """The line that a comment is about: its own, or if it is alone there, the next of code."""
        lines = self._lines
        line = lines.line_of(start)
        if lines.text[lines.start(line) : start].strip():
            return line
        while line + 1 < len(lines):
            line += 1
            code = lines.text[lines.start(line) : lines.end(line)].strip()
            if code and not code.startswith("#"):
                break
        return line

    def _removed(self, one: _Comment) -> Edit:
        """What removes a comment, with its line if there is nothing else."""
        lines = self._lines
        line = lines.line_of(one.start)
        start, end = lines.start(line), lines.end(line)
        if one.end < end:
            return Edit(one.start, one.end, "")
        before = lines.text[start : one.start].rstrip()
        return Edit(start + len(before), end if before else lines.next_start(line), "")

    def _cut(self, one: _Comment, edits: Sequence[Edit]) -> list[Edit]:
        """Edits that remove a comment too; the same where that would be in their way."""
        removal = self._removed(one)
        near = [edit for edit in edits if collide(edit, removal)]
        rest = [edit for edit in edits if edit not in near]
        note = self._lines.text[one.start : one.end]
        whole = len(near) == 1 and near[0].start <= one.start and one.end <= near[0].end
        if whole and near[0].text.count(note) == 1:
            head, _, tail = near[0].text.partition(note)
            head = head.rstrip(" \t") if tail[:1] in ("", "\r", "\n") else head
            if head.endswith(("\r", "\n")):
                tail = tail.removeprefix("\r").removeprefix("\n")
            return [*rest, Edit(near[0].start, near[0].end, head + tail)]
        if any(edit.text for edit in near):
            return [*edits]
        spans = [removal, *near]
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        line = self._lines.line_of(start)
        begin = self._lines.start(line)
        last = self._lines.line_of(one.start)
        if end == self._lines.end(last) and not self._lines.text[begin:start].strip():
            start, end = begin, self._lines.next_start(last)
        joined = Edit(start, end, "")
        return [*edits] if any(collide(joined, edit) for edit in rest) else [*rest, joined]
