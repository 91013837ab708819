"""Comments about what a run finds: those that suppress it, for `--add-ignores`, and those that
remind of it, for `--todo`.

Owns putting the comments of several findings into one text. Where a comment goes, each finding
says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sentry_migrate.cli.run_to_fixpoint import RunResult
from sentry_migrate.model import TODO, Finding
from sentry_migrate.project.generated import is_generated
from sentry_migrate.report.entry import Entry
from sentry_migrate.text.edits import Edit, ordered, shift
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.notebook import source_of
from sentry_migrate.text.source import Source
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker.pool import FileCheck


def suppress(done: RunResult, left: Sequence[Entry]) -> tuple[RunResult, Mapping[str, int]]:
    """What came of a run, with comments that suppress the findings of the entries that are `left`,
    one for each result; and by path how many they suppress."""
    results = []
    counts = {}
    for (job, check, entry), wanted in zip(done.results, left, strict=True):
        found = [one for one in wanted.findings if one.suppression is not None]
        if found:
            source = _source(job, check)
            edits = ordered(_comments(found))
            data = source.edited(edits)
            others = tuple(_moved(one, edits) for one in entry.findings if one not in found)
            hidden = entry.suppressed + len(found)
            made = Entry.of(entry.path, source_of(job.path, data), others)
            entry = replace(
                entry,
                lines=made.lines,
                notebook=made.notebook,
                findings=others,
                suppressed=hidden,
            )
            check = replace(check, fixed=data)
            counts[job.path] = len(found)
        results.append((job, check, entry))
    return replace(done, results=results), counts


class Reminded(NamedTuple):
    """What came of a run with its comments. The entries are those of the texts without them."""

    done: RunResult
    counts: Mapping[str, int]
    """By path, how many findings got one."""
    removed: Mapping[str, int]
    """By path, how many comments were removed."""
    refused: Mapping[str, Counter[str]]
    """Why findings got none, with how many they are by path."""


def remind(done: RunResult, left: Sequence[Entry]) -> Reminded:
    """Put a comment at each place of the findings of the entries that are `left`, one for each
    result, and remove such comments that remind of nothing any longer. A place that has such a
    comment gets no other, and a file that a tool writes gets none, as the tool would drop it."""
    results = []
    counts, removed = dict[str, int](), dict[str, int]()
    refused: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (job, check, entry), wanted in zip(done.results, left, strict=True):
        places: defaultdict[Edit, list[Finding]] = defaultdict(list)
        for one in wanted.findings:
            place = _reminder(one, entry.lines, check.result.outdated)
            if is_generated(job.path, entry.lines.text, one.end):
                refused["a tool writes"][job.path] += 1
            elif one.suppression is None:
                refused["no comment can be put there in"][job.path] += 1
            elif place is not None:
                places[place].append(one)
        outdated = check.result.outdated
        if places or outdated:
            removed[job.path] = len(outdated)
            made = (replace(at, text=_words(at.text, found)) for at, found in places.items())
            edits = [*outdated, *made]
            check = replace(check, fixed=_source(job, check).edited(ordered(edits)))
            counts[job.path] = sum(map(len, places.values()))
        results.append((job, check, entry))
    return Reminded(replace(done, results=results), counts, removed, refused)


def _source(job: Check, check: FileCheck) -> Source:
    """What the run makes of a file."""
    return source_of(job.path, job.data if check.fixed is None else check.fixed)


def _reminder(finding: Finding, lines: LineIndex, outdated: Sequence[Edit]) -> Edit | None:
    """Where a comment about a finding goes, with `#` for it; None where there is one that is not
    outdated, or no place for any. That is where a comment that suppresses it would go, or behind
    one that is there."""
    place = finding.suppression
    if place is None:
        return None
    line = lines.line_of(place.start)
    start, end = lines.start(line), lines.end(line)
    is_above = place.start == start and place.text.endswith(("\n", "\r"))
    there = lines.text.find(TODO, lines.start(max(line - is_above, 0)), start if is_above else end)
    if there >= 0 and not any(one.start <= there < one.end for one in outdated):
        return None
    if is_above:
        return Edit(start, start, f"{lines.indent_at(start)}#{lines.ending(line)}")
    return Edit(end, end, "#" if lines.text[start:end][-1:].isspace() else "  #")


def _words(text: str, found: Sequence[Finding]) -> str:
    """A comment about some findings at one place."""
    codes = ", ".join(dict.fromkeys(one.code for one in found))
    return text.replace("#", f"{TODO}{codes}: {found[0].message}", 1)


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
