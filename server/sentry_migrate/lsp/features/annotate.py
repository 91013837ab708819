"""What an editor shows of a migration before it is made: one label for what is proved, and one for
each question or rule that keeps files from being so.

Owns dividing files among labels. A file is one edit, because half of its fixes may not work, so
one with several questions has a label that names them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.documents.convert import Annotation, Change
from sentry_migrate.lsp.features.migration import Fixed
from sentry_migrate.report.summary import plural

_PROVED = "What reaches Sentry stays the same"


def annotated(found: Sequence[Fixed]) -> Iterator[tuple[Fixed, list[Change]]]:
    """The changes of each, with their label."""
    groups: dict[tuple[str, ...], list[Fixed]] = {}
    for one in found:
        groups.setdefault(_codes(one), []).append(one)
    notes = {codes: _annotation(codes, group) for codes, group in groups.items()}
    for one in found:
        note = notes[_codes(one)]
        yield one, [(place, edits, note) for place, edits, _ in one.changes]


def _codes(one: Fixed) -> tuple[str, ...]:
    return tuple(sorted(_reasons(one)))


def _annotation(codes: tuple[str, ...], group: Sequence[Fixed]) -> Annotation:
    files = plural(len(group), "file")
    if not codes:
        label = f"Proved: {plural(sum(one.count for one in group), 'fix', 'fixes')} in {files}"
        return Annotation("proved", label, _PROVED, confirm=False)
    reasons: dict[str, str] = {}
    for one in group:
        reasons |= _reasons(one)
    count = sum(len(one.unsafe) for one in group)
    proved = sum(one.count for one in group) - count
    beside = f", and {proved} proved" if proved else ""
    label = f"{', '.join(codes)}: {plural(count, 'fix', 'fixes')} to decide{beside} in {files}"
    return Annotation("-".join(codes), label, " ".join(reasons[code] for code in codes), True)


def _reasons(one: Fixed) -> dict[str, str]:
    """What keeps the fixes of a text from being proved: questions, or why by the rule's code."""
    found: dict[str, str] = {}
    for finding in one.unsafe:
        fix = finding.fix
        asked = [code for code in fix.doubts if code in DOUBTS] if fix is not None else []
        found.update((code, DOUBTS[code].question) for code in asked)
        if not asked:
            found.setdefault(finding.code, _sentence(fix.reason if fix is not None else ""))
    return found


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else "It could not be proved."
