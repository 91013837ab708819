"""Requirements in lists of YAML that pip is given: by pre-commit beside a hook, or by conda.

Owns finding the lists by their key, in brackets or in lines. Refuses to know what is wrong with a
specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sentry_migrate.project.requirement_lines import QUOTED, Requirement, in_string, requirement

_KEY = r"(?<![\w#-]){}[ \t]*:[ \t]*(?:#[^\r\n]*)?"
_BEGIN = re.compile(r"\s*\[")
_FLOW = re.compile(
    r"""\s*(?:\#[^\r\n]*|"[^"\r\n]*"|'[^'\r\n]*'|[^\s"'#,\[\]{}][^\r\n,\[\]{}]*|,)"""
)
_BLOCK = re.compile(r"\r?\n[ ]*(?:-[ ]+(?P<item>(?![ #])[^\r\n]*)|(?=\r?\n)|#[^\r\n]*)")
_COMMENT = re.compile(r"[ \t]+#.*|[ \t]+$")


def listed(text: str, key: str, *, block: bool = True) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk in the lists of a key; `block` tells whether lists in lines
    count too."""
    for found in re.finditer(_KEY.format(key), text):
        begin = _BEGIN.match(text, found.end())
        if begin is None and not block:
            continue
        at = begin.end() if begin else found.end()
        part = _FLOW if begin else _BLOCK
        while (item := part.match(text, at)) is not None:
            at = item.end()
            yield from _item(text, *item.span(0 if begin else "item"), flow=bool(begin))


def _item(text: str, start: int, end: int, *, flow: bool) -> Iterator[Requirement]:
    """An item of a list; in brackets, a comma needs quotes."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    string = QUOTED.match(text, start, end)
    if string is not None:
        found = in_string(string)
    else:
        found = requirement(_COMMENT.sub("", text[start:end]), start)
        found = replace(found, style="shell") if found and flow else found
    if found is not None:
        yield found
