"""Emacs with Eglot: the first that was in a Debian, and the one that counts columns in UTF-32."""

from __future__ import annotations

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case, Ended
from editors.snippets import snippet

VERSIONS = {
    # version → release, how columns are counted
    "28": ("bookworm", "utf-16"),
    "30": ("trixie", "utf-32"),
}
ENDS: tuple[list[int], ...] = ([], [0])
"""Exit codes. Eglot says `exit` and kills the server: 1.9 at once, later ones after 0.1 seconds."""
EMACS = f"emacs -nw {our.NAME} --load /mnt/project/tests/editors/emacs.el"
IN_A_TERMINAL = (
    f"exec script --quiet --flush --return --command '{EMACS}' /mnt/case/screen >/dev/null"
)


def run(case: Case, release: str, snippets: tuple[str, ...], rows: tuple[our.Row, ...]) -> Ended:
    case.configure(".emacs.d/init.el", "\n".join(map(snippet, snippets)))
    return case.run(release, ("sh", "-c", IN_A_TERMINAL), our.steps(rows))


@pytest.mark.parametrize("line_end", our.LINE_ENDS.values(), ids=our.LINE_ENDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_conversation(case: Case, shapes: Shapes, version: str, line_end: str) -> None:
    release, encoding = VERSIONS[version]
    case.write(our.NAME, our.encoded(our.BEFORE, line_end))
    ended = run(case, release, ("emacs", "emacs fix all"), our.CONVERSATION)
    assert ended.observed == our.seen(our.CONVERSATION)
    assert case.saved(our.SAVED) == our.encoded(our.TYPED, line_end)
    assert our.announced(ended)["positionEncoding"] == encoding
    assert ended.exits in ENDS
    assert our.wrong(ended, shapes) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_fix_on_save(case: Case, shapes: Shapes, version: str) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\r\n"))
    snippets = ("emacs", "emacs fix all", "emacs fix on save")
    ended = run(case, VERSIONS[version][0], snippets, our.ON_SAVE)
    assert ended.observed == our.seen(our.ON_SAVE)
    assert case.saved(our.SAVED_FIXED) == our.encoded(our.ALL_FIXED, "\r\n")
    assert our.wrong(ended, shapes) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_settings(case: Case, version: str) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\n"))
    ended = run(case, VERSIONS[version][0], ("emacs", "emacs settings"), our.STRICTER)
    assert ended.observed == our.seen(our.STRICTER)


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_asked_that_eglot_cannot_do(case: Case, version: str) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\n"))
    ended = run(case, VERSIONS[version][0], ("emacs",), our.CONVERSATION[:1])
    assert our.refusals(ended) == []
