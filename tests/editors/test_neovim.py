"""Neovim: one that is pushed to and counts in UTF-16, one that pulls, and one that counts bytes."""

from __future__ import annotations

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case, Ended
from editors.snippets import snippet

VERSIONS = {
    # version → release, snippets of editors.md, how columns are counted, whether it pulls
    "0.7": ("bookworm", ("neovim 0.7",), "utf-16", False),
    "0.10": ("trixie", ("neovim 0.8",), "utf-16", True),
    "0.12": ("forky", ("neovim 0.11",), "utf-8", True),
}
DRIVER = "luafile /mnt/project/tests/editors/neovim.lua"


def run(case: Case, release: str, snippets: tuple[str, ...], rows: tuple[our.Row, ...]) -> Ended:
    case.configure(".config/nvim/init.lua", "\n".join(map(snippet, snippets)))
    return case.run(release, ("nvim", "--headless", our.NAME, "-c", DRIVER), our.steps(rows))


@pytest.mark.parametrize("line_end", our.LINE_ENDS.values(), ids=our.LINE_ENDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_conversation(case: Case, shapes: Shapes, version: str, line_end: str) -> None:
    release, snippets, encoding, pulls = VERSIONS[version]
    case.write(our.NAME, our.encoded(our.BEFORE, line_end))
    ended = run(case, release, snippets, our.CONVERSATION)
    assert ended.observed == our.seen(our.CONVERSATION)
    assert case.saved(our.SAVED) == our.encoded(our.TYPED, line_end)
    assert our.said(ended, "initialize")["clientInfo"]["version"].startswith(version)
    assert our.announced(ended)["positionEncoding"] == encoding
    assert ("diagnosticProvider" in our.announced(ended)) is pulls
    assert ended.exits == [0]
    assert our.refusals(ended) == []
    assert our.wrong(ended, shapes) == []


def test_fix_on_save(case: Case, shapes: Shapes) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\r\n"))
    ended = run(case, "forky", ("neovim 0.11", "neovim fix on save"), our.ON_SAVE)
    assert ended.observed == our.seen(our.ON_SAVE)
    assert case.saved(our.SAVED_FIXED) == our.encoded(our.ALL_FIXED, "\r\n")
    assert our.wrong(ended, shapes) == []


def test_nothing_is_fixed_on_save_unless_asked_for(case: Case) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\n"))
    rows: tuple[our.Row, ...] = (our.ON_SAVE[0], (("save",), our.BEFORE))
    assert run(case, "forky", ("neovim 0.11",), rows).observed == our.seen(rows)
    assert case.saved(1) == our.encoded(our.BEFORE, "\n")


def test_settings(case: Case) -> None:
    case.write(our.NAME, our.encoded(our.BEFORE, "\n"))
    ended = run(case, "forky", ("neovim 0.11", "neovim settings"), our.STRICTER)
    assert ended.observed == our.seen(our.STRICTER)


def test_another_language_is_left_alone(case: Case) -> None:
    case.write("shop.txt", our.BEFORE.encode())
    case.configure(".config/nvim/init.lua", snippet("neovim 0.11"))
    ended = case.run("forky", ("nvim", "--headless", "shop.txt", "-c", DRIVER), [("shown", 0)])
    assert (ended.observed, ended.trace) == ([[]], [])
