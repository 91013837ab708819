"""Vim with ALE: diagnostics and quick fixes from the server, "fix all" from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case, Ended
from editors.snippets import snippet

VIM = f"vim -n -S /mnt/project/tests/editors/ale.vim {our.NAME}"
IN_A_TERMINAL = (
    f"exec script --quiet --flush --return --command '{VIM}' /mnt/case/screen >/dev/null"
)


# ALE 3.3 takes columns for bytes, whatever the server says: behind a character outside of ASCII it
# marks other words than meant. Its quick fixes are right where its edits begin before any such.
SHIFTED = [*our.CAPTURE[:1], "); sentry_sdk.Hub.current.capture_mess", *our.CAPTURE[2:]]


# Nor does it make edits that a server asks for.
MENU = [title for title in our.MENU if not title.endswith("in the workspace")]


def marked(rows: tuple[our.Row, ...]) -> list[object]:
    """What is seen, with ALE's own idea of columns."""
    seen: dict[str, Callable[[Any], object]] = {
        "shown": lambda what: [SHIFTED if one == our.CAPTURE else one for one in what],
        "quick_fix": lambda what: [MENU, *what[1:]],
    }
    return [seen.get(done[0], lambda what: what)(what) for done, what in rows]


def run(case: Case, snippets: tuple[str, ...], rows: tuple[our.Row, ...]) -> Ended:
    case.configure(".vimrc", "\n".join(map(snippet, snippets)))
    return case.run("bookworm", ("sh", "-c", IN_A_TERMINAL), our.steps(rows))


@pytest.mark.parametrize("line_end", our.LINE_ENDS.values(), ids=our.LINE_ENDS)
def test_a_conversation(case: Case, shapes: Shapes, line_end: str) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, line_end))
    ended = run(case, ("ale", "ale fix all"), our.CONVERSATION)
    assert ended.observed == marked(our.CONVERSATION)
    assert case.saved(our.SAVED) == our.encoded(our.TYPED, line_end)
    assert our.announced(ended)["positionEncoding"] == "utf-16"
    assert our.refusals(ended) == []
    assert our.wrong(ended, shapes) == []


def test_fix_on_save(case: Case) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\r\n"))
    ended = run(case, ("ale", "ale fix all", "ale fix on save"), our.ON_SAVE)
    assert ended.observed == marked(our.ON_SAVE)
    assert case.saved(our.SAVED_FIXED) == our.encoded(our.ALL_FIXED, "\r\n")
