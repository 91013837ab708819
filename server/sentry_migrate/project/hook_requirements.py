"""Requirements that pre-commit installs beside a hook, in its configuration.

Owns finding their lists in YAML, of either form. A list of another form has none. Refuses to know
what is wrong with a specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sentry_migrate.project.requirement_lines import QUOTED, Requirement, in_string, requirement

_LIST = re.compile(r"(?<![\w#-])additional_dependencies[ \t]*:[ \t]*(?:#[^\r\n]*)?")
_BEGIN = re.compile(r"\s*\[")
_FLOW = re.compile(
    r"""\s*(?:\#[^\r\n]*|"[^"\r\n]*"|'[^'\r\n]*'|[^\s"'#,\[\]{}][^\r\n,\[\]{}]*|,)"""
)
_BLOCK = re.compile(r"\r?\n[ ]*(?:-[ ]+(?P<item>(?![ #])[^\r\n]*)|(?=\r?\n)|#[^\r\n]*)")
_COMMENT = re.compile(r"[ \t]+#.*|[ \t]+$")


def hook_requirements(text: str) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk in lists of `additional_dependencies`."""
    for key in _LIST.finditer(text):
        begin = _BEGIN.match(text, key.end())
        at = begin.end() if begin else key.end()
        part = _FLOW if begin else _BLOCK
        while (found := part.match(text, at)) is not None:
            at = found.end()
            yield from _item(text, *found.span(0 if begin else "item"), flow=bool(begin))


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
