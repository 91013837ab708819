"""The blocks of server/docs/editors.md: what is documented is what the tests load."""

from __future__ import annotations

import re

from editors.install import PROJECT

DOCUMENT = PROJECT / "server" / "docs" / "editors.md"


def snippet(marker: str) -> str:
    """The fenced block after `<!-- marker -->`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- {re.escape(marker)} -->\n```\w*\n(.*?)^```$", text, re.M | re.S)
    assert len(found) == 1, f"{len(found)} blocks marked {marker!r} in {DOCUMENT.name}"
    return str(found[0])
