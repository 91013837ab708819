"""Edits: what a fix does to a text.

Owns applying, merging, composing and shifting spans. Offsets are 0-based code points of the text
the edits were made for; an edit replaces `text[start:end]`, and start == end is an insertion.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


class OverlapError(ValueError):
    """Two edits want the same characters."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `text[start:end]` with `text`."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """The text, or the part of it from `start` to `end` that holds all edits, after the edits,
    which may come in any order. Raises OverlapError."""
    out: list[str] = []
    at = start
    for edit in ordered(edits):
        out.append(text[at : edit.start])
        out.append(edit.text)
        at = edit.end
    out.append(text[at:end])
    return "".join(out)


def difference(before: str, after: str) -> Edit:
    """One edit that makes the one text of the other, without what both begin and end with."""
    most = min(len(before), len(after))
    start = _longest(most, lambda low, high: before[low:high] == after[low:high])
    old, new = len(before), len(after)

    def ends_alike(low: int, high: int) -> bool:
        return before[old - high : old - low] == after[new - high : new - low]

    end = _longest(most - start, ends_alike)
    return Edit(start, old - end, after[start : new - end])


def _longest(most: int, alike: Callable[[int, int], bool]) -> int:
    """Up to where two texts are alike, `most` at most: of whole pieces, as a notebook may have
    megabytes."""
    if alike(0, most):
        return most
    low, high = 0, most  # alike up to the one, and no longer at the other
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if alike(low, middle) else (low, middle)
    return low


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """The edits by position, checked. Raises OverlapError if two overlap."""
    result = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for left, right in pairwise(result):
        if collide(left, right):
            raise OverlapError(f"edits at {left.start} and {right.start} overlap")
    return result


def collide(left: Edit, right: Edit) -> bool:
    """Whether two edits overlap. Two insertions at one place do: their order would be a guess.

    An insertion at either end of a replaced span does not: before and after it are well defined.
    """
    if left.start == left.end and right.start == right.end:
        return left.start == right.start
    return left.start < right.end and right.start < left.end


class EditSet:
    """Edits accepted so far, kept free of overlaps; the same replacement twice counts once."""

    __slots__ = ("_edits", "_seen")

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        self._seen: set[Edit] = set()

    def accept(self, edits: Sequence[Edit]) -> bool:
        """Take all of `edits`, or none: False if one collides with an accepted edit."""
        fresh = [edit for edit in edits if edit.start == edit.end or edit not in self._seen]
        for edit in fresh:
            at = bisect_right(self._edits, edit)
            for neighbour in self._edits[max(0, at - 2) : at + 2]:
                if collide(edit, neighbour):
                    return False
        for edit in fresh:
            self._edits.insert(bisect_right(self._edits, edit), edit)
            self._seen.add(edit)
        return True

    def edits(self) -> tuple[Edit, ...]:
        """All accepted edits by position."""
        return tuple(self._edits)


# A piece of a text under way: a span of the original, or new text.
_Piece = tuple[int, int] | str


def compose(length: int, rounds: Iterable[Sequence[Edit]]) -> tuple[Edit, ...]:
    """One set of edits on an original text of `length` that does all `rounds` one after another.

    Each round counts in the text the rounds before it left. Untouched text stays untouched.
    """
    pieces: list[_Piece] = [(0, length)]
    for edits in rounds:
        pieces = _replace(pieces, ordered(edits))
    result: list[Edit] = []
    at = 0
    new = ""
    for piece in [*pieces, (length, length)]:
        if isinstance(piece, str):
            new += piece
            continue
        start, end = piece
        if at != start or new:
            result.append(Edit(at, start, new))
        at, new = end, ""
    return tuple(result)


def _replace(pieces: Sequence[_Piece], edits: Sequence[Edit]) -> list[_Piece]:
    """The pieces after `edits`, which count in the text that `pieces` spell."""
    result: list[_Piece] = []
    queue = list(reversed(edits))
    at = 0  # where the piece in hand begins, in the text the pieces spell
    skip = 0  # up to where that text is deleted
    for piece in pieces:
        begin = at
        finish = begin + (len(piece) if isinstance(piece, str) else piece[1] - piece[0])
        at = finish
        here = begin
        while queue and queue[-1].start < finish:
            edit = queue.pop()
            _keep(result, piece, begin, max(here, skip), edit.start)
            result.append(edit.text)
            here = edit.start
            skip = max(skip, edit.end)
        _keep(result, piece, begin, max(here, skip), finish)
    for edit in reversed(queue):
        result.append(edit.text)
    return result


def _keep(result: list[_Piece], piece: _Piece, begin: int, start: int, end: int) -> None:
    """Append the part of `piece`, which begins at `begin`, between `start` and `end`."""
    if start >= end:
        return
    if isinstance(piece, str):
        result.append(piece[start - begin : end - begin])
    else:
        result.append((piece[0] + start - begin, piece[0] + end - begin))


def shift(offset: int, edits: Sequence[Edit]) -> int | None:
    """Where `offset` is after `edits` (ordered); None strictly inside a replaced span.

    The start of a replaced span stays where it is.
    """
    delta = 0
    for edit in edits:
        if edit.end <= offset:
            delta += len(edit.text) - (edit.end - edit.start)
        elif edit.start < offset:
            return None
        else:
            break
    return offset + delta


def grown(span: tuple[int, int], edits: Iterable[Edit]) -> tuple[int, int]:
    """A span after `edits`, with the new text of those that touch it."""
    start, end = span
    before = inside = 0
    for edit in edits:
        delta = len(edit.text) - (edit.end - edit.start)
        if edit.end < span[0]:
            before += delta
        elif edit.start <= span[1]:
            inside += delta
            start, end = min(start, edit.start), max(end, edit.end)
    return start + before, end + before + inside


def before(edits: Iterable[Edit], offset: int) -> int:
    """Where a place of the text after `edits`, in order, was in the text before them: for a place
    in new text, where that begins."""
    shift = 0
    for edit in edits:
        if offset < edit.start + shift:
            break
        if offset < edit.start + shift + len(edit.text):
            return edit.start
        shift += len(edit.text) - (edit.end - edit.start)
    return offset - shift


def between(old: str, new: str) -> Edit:
    """One edit from `old` to `new` without what they have in common at both ends."""
    limit = min(len(old), len(new))
    start = _common(old, new, limit)
    tail = _common(old[start:][::-1], new[start:][::-1], limit - start)
    return Edit(start, len(old) - tail, new[start : len(new) - tail])


def _common(left: str, right: str, limit: int) -> int:
    """How many characters two texts begin with in common, by bisection on slices."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
