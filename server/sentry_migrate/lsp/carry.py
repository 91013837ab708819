"""Findings of an earlier text, moved along with the edits made since.

Pure functions. Offsets are 0-based code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sentry_migrate.model import Finding, Related
from sentry_migrate.text.edits import Edit, shift


def stripped(finding: Finding) -> Finding:
    """The finding without its fixes, which hold for the analysed text only."""
    return replace(finding, fix=None, alternatives=())


def carry(findings: Sequence[Finding], edit: Edit) -> tuple[Finding, ...]:
    """The findings in the text after `edit`; those whose text was replaced are gone."""
    moved = []
    for finding in findings:
        span = _carry_span(finding.start, finding.end, edit)
        if span is None:
            continue
        related = []
        for place in finding.related:
            at = _carry_span(place.start, place.end, edit)
            if at is not None:
                related.append(Related(*at, place.message))
        moved.append(replace(finding, start=span[0], end=span[1], related=tuple(related)))
    return tuple(moved)


def _carry_span(start: int, end: int, edit: Edit) -> tuple[int, int] | None:
    last = max(start, end - 1)
    if any(edit.start <= place < edit.end for place in (start, last)):
        return None
    moved = shift(start, [edit]), shift(last, [edit])
    if moved[0] is None or moved[1] is None:
        return None
    return moved[0], max(moved[0], moved[1] + min(1, end - start))
