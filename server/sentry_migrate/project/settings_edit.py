"""Adding one word to a list of settings in the text of a pyproject.toml: the answer to a doubt, or
a rule to ignore.

Owns the one edit that does it. Everything else stays byte for byte: the edit is a guess by the
form of the text, and is only taken if the parsed file then differs in nothing but that word.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sentry_migrate.project import toml
from sentry_migrate.project.config import FILE, TABLE, ConfigError, nearest_table
from sentry_migrate.text.edits import Edit, apply


def file_for(directory: Path, root: Path | None) -> Path | None:
    """The file that gets the word: the one whose table holds for a directory, else the nearest one
    in it or above it, up to `root`. None if there is none, or it cannot be read."""
    try:
        nearest = nearest_table(directory)
    except ConfigError:
        return None
    if nearest is not None:
        return nearest[0] / FILE
    for here in (directory, *directory.parents):
        if root is None or not here.is_relative_to(root):
            return None
        if (here / FILE).is_file():
            return here / FILE
    return None


_LIST = r"(?<![\w-]){key}[\"']?[ \t]*=[ \t]*\[(?P<blank>[ \t]*(?:\r?\n[ \t]*)?)"
_HEADER = re.compile(
    rf"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?{TABLE}[\"']?[ \t]*\][^\r\n]*(?P<end>\r?\n|\Z)",
    re.MULTILINE,
)


def adding(text: str, key: str, code: str) -> Edit | None:
    """The edit that adds a code to the list `key`; None if it is there, or if no edit is certain to
    do only that."""
    try:
        before = toml.parse(text)
    except ValueError:
        return None
    for edit in _candidates(text, key, code):
        if _adds_only(before, apply(text, [edit]), key, code):
            return edit
    return None


def holds(text: str, key: str, code: str) -> bool:
    """Whether a code is in the list `key`."""
    try:
        return code in (toml.at(toml.parse(text), "tool", TABLE, key) or ())
    except (ValueError, TypeError):
        return False


def _candidates(text: str, key: str, code: str) -> Iterator[Edit]:
    newline = "\r\n" if "\r\n" in text else "\n"
    for found in re.finditer(_LIST.format(key=key), text):
        at, blank = found.end(), found["blank"]
        empty = text.startswith("]", at)
        yield Edit(at, at, f'"{code}"' if empty else f'"{code}",{blank or " "}')
    for found in _HEADER.finditer(text):
        head = "" if found["end"] else newline
        yield Edit(found.end(), found.end(), f'{head}{key} = ["{code}"]{newline}')
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    added = f'{gap}[tool.{TABLE}]{newline}{key} = ["{code}"]{newline}'
    yield Edit(len(text), len(text), added)


def _adds_only(before: dict[str, Any], after: str, key: str, code: str) -> bool:
    """Whether a text says what it said before, and `code` in the list `key`."""
    try:
        wanted = copy.deepcopy(before)
        table = wanted.setdefault("tool", {}).setdefault(TABLE, {})
        codes = table.setdefault(key, [])
        known = code in codes
        codes.insert(0, code)
        return not known and bool(toml.parse(after) == wanted)
    except (ValueError, AttributeError):
        return False
