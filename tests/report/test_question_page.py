"""The page of a question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.test_html import SAFE, UNSAFE, finding, read, sheet
from sentry_migrate.doubts import DOUBTS, Doubt
from sentry_migrate.report.question_page import page

CODE = "old()\nold()\n"
DOUBT = DOUBTS["other-threads"]
WAITS = replace(UNSAFE, doubts=(DOUBT.code,))
BOTH = replace(UNSAFE, doubts=("before-init", DOUBT.code))
ANSWER = "command:answer?%5B%22other-threads%22%5D"


def shown(*fixes: object, answer: str = ANSWER) -> str:
    found = [finding(at * 6, at * 6 + 3, fix) for at, fix in enumerate(fixes)]
    return page(DOUBT, [sheet("a.py", CODE, *found)], answer)


ROWS = {
    "one": ((WAITS,), "1 fix depends on one question.", 1),
    "two": ((WAITS, WAITS), "2 fixes depend on one question.", 2),
    "with another": ((BOTH,), "1 fix depends on this question and others.", 1),
    "proved beside": ((WAITS, SAFE), "1 fix depends on one question.", 1),
    "only proved": ((replace(SAFE, doubts=(DOUBT.code,)),), "No fix depends on this question.", 0),
    "another question": ((replace(UNSAFE, doubts=("before-init",)),), "No fix depends", 0),
    "no fix": ((None,), "No fix depends", 0),
    "nothing": ((), "No fix depends", 0),
}


@pytest.mark.parametrize(("fixes", "lead", "places"), ROWS.values(), ids=ROWS)
def test_what_waits(fixes: tuple[object, ...], lead: str, places: int) -> None:
    html = shown(*fixes)
    assert lead in read(html).text
    assert html.count("<mark>") == places
    assert (ANSWER in html) == bool(places)


def test_without_a_way_to_answer() -> None:
    assert "for the whole project" not in shown(WAITS, answer="")


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
def test_says_all_that_is_known(doubt: Doubt) -> None:
    text = read(page(doubt, [])).one("body").text
    for words in (doubt.question, doubt.find_out, doubt.sent_by_1, doubt.sent_by_2):
        assert words.replace("`", "") in text
