"""Helix: diagnostics and quick fixes from the server, "fix all" from the command line."""

from __future__ import annotations

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case, Ended
from editors.snippets import snippet

# Helix shows the beginning of a long title.
WIDTH = 118
MENU = [title[:WIDTH] for title in our.MENU]
SEEN = [[MENU, what[1]] if done[0] == "quick_fix" else what for done, what in our.CONVERSATION]

DRIVER = ("python3", "/mnt/project/tests/editors/helix.py", our.NAME)


def run(case: Case, snippets: tuple[str, ...], rows: tuple[our.Row, ...]) -> Ended:
    case.configure(".config/helix/languages.toml", "".join(map(snippet, snippets)))
    return case.run("trixie", DRIVER, our.steps(rows))


@pytest.mark.parametrize("line_end", our.LINE_ENDS.values(), ids=our.LINE_ENDS)
def test_a_conversation(case: Case, shapes: Shapes, line_end: str) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, line_end))
    ended = run(case, ("helix",), our.CONVERSATION)
    assert ended.observed == SEEN
    assert case.saved(our.SAVED) == our.encoded(our.TYPED, line_end)
    assert our.said(ended, "initialize")["clientInfo"]["name"] == "helix"
    assert our.announced(ended)["positionEncoding"] == "utf-8"
    assert our.refusals(ended) == []
    assert our.wrong(ended, shapes) == []


def test_fix_on_save(case: Case) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\r\n"))
    ended = run(case, ("helix", "helix fix on save"), our.ON_SAVE)
    assert ended.observed == our.seen(our.ON_SAVE)
    assert case.saved(our.SAVED_FIXED) == our.encoded(our.ALL_FIXED, "\r\n")


def test_settings(case: Case) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\n"))
    ended = run(case, ("helix", "helix settings"), our.STRICTER)
    assert ended.observed == our.seen(our.STRICTER)
