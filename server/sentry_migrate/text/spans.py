"""Spans of a text: pairs of 0-based offsets in code points, the end not included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]


class SpanSet:
    """Spans merged where they touch, without the empty ones; each question is a bisection."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, offset: int) -> bool:
        """Whether the character at an offset is in one of the spans."""
        return self.overlaps(offset, offset + 1)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether one of the spans shares characters with this one, or has an empty one inside."""
        at = bisect_right(self._ends, start)
        return at < len(self._ends) and self._starts[at] < end
