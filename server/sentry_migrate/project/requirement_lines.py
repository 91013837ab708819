"""Requirements that stand in lines of their own: requirement files and INI files.

Owns their form, and the place of each version specifier in the text. An INI file that cannot be
parsed has none. Refuses to know what is wrong with a specifier.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentry_migrate.project.specifiers import Style, only_old_pythons
from sentry_migrate.text.spans import SpanSet


@dataclass(frozen=True, slots=True)
class Requirement:
    """A version specifier, at a span in code points."""

    start: int
    end: int
    specifier: str
    style: Style


_NAME = r"sentry[-_.]sdk(?:\s*\[[^\]\r\n]*\])?"
CLAUSE = r"(?:~=|===?|!=|<=|>=|<|>)\s*[\w.*+!-]+"
REQUIREMENT = re.compile(
    rf"\s*{_NAME}\s*\(?\s*(?P<specifier>{CLAUSE}(?:\s*,\s*{CLAUSE})*)\s*\)?"
    r"[ \t]*(?:;(?P<marker>[^\r\n\\]*)|(?=$|#|--|\\|\r))",
    re.IGNORECASE,
)
"""A PEP 508 requirement on sentry-sdk, from its beginning."""


def for_new_pythons(requirement: re.Match[str]) -> bool:
    """Whether a match of `REQUIREMENT` counts on any Python that 2.x runs on."""
    marker = re.split(r"\s#", requirement["marker"] or "", maxsplit=1)[0]
    return not only_old_pythons(marker)


QUOTED = re.compile(
    r"""(?P<quotes>\"{3}|'{3}|["'])(?P<text>(?:\\(?P=quotes)|(?!(?P=quotes))[^\r\n])*)(?P=quotes)"""
)
"""A string in one line, which may hold the other kind of quotes."""


def in_string(string: re.Match[str]) -> Requirement | None:
    """The requirement that a match of `QUOTED` is, if any."""
    start = string.start("text")
    match = REQUIREMENT.fullmatch(unescaped(string["text"]))
    if match is None or "\\" in string["text"][: match.end("specifier")]:
        return None
    if not for_new_pythons(match):
        return None
    first, last = match.span("specifier")
    return Requirement(start + first, start + last, match["specifier"], "pep508")


def unescaped(text: str) -> str:
    """What a string with escaped quotes spells; other escapes are in no requirement."""
    return text.replace('\\"', '"').replace("\\'", "'")


def comments(text: str) -> SpanSet:
    """The comments of a text: what follows a `#`, even one in a string."""
    return SpanSet(match.span() for match in re.finditer(r"#[^\n]*", text))


LISTS = re.compile(r"requires|dependenc|\bdeps\b", re.IGNORECASE)
"""Keys of lists of requirements, whichever tool reads them."""


def lines(text: str, declared: set[str] | None) -> Iterator[Requirement]:
    """Requirements at the beginning of lines, or after the name of an INI option: all, or those
    that are `declared`."""
    for line in re.finditer(r"^.*$", text, re.MULTILINE):
        start = line.start()
        if declared is not None and (option := re.match(r"[\w-]+\s*=(?!=)", line[0])):
            start += option.end()
        match = REQUIREMENT.match(text, start, line.end())
        if match is None or not for_new_pythons(match):
            continue
        if declared is None or _bare(text[start : line.end()]) in declared:
            yield Requirement(*match.span("specifier"), match["specifier"], "pep508")


def _bare(line: str) -> str:
    """A line of an INI file without its comment."""
    return re.split(r"\s[#;]\s|^[#;]", line.strip(), maxsplit=1)[0].strip()


def ini_requirements(text: str) -> Iterator[str]:
    """setuptools' and tox's lists. A line that only some of tox's environments use is another
    line for them, and begins with their names."""
    parser = _ini(text)
    for section in parser.sections():
        for option, value in parser.items(section):
            extras = section == "options.extras_require" or section == "extras"
            if extras or LISTS.search(option):
                yield from filter(None, map(_bare, (value or "").splitlines()))


def _ini(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text.removeprefix("\ufeff"))
    except configparser.Error:
        return configparser.RawConfigParser()
    return parser


def ini_value(text: str, section: str, option: str) -> str:
    """What an option of an INI file is set to; empty where it is not."""
    return _ini(text).get(section, option, fallback="") or ""
