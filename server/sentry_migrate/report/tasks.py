"""What is left to migrate, as a list of tasks for a person or a coding agent: each finding with its
code, how it can be rewritten, what may be sent then, and how to see that it is done.

Owns the sections and the words around the findings. The counts alone are `summary.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sentry_migrate.doubts import DOUBTS, Doubt
from sentry_migrate.model import Applicability, Fix
from sentry_migrate.report import json
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.fix_diff import diff
from sentry_migrate.report.items import Item, fingerprints, items
from sentry_migrate.report.questions import remedy
from sentry_migrate.report.summary import Kind, kind, plural
from sentry_migrate.report.visible import fence, plain, word
from sentry_migrate.text.edits import OverlapError

MARK = "<!-- Written by `sentry-migrate tasks`, which replaces this file. -->"
"""The first line of the Markdown, by which a later run knows that the file is its own."""

_SECTIONS: tuple[tuple[Kind, str, str], ...] = (
    (
        "safe",
        "Proved",
        "What reaches Sentry stays the same. `sentry-migrate check --fix` does all of these; "
        "review its changes with `sentry-migrate check --diff` first.",
    ),
    (
        "unsafe",
        "To decide",
        "The rewrite is known, but something about it could not be proved. Answer the question, "
        "and do what it says if the answer is yes.",
    ),
    (
        "manual",
        "By hand",
        "No rewrite is certain. Do what the task says, and compare what is sent before and after.",
    ),
)
_SHOWN = 40
"""Lines of a diff."""
_AROUND = 3
"""Lines before and after what has no rewrite to show them."""
_TAB = "\t"
"""Code is indented with it, so it stays."""


def markdown(entries: Sequence[Entry]) -> str:
    """A checklist, in sections by what can be done."""
    found = [pair for pair in fingerprints(items(entries)) if pair[0].finding is not None]
    lines = [MARK, "# Migrating to sentry-sdk 2.x", ""]
    lines += [
        f"{plural(len(found), 'task')} left. Run `sentry-migrate tasks` again to update the list; "
        "`--force` does so where it has ticks or notes, which are lost then."
    ]
    for section, title, words in _SECTIONS:
        tasks = [(item, name) for item, name in found if _kind(item) == section]
        if tasks:
            lines += ["", f"## {title} ({len(tasks):,})", "", words]
        for item, name in tasks:
            lines += ["", *_task(item, name)]
    problems = [item for item in items(entries) if item.finding is None]
    if problems:
        lines += ["", f"## Not examined ({len(problems):,})", ""]
        lines += [f"- `{plain(one.file)}`: {one.code}: {plain(one.message)}" for one in problems]
    return "\n".join(lines) + "\n"


def document(entries: Sequence[Entry]) -> str:
    """The same as JSON: an array with an object for each task."""
    found = ((item, name) for item, name in fingerprints(items(entries)) if item.finding)
    return json.document([_data(item, name) for item, name in found])


def _kind(item: Item) -> Kind:
    assert item.finding is not None
    return kind(item.finding)


def _task(item: Item, name: str) -> Iterator[str]:
    finding, entry = item.finding, item.entry
    assert finding is not None
    at = f"{plain(item.file)}:{entry.label(finding.start).rpartition(':')[0]}"
    where = f"In `{plain(item.scope)}`: " if item.scope else ""
    said = f"{where}{_sentence(finding.message)} [{item.code}]({item.url})"
    yield f"- [ ] **{at}** {said} <!-- {name} -->"
    yield ""
    around = 0 if _rewrites(item) else _AROUND
    yield from _code(entry.lines.text[slice(*_lines(item, around))].strip("\r\n"), "python")
    for number, fix in enumerate(_rewrites(item)):
        yield ""
        yield f"  {'Or:' if number else 'Rewrite:'} {_sentence(fix.message)}{_reason(fix)}"
        yield ""
        yield from _code(_diff(entry, fix), "diff")
    if tests := entry.proved.get((item.start, 0)):
        count = plural(tests, "test")
        yield from ("", f"  Proved: the first rewrite is equal in {count} of yours.")
    if finding.remedy:
        yield from ("", f"  To do: {_sentence(finding.remedy)}")
    for doubt in _doubts(item):
        how = remedy(doubt, entry.strict)
        yield from ("", f"  Question: {doubt.question} {doubt.find_out} {how}")
        yield from ("", f"  If the answer is no, 1.x: {doubt.sent_by_1} 2.x: {doubt.sent_by_2}")
    check = _check(item)
    marks = fence(check)
    space = " " * (len(marks) > 1)
    yield from ("", f"  Done when this finds nothing here: {marks}{space}{check}{space}{marks}")


def _data(item: Item, name: str) -> dict[str, Any]:
    finding, entry = item.finding, item.entry
    assert finding is not None
    row, column = entry.place(finding.start)
    return {
        "id": name,
        "kind": _kind(item),
        "path": item.file,
        "cell": entry.cell(finding.start),
        "row": row,
        "column": column,
        "code": item.code,
        "rule": finding.name,
        "url": item.url,
        "message": finding.message,
        "source": entry.lines.text[slice(*_lines(item))],
        "rewrites": [
            {
                "title": fix.message,
                "safe": fix.applicability is Applicability.SAFE,
                "reason": fix.reason,
                "diff": _diff(entry, fix),
            }
            for fix in _rewrites(item)
        ],
        "proved_by_tests": entry.proved.get((item.start, 0), 0),
        "remedy": finding.remedy,
        "questions": [
            {
                "doubt": doubt.code,
                "question": doubt.question,
                "find_out": doubt.find_out,
                "sent_by_1": doubt.sent_by_1,
                "sent_by_2": doubt.sent_by_2,
            }
            for doubt in _doubts(item)
        ],
        "check": _check(item),
    }


def _rewrites(item: Item) -> list[Fix]:
    """The preferred fix and the others, without those that only help to do it by hand."""
    assert item.finding is not None
    fixes = (item.finding.fix, *item.finding.alternatives)
    shown = (fix for fix in fixes if fix is not None and fix.edits)
    return [fix for fix in shown if fix.applicability is not Applicability.DISPLAY]


def _doubts(item: Item) -> list[Doubt]:
    fix = item.finding.fix if item.finding is not None else None
    return [DOUBTS[code] for code in fix.doubts if code in DOUBTS] if fix is not None else []


def _lines(item: Item, around: int = 0) -> tuple[int, int]:
    """Where the lines of a finding begin and end, with so many lines before and after them."""
    lines = item.entry.lines
    first, last = lines.line_of(item.start) - around, lines.line_of(item.end) + around
    return lines.start(max(0, first)), lines.end(min(len(lines) - 1, last))


def _diff(entry: Entry, fix: Fix) -> str:
    try:
        return diff(entry.lines, fix.edits, _SHOWN)
    except OverlapError:  # a rewrite of ours that cannot be made is not a rewrite to show
        return ""


def _reason(fix: Fix) -> str:
    if fix.applicability is not Applicability.UNSAFE or not fix.reason:
        return ""
    return f" Not proved: {_sentence(fix.reason)}"


def _check(item: Item) -> str:
    return f"sentry-migrate check --select {item.code} {word(item.file)}"


def _code(text: str, language: str) -> Iterable[str]:
    if not text:
        return ()
    marks = fence(text).rjust(3, "`")
    lines = (f"  {plain(line, _TAB)}".rstrip() for line in text.splitlines())
    return (f"  {marks}{language}", *lines, f"  {marks}")


def _sentence(words: str) -> str:
    return words if words.endswith((".", ":", "?")) else f"{words}."
