"""What editors say they can do, as they were recorded saying it.

The tests of the editors themselves (tests/editors, vscode-client/test/workbench) fail when an editor
of the recorded version says something else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def _recorded(name: str) -> dict[str, Any]:
    file = Path(__file__).with_name("recorded") / f"{name}.json"
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["capabilities"]
    return result


VSCODE = _recorded("vscode")
NEOVIM = _recorded("neovim")
EMACS = _recorded("emacs")
NOTHING: dict[str, Any] = {}

CLIENTS = {"vscode": VSCODE, "neovim": NEOVIM, "emacs": EMACS, "bare": NOTHING}
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def offering(capabilities: dict[str, Any], encoding: str) -> dict[str, Any]:
    """The same client, if it counted columns in `encoding`."""
    general = {**capabilities.get("general", {}), "positionEncodings": [encoding]}
    return {**capabilities, "general": general}


def without(capabilities: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    """The same client with one capability less."""
    less = {key: value for key, value in capabilities[section].items() if key != name}
    return {**capabilities, section: less}


PUSHED = without(VSCODE, "textDocument", "diagnostic")
"""VS Code, if it did not pull."""
