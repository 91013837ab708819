"""Comments that suppress what a run finds, for `--add-ignores`.

Owns putting the comments of several findings into one text. Where a comment goes and how it reads,
each finding says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sentry_migrate.cli.run_to_fixpoint import RunResult
from sentry_migrate.model import Finding
from sentry_migrate.report.entry import Entry
from sentry_migrate.text.edits import Edit, apply, ordered, shift
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import Source


def suppress(done: RunResult, left: Sequence[Entry]) -> tuple[RunResult, Mapping[str, int]]:
    """What came of a run, with comments that suppress the findings of the entries that are `left`,
    one for each result; and by path how many they suppress."""
    results = []
    counts = {}
    for (job, check, entry), wanted in zip(done.results, left, strict=True):
        found = [one for one in wanted.findings if one.suppression is not None]
        if found:
            source = Source.from_bytes(job.data if check.fixed is None else check.fixed)
            edits = ordered(_comments(found))
            lines = LineIndex(apply(source.text, edits))
            others = tuple(_moved(one, edits) for one in entry.findings if one not in found)
            check = replace(check, fixed=source.to_bytes(lines.text))
            hidden = entry.suppressed + len(found)
            entry = replace(entry, lines=lines, findings=others, suppressed=hidden)
            counts[job.path] = len(found)
        results.append((job, check, entry))
    return replace(done, results=results), counts


def _comments(findings: Iterable[Finding]) -> Iterator[Edit]:
    """The edits that suppress the findings: one for all that want a comment at the same place."""
    places: defaultdict[Edit, dict[str, str]] = defaultdict(dict)
    for one in findings:
        if (edit := one.suppression) is not None:
            places[replace(edit, text="")][one.code] = edit.text
    for place, texts in places.items():
        code, text = next(iter(texts.items()))
        yield replace(place, text=text.replace(code, ", ".join(texts)))


def _moved(finding: Finding, edits: Sequence[Edit]) -> Finding:
    """A finding where it is after some insertions, without what its text is to become."""
    start, end = shift(finding.start, edits), shift(finding.end, edits)
    assert start is not None
    assert end is not None  # nothing is replaced
    return replace(finding, start=start, end=end, fix=None, alternatives=(), related=())
