"""What a script says in a comment of itself that it needs (PEP 723): `# /// script`.

Owns finding that comment. Refuses to know what is in it: it is TOML, as in `pyproject.toml`.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(
    r"^\ufeff?# /// script[ \t]*\r?\n(?P<content>(?:#(?:| [^\r\n]*)\r?\n)+?)# ///[ \t]*(?=\r?\n|\Z)"
    r"(?!(?:\r?\n#(?:| [^\r\n]*))*\r?\n# ///[ \t]*(?:\r?\n|\Z))",
    re.MULTILINE,
)
_MARK = re.compile(r"^# ?", re.MULTILINE)


def metadata(text: str) -> str:
    """The TOML of a script's comment, at the places that it has in the text, with spaces instead of
    all else; empty where there is none, or more than one."""
    blocks = list(_BLOCK.finditer(text)) if "# /// script" in text else []
    if len(blocks) != 1:
        return ""
    content = _MARK.sub(lambda match: " " * len(match[0]), blocks[0]["content"])
    return " " * blocks[0].start("content") + content
