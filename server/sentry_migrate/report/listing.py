"""The findings on the page of `html.py`: by file, each with its code and what can be done.

Owns how much of very many is shown. Refuses to know what the page says beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sentry_migrate.model import Finding
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.markup import KINDS, anchor, excerpt, name, prose, text
from sentry_migrate.report.questions import assumptions
from sentry_migrate.report.source_links import LinkTo
from sentry_migrate.report.summary import kind, plural

EXCERPTS = 2_000
"""Findings shown with their line of code: a page of more would be slow to open."""
LISTED = 10_000
"""Findings shown at all."""
_OPEN = 200
"""Findings up to which every file is shown unfolded."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file and where its offsets are."""

    entry: Entry
    link_to: LinkTo


def ids(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Links inside the page to the files it lists, by their paths."""
    return {sheet.entry.path: f"#f{number}" for number, sheet, _ in reversed([*_listed(sheets)])}


def _listed(sheets: Sequence[Sheet]) -> Iterator[tuple[int, Sheet, int]]:
    """The files the page has room for: a number, the file, and how many findings come before."""
    done = 0
    for number, sheet in enumerate(sheets):
        if sheet.entry.findings and done < LISTED:
            yield number, sheet, done
        done += len(sheet.entry.findings)


def findings(sheets: Sequence[Sheet], total: int) -> Iterator[str]:
    """The section of the page."""
    yield "<section>\n<h2>Findings</h2>\n"
    if total > EXCERPTS:
        listed = f", and only the first {LISTED:,} are listed" if total > LISTED else ""
        yield (
            f'<p class="small">The code is shown for the first {EXCERPTS:,} of {total:,} '
            f"findings{listed}; the counts above include all of them.</p>\n"
        )
    unfolded = " open" if total <= _OPEN else ""
    for number, sheet, done in _listed(sheets):
        entry = sheet.entry
        yield (
            f'<details class="file"{unfolded}><summary><h3 class="path">{name(entry.path)}</h3> '
            f'<span class="number">{len(entry.findings)}</span></summary>\n<ol id="f{number}">\n'
        )
        for at, finding in enumerate(entry.findings[: LISTED - done], done):
            yield _finding(sheet, finding, at < EXCERPTS)
        yield "</ol></details>\n"
    yield "</section>\n"


def _finding(sheet: Sheet, finding: Finding, with_code: bool) -> str:
    place = sheet.link_to(finding.start)
    code = excerpt(sheet.entry.lines, finding.start, finding.end) if with_code else ""
    rule = anchor(f"#{finding.code}", text(finding.code), f' title="{text(finding.name)}"')
    return (
        f"<li>{anchor(place.link, place.label)}<div><p>{rule} {prose(finding.message)}</p>"
        f"{code}{_help(finding, sheet.entry.proved.get((finding.start, 0), 0))}</div></li>\n"
    )


def _help(finding: Finding, tests: int) -> str:
    what = kind(finding)
    fix = finding.fix
    said = [_sentence(fix.message)] if fix else []
    if fix and what == "unsafe" and fix.reason:
        said.append(f"Not proved: {_sentence(fix.reason)}")
    if tests:
        said.append(f"Equal in {plural(tests, 'test')} of the project.")
    said += [_sentence(words[:1].upper() + words[1:]) for words in assumptions(fix)] if fix else []
    if finding.remedy:
        said.append(_sentence(finding.remedy))
    said += [f"<i>Or:</i> {_sentence(other.message)}" for other in finding.alternatives]
    return f'<p class="do {what}"><b>{dict(KINDS)[what]}</b> {" ".join(said)}</p>'


def _sentence(words: str) -> str:
    return prose(words if words.endswith((".", ":")) else f"{words}.")
