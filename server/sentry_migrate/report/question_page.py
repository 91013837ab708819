"""The page of one question: what it is, how to find out, and what a wrong answer costs.

Owns what the page says and in which order; `html.py` has its frame, `listing.py` the places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sentry_migrate.doubts import Doubt
from sentry_migrate.model import Applicability, Finding
from sentry_migrate.report import html, listing
from sentry_migrate.report.listing import Sheet
from sentry_migrate.report.markup import anchor, prose, text
from sentry_migrate.report.questions import questions, waiting

_NO = (
    "If the answer is no, or differs from place to place, leave the question open: apply the fixes "
    "that are right where they are, and change the rest by hand."
)


def page(doubt: Doubt, sheets: Iterable[Sheet], answer: str = "") -> str:
    """The page, ending in a newline. `answer` is a link that answers the question with yes."""
    ordered = sorted(sheets, key=lambda sheet: sheet.entry.path)
    asked = [one for sheet in ordered if (one := _asked(sheet, doubt)).entry.findings]
    return "".join(html.document(doubt.question, doubt.code, _body(doubt, asked, answer)))


def _asked(sheet: Sheet, doubt: Doubt) -> Sheet:
    """The file with the findings alone that wait for the answer."""
    found = tuple(one for one in sheet.entry.findings if _waits(one, doubt))
    return replace(sheet, entry=replace(sheet.entry, findings=found))


def _waits(finding: Finding, doubt: Doubt) -> bool:
    fix = finding.fix
    return (
        fix is not None and fix.applicability is Applicability.UNSAFE and doubt.code in fix.doubts
    )


def _body(doubt: Doubt, sheets: list[Sheet], answer: str) -> Iterator[str]:
    findings = [one for sheet in sheets for one in sheet.entry.findings]
    number = next((waiting(one) for one in questions(findings) if one.doubt is doubt), "")
    lead = f"{number[:1].upper()}{number[1:]}." if number else "No fix depends on this question."
    yield f'<p class="lead">{text(lead)}</p>\n'
    if number:
        yes = anchor(answer, "Yes, for the whole project", ' class="answer"')
        written = f'writes <code>assume = ["{text(doubt.code)}"]</code> into pyproject.toml'
        yield f"<p>{yes} {written}.</p>\n<p>{text(_NO)}</p>\n" if answer else ""
    yield f"<section>\n<h2>How to find out</h2>\n<p>{prose(doubt.find_out)}</p>\n</section>\n"
    yield (
        "<section>\n<h2>What changes if yes is the wrong answer</h2>\n"
        '<div class="wide"><table>\n<thead><tr><th scope="col">1.x</th>'
        '<th scope="col">2.x, after the fix</th></tr></thead>\n<tbody>'
        f"<tr><td>{prose(doubt.sent_by_1)}</td><td>{prose(doubt.sent_by_2)}</td></tr>"
        "</tbody></table></div>\n</section>\n"
    )
    if findings:
        yield from listing.findings(sheets, len(findings))
