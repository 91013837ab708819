"""Emacs with Eglot, the first that was in a Debian and the one that counts columns in UTF-32, and with
lsp-mode."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case, Ended
from editors.snippets import snippet

CLIENTS = {
    # client → release, marker of its blocks in editors.md, driver, how columns are counted
    "eglot-28": ("bookworm", "emacs", "eglot.el", "utf-16"),
    "eglot-30": ("trixie", "emacs", "eglot.el", "utf-32"),
    "lsp-mode": ("bookworm", "lsp-mode", "lsp_mode.el", "utf-16"),
}
ENDS: tuple[list[int], ...] = ([], [0])
"""Exit codes. Eglot says `exit` and kills the server: 1.9 at once, later ones after 0.1 seconds."""
DRIVER = "/mnt/project/tests/editors/emacs.el"
LINE_ENDS = [
    *((client, line_end) for client in ("eglot-28", "eglot-30") for line_end in our.LINE_ENDS),
    ("lsp-mode", "dos"),
]


def as_far_as(client: str, text: Any) -> Any:
    """lsp-mode 8.0 takes columns for characters, where the protocol has two for an emoji: what stands
    behind one is not changed with it (and is marked a character off, see editors.md)."""
    if client != "lsp-mode":
        return text
    return json.loads(json.dumps(text, ensure_ascii=False).replace("\N{GRINNING FACE}", "e"))


def run(case: Case, client: str, kinds: tuple[str, ...], rows: tuple[our.Row, ...]) -> Ended:
    """Drive Emacs with the blocks for this client, the first and those of some `kinds`."""
    release, marker, driver, _ = CLIENTS[client]
    blocks = (marker, *(f"{marker} {kind}" for kind in kinds))
    case.configure(".emacs.d/init.el", "\n".join(map(snippet, blocks)))
    emacs = f"emacs -nw --load /mnt/project/tests/editors/{driver} {our.NAME} --load {DRIVER}"
    terminal = (
        f"exec script --quiet --flush --return --command '{emacs}' /mnt/case/screen >/dev/null"
    )
    return case.run(release, ("sh", "-c", terminal), our.steps(rows))


@pytest.mark.parametrize(("client", "line_end"), LINE_ENDS)
def test_a_conversation(case: Case, shapes: Shapes, client: str, line_end: str) -> None:
    case.write(our.NAME, our.encoded(as_far_as(client, our.BEFORE), our.LINE_ENDS[line_end]))
    ended = run(case, client, ("fix all",), our.CONVERSATION)
    assert ended.observed == as_far_as(client, our.seen(our.CONVERSATION))
    assert case.saved(our.SAVED) == our.encoded(
        as_far_as(client, our.TYPED), our.LINE_ENDS[line_end]
    )
    assert our.announced(ended)["positionEncoding"] == CLIENTS[client][-1]
    assert ended.exits in ENDS
    assert our.wrong(ended, shapes) == []


@pytest.mark.parametrize("client", CLIENTS)
def test_fix_on_save(case: Case, shapes: Shapes, client: str) -> None:
    case.write(our.NAME, our.encoded(as_far_as(client, our.BEFORE), "\r\n"))
    ended = run(case, client, ("fix all", "fix on save"), our.ON_SAVE)
    assert ended.observed == as_far_as(client, our.seen(our.ON_SAVE))
    assert case.saved(our.SAVED_FIXED) == our.encoded(as_far_as(client, our.ALL_FIXED), "\r\n")
    assert our.wrong(ended, shapes) == []


@pytest.mark.parametrize("client", CLIENTS)
def test_settings(case: Case, client: str) -> None:
    case.write(our.NAME, our.encoded(as_far_as(client, our.BEFORE), "\n"))
    ended = run(case, client, ("settings",), our.STRICTER)
    assert ended.observed == our.seen(our.STRICTER)


@pytest.mark.parametrize("client", CLIENTS)
def test_nothing_is_asked_that_it_cannot_do(case: Case, client: str) -> None:
    case.write(our.NAME, our.encoded(as_far_as(client, our.BEFORE), "\n"))
    ended = run(case, client, (), our.CONVERSATION[:1])
    assert our.refusals(ended) == []
