"""Where a finding is, in words and as a link made from a template.

Owns the template's language. Refuses to know which files there are; what follows a link decides
on the template: a browser, a code host, an editor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from sentry_migrate.text.lines import LineIndex

NAMES = ("path", "uri", "line", "column", "arguments")
RELATIVE = "{path}#L{line}"
"""Links that lead somewhere from a file beside the code, and to the line on a code host."""

_NAME = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class SourceLink:
    """One place in a file."""

    label: str
    """`12:5`"""
    link: str = ""
    """Empty where nothing can be opened."""


LinkTo: TypeAlias = Callable[[int], SourceLink]
"""From an offset in a file's text to its place."""


def check(template: str) -> None:
    """Raises ValueError for a name that is never filled in."""
    for name in _NAME.findall(template):
        if name not in NAMES:
            known = ", ".join(f"{{{name}}}" for name in NAMES)
            raise ValueError(f"unknown placeholder {{{name}}}; expected one of {known}")


def link(template: str, path: str, uri: str, lines: LineIndex, offset: int) -> str:
    """The template with the place of `offset` filled in.

    `{path}` (percent-encoded) and `{uri}`, `{line}` and `{column}` from 1, the column in code
    points; `{arguments}` is a percent-encoded JSON array of URI, line and character as the
    Language Server Protocol counts them: from 0, in UTF-16. Nothing filled in can end a link.
    """
    line, column = lines.position(offset)
    character = lines.position(offset, "utf-16")[1]
    values = {
        "path": quote(path, errors="surrogateescape"),
        "uri": uri,
        "line": str(line + 1),
        "column": str(column + 1),
    }
    if "{arguments}" in template:
        arguments = json.dumps([uri, line, character], separators=(",", ":"))
        values["arguments"] = quote(arguments, safe="")
    return _NAME.sub(lambda match: values.get(match[1], match[0]), template)


def in_file(template: str, path: str, uri: str, lines: LineIndex) -> LinkTo:
    """The places of one file."""

    def place(offset: int) -> SourceLink:
        line, column = lines.position(offset)
        return SourceLink(f"{line + 1}:{column + 1}", link(template, path, uri, lines, offset))

    return place
