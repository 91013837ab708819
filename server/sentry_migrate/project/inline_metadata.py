"""What a script says in a comment of itself that it needs (PEP 723): `# /// script`.

Owns finding that comment. Refuses to know what is in it: it is TOML, as in `pyproject.toml`.
"""

from __future__ import annotations

import re

_BEGIN = re.compile(r"^\ufeff?# /// script[ \t]*\r?\n", re.MULTILINE)
_LINES = re.compile(r"(?:#(?: [^\r\n]*)?(?:\r?\n|\Z))*")
_END = re.compile(r"^# ///[ \t]*\r?$", re.MULTILINE)
_MARK = re.compile(r"^# ?", re.MULTILINE)


def metadata(text: str) -> str:
    """The TOML of a script's comment, at the places that it has in the text, with spaces instead of
    all else; empty where there is none, or more than one."""
    found: list[tuple[int, int]] = []
    seen = 0
    for begin in _BEGIN.finditer(text) if "# /// script" in text else ():
        if begin.start() < seen or (lines := _LINES.match(text, begin.end())) is None:
            continue
        seen = lines.end()
        ends = [end.start() for end in _END.finditer(text, *lines.span())]
        found += [(begin.end(), ends[-1])] if ends else []
    if len(found) != 1:
        return ""
    start, end = found[0]
    return " " * start + _MARK.sub(lambda match: " " * len(match[0]), text[start:end])
