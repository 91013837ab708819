"""Findings of an earlier text, moved along with the edits made since.

Pure functions. Offsets are 0-based code points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from sentry_migrate.model import Finding, Related
from sentry_migrate.text.edits import Edit


def stripped(finding: Finding) -> Finding:
    """The finding without its edits, which hold for the analysed text only.

    Its texts stay: a remedy is shown only where there was no fix in the first place.
    """
    remedy = finding.remedy if finding.fix is None else ""
    return replace(
        finding, fix=None, alternatives=(), remedy=remedy, suppression=None, file_suppression=None
    )


def shift(findings: Sequence[Finding], edits: Sequence[Edit]) -> tuple[Finding, ...]:
    """The findings in the text after `edits`, which are by position and count in one text.

    A finding whose first or last character was replaced is gone.
    """
    shift = Shift(edits)
    moved = []
    for finding in findings:
        span = shift.span(finding.start, finding.end)
        if span is None:
            continue
        related = []
        for place in finding.related:
            at = shift.span(place.start, place.end)
            if at is not None:
                related.append(Related(*at, place.message))
        moved.append(replace(finding, start=span[0], end=span[1], related=tuple(related)))
    return tuple(moved)


class Shift:
    """Where places of a text are after some edits; each costs a bisection."""

    __slots__ = ("_deltas", "_edits", "_starts")

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts = [edit.start for edit in edits]
        growth = (len(edit.text) - (edit.end - edit.start) for edit in edits)
        self._deltas = [0, *accumulate(growth)]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span is; None if its first or last character was replaced."""
        first, last = self._place(start), self._place(max(start, end - 1))
        if first is None or last is None:
            return None
        return first, max(first, last + min(1, end - start))

    def _place(self, offset: int) -> int | None:
        before = bisect_right(self._starts, offset)
        if before and self._edits[before - 1].end > offset:
            return None
        return offset + self._deltas[before]
