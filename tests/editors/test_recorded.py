"""What tests/lsp takes for Neovim and Emacs is what they announce."""

from __future__ import annotations

import json

import pytest

from editors import conversation as our
from editors import test_emacs, test_neovim
from editors.install import PROJECT
from editors.session import Case

RECORDED = PROJECT / "tests" / "lsp" / "recorded"
FIRST = our.CONVERSATION[:1]
EDITORS = {
    "neovim": lambda case: test_neovim.run(case, "forky", ("neovim 0.11",), FIRST),
    "emacs": lambda case: test_emacs.run(case, "eglot-30", (), FIRST),
}


@pytest.mark.parametrize("editor", EDITORS)
def test_what_is_announced(case: Case, editor: str, request: pytest.FixtureRequest) -> None:
    case.write(our.NAME, our.BEFORE.encode())
    params = our.said(EDITORS[editor](case), "initialize")
    announced = {name: params[name] for name in ("clientInfo", "capabilities")}
    path = RECORDED / f"{editor}.json"
    if request.config.getoption("--record"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(announced, indent=2, sort_keys=True) + "\n")
    recorded = json.loads(path.read_text())
    if announced["clientInfo"] != recorded["clientInfo"]:
        pytest.skip(f"recorded from {recorded['clientInfo']}: use --record to renew it")
    assert announced == recorded
