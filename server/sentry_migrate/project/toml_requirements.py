"""Where TOML files say which sentry-sdk, and which Python, a project wants.

The library that parses TOML knows no places: what it finds in the tables that count is looked for
in the text. A file that cannot be parsed has nothing. Refuses to know what is wrong with a
specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sentry_migrate.project import toml
from sentry_migrate.project.mentions import PACKAGE
from sentry_migrate.project.requirement_lines import (
    LISTS,
    QUOTED,
    Requirement,
    in_string,
    ini_requirements,
    lines,
    pinned,
    release,
    unescaped,
)
from sentry_migrate.project.specifiers import Style, allows_new_python, only_old_pythons

_KEY = r"^[ \t]*[\"']?{}[\"']?\s*=\s*"
_SDK_KEY = re.compile(
    r"(?:^|[.{,])[ \t]*[\"']?sentry[-_.]sdk[\"']?(?:\.version)?\s*=\s*",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"^[ \t]*\[[^\r\n]*\][ \t]*(?:#[^\r\n]*)?\r?$", re.MULTILINE)
_SDK_TABLE = re.compile(
    r"^[ \t]*\[[^\]\r\n]*\bsentry[-_.]sdk[\"']?\s*\].*(?:\n(?![ \t]*\[).*)*",
    re.IGNORECASE | re.MULTILINE,
)
_PYTHON_KEY = re.compile(
    _KEY.format(r"(?:requires-python|python|python_version|python_full_version)"), re.MULTILINE
)
_REFERENCES = ("tag", "rev", "ref", "url", "file", "path")
"""Keys of a table for one package that may name a release."""
_VERSION_KEY = re.compile(
    rf"\b(?P<key>version|{'|'.join(_REFERENCES)})\s*=\s*"
    r"(?P<quotes>[\"'])(?P<text>[^\"'\r\n]+)(?P=quotes)"
)
_TAG = re.compile(r"v?([01](?:\.\d+)+)")
_INLINE = re.compile(r"\{[^{}]*\}")
_TABLES = re.compile(r"dependenc|packages|^sources$", re.IGNORECASE)
_SPACE = re.compile(r"[\s,]*")


def sdk_requirements(text: str, keys: Style) -> Iterator[Requirement]:
    """The specifiers for sentry-sdk; `keys` is how tables from names to versions write them."""
    data = _toml(text)
    yield from _quoted(text, {*_toml_requirements(data)})
    yield from _keyed(text, {*_toml_constraints(data)}, keys)
    old = toml.at(data, "tool", "tox", "legacy_tox_ini")
    if isinstance(old, str) and (offset := text.find(old)) >= 0:
        for one in lines(old, {*ini_requirements(old)}):
            yield Requirement(
                one.start + offset,
                one.end + offset,
                one.specifier,
                one.style,
                one.remedy,
            )


_PYTHONS: tuple[tuple[Style, tuple[str, ...]], ...] = (
    ("pep508", ("project", "requires-python")),
    ("pep508", ("requires-python",)),
    ("poetry", ("tool", "poetry", "dependencies", "python")),
    ("conda", ("tool", "pixi", "dependencies", "python")),
    ("conda", ("dependencies", "python")),
    ("conda", ("requires", "python_version")),
    ("conda", ("requires", "python_full_version")),
)


def python_requirements(text: str) -> Iterator[Requirement]:
    """The specifiers for Python itself: of the project, Poetry and Pipenv."""
    data = _toml(text)
    said = {
        value: style for style, keys in _PYTHONS if isinstance(value := toml.at(data, *keys), str)
    }
    for key in _PYTHON_KEY.finditer(text):
        value = QUOTED.match(text, key.end())
        if value is not None and value["text"] in said:
            yield Requirement(*value.span("text"), value["text"], said[value["text"]])


def _toml(text: str) -> Any:
    try:
        return toml.parse(text)
    except ValueError:
        return {}


def _walk(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value that is not a table, and the keys above it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key), value
            yield from _walk(value, (*path, key))
    elif isinstance(data, list):
        for value in data:
            if isinstance(value, dict):
                yield from _walk(value, path)


def _toml_requirements(data: Any) -> Iterator[str]:
    """The strings in lists of requirements, whichever tool's they are."""
    for path, value in _walk(data):
        for one in value if isinstance(value, list) and path[-1].startswith("commands") else ():
            if isinstance(one, list) and "pip" in one and "install" in one:
                yield from _packages(one)
        if isinstance(value, list) and any(LISTS.search(key) for key in path):
            yield from _packages(value)


def _packages(items: list[Any]) -> Iterator[str]:
    return (item for item in items if isinstance(item, str) and PACKAGE.match(item))


def _toml_constraints(data: Any) -> Iterator[str]:
    """The versions in tables from names to versions, without those for old Pythons."""
    for path, value in _walk(data):
        if PACKAGE.fullmatch(path[-1]) and any(_TABLES.search(key) for key in path[:-1]):
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, str):
                    yield entry
                elif not _old(entry):
                    said = (toml.at(entry, key) for key in ("version", *_REFERENCES))
                    yield from (one for one in said if isinstance(one, str))


def _old(entry: Any) -> bool:
    """Whether a table with a version is for Pythons that 2.x does not run on."""
    python, marker = toml.at(entry, "python"), toml.at(entry, "markers")
    return (isinstance(python, str) and not allows_new_python(python)) or (
        isinstance(marker, str) and only_old_pythons(marker)
    )


def _quoted(text: str, declared: set[str]) -> Iterator[Requirement]:
    for string in QUOTED.finditer(text) if declared else ():
        if unescaped(string["text"]) in declared and (found := in_string(string)):
            yield found


def _keyed(text: str, declared: set[str], style: Style) -> Iterator[Requirement]:
    """The versions that are the value of the key `sentry-sdk`, or in the tables that are."""
    if not declared:
        return
    for key in _SDK_KEY.finditer(text):
        value = QUOTED.match(text, key.end())
        found = [value] if value else _in_tables(text, key.end())
        yield from _declared(found, declared, _style(text, key.start(), style))
    for table in _SDK_TABLE.finditer(text):
        versions = _VERSION_KEY.finditer(text, *table.span())
        yield from _declared(versions, declared, _style(text, table.start(), style))


def _style(text: str, start: int, style: Style) -> Style:
    """How the table at an offset, or that a key there is in, writes versions: pixi's are conda's,
    or PyPI's."""
    headers = list(_HEADER.finditer(text, 0, text.find("\n", start) + 1 or len(text)))
    header = headers[-1][0] if headers else ""
    above = header + text[text.rfind("\n", 0, start) + 1 : start]
    if style == "conda" or re.search(r"\btool[\"']?\s*\.\s*[\"']?pixi\b", above):
        return "pep508" if "pypi-" in above else "conda"
    return style


def _in_tables(text: str, start: int) -> Iterator[re.Match[str]]:
    """The versions in the inline table at `start`, or in the list of them."""
    listed = text.startswith("[", start)
    at = _SPACE.match(text, start + listed).end()  # type: ignore[union-attr]
    while (table := _INLINE.match(text, at)) is not None:
        inside = toml.at(_toml(f"x = {table[0]}"), "x")
        if not _old(inside):
            yield from _VERSION_KEY.finditer(text, *table.span())
        if not listed:
            return
        at = _SPACE.match(text, table.end()).end()  # type: ignore[union-attr]


def _declared(
    found: Iterable[re.Match[str]], declared: set[str], style: Style
) -> Iterator[Requirement]:
    for match in found:
        key, said = match.groupdict().get("key") or "version", match["text"]
        if said not in declared:
            continue
        if key == "version":
            yield Requirement(*match.span("text"), said, style)
        elif key in ("url", "file", "path"):
            named = release(said, match.start("text"))
            yield from [named] if named else []
        elif tag := _TAG.fullmatch(said):
            yield pinned(tag[1], match.end("text") - len(tag[1]))
