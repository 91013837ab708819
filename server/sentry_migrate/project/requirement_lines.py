"""Requirements that stand in lines of their own: requirement files and INI files.

Owns their form, and the place of each version specifier in the text. An INI file that cannot be
parsed has none. Refuses to know what is wrong with a specifier.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentry_migrate.project.specifiers import Style, judge, only_old_pythons
from sentry_migrate.text.spans import SpanSet


@dataclass(frozen=True, slots=True)
class Requirement:
    """A version specifier, at a span in code points."""

    start: int
    end: int
    specifier: str
    style: Style
    remedy: str = ""
    """What a person has to do, where there is more to it than another specifier."""


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
    found = requirement(unescaped(string["text"]), string.start("text"))
    escaped = found and "\\" in string.string[string.start() : found.end]
    return None if escaped else found


def requirement(text: str, at: int = 0) -> Requirement | None:
    """The requirement that a text is, which stands at an offset; None for every other text."""
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        return reference(text, at)
    start, end = match.span("specifier")
    one = Requirement(at + start, at + end, match["specifier"], "pep508")
    return one if for_new_pythons(match) else None


def unescaped(text: str) -> str:
    """What a string with escaped quotes spells; other escapes are in no requirement."""
    return text.replace('\\"', '"').replace("\\'", "'")


_ADDRESS = re.compile(
    rf"\s*(?:-e\s*|--editable[\s=]\s*)?(?P<name>{_NAME}\s*@\s*)?"
    r"(?P<url>[^\s;/]*/[^\s;]+)[ \t]*(?:;(?P<marker>.*)|#.*)?",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"[#&]egg=sentry[-_.]sdk\b(?!-)|/getsentry/sentry-python(?:\.git)?[@/]|/sentry[-_.]sdk-\d",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"@(?:refs/tags/)?v?(?P<tag>[01](?:\.\d+)+)(?=$|[#?&])"
    r"|(?:/v?|/sentry[-_.]sdk-)(?P<file>[01](?:\.\d+)+)(?=\.(?:tar|tgz|zip)\b|-(?:py|cp)\d)",
    re.IGNORECASE,
)
_RENAME = "Name a release of 2.x here instead."


def reference(text: str, at: int = 0) -> Requirement | None:
    """The 1.x release that the address of sentry-sdk in a text names, if any: `sentry-sdk @
    https://…/1.45.1.tar.gz`."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not (match["name"] or _OURS.search(match["url"])):
        return None
    return release(match["url"], at + match.start("url")) if for_new_pythons(match) else None


def release(address: str, at: int) -> Requirement | None:
    """The 1.x release that an address names, if any, in a text at an offset."""
    match = _RELEASE.search(address)
    return match and pinned(match[match.lastgroup or 0], at + match.start(match.lastgroup or 0))


def pinned(version: str, at: int) -> Requirement:
    """A version for which no other can be written, as it is one of several parts."""
    return Requirement(at, at + len(version), f"=={version}", "pep508", _RENAME)


def comments(text: str) -> SpanSet:
    """The comments of a text: what follows a `#`, even one in a string."""
    return SpanSet(match.span() for match in re.finditer(r"#[^\n]*", text))


LISTS = re.compile(r"requires|dependenc|\bdeps\b", re.IGNORECASE)
"""Keys of lists of requirements, whichever tool reads them."""


_CONTINUED = re.compile(r"(?<=,)[ \t]*\\\r?\n")
"""What stands between two bounds of one requirement in two lines."""
_NEW_PYTHONS = re.compile(r"\s*(?:py3(?:[6-9]|\d\d)|!py\d+)(?:,(?:py3(?:[6-9]|\d\d)|!py\d+))*:\s+")
"""tox's environments for which a line counts, where those are all of some Python."""
_FACTORS = re.compile(r"\s*(?P<factors>[\w!.{},-]+):\s+")
"""The like, whatever the environments have in common."""
_OLD_PYTHONS = re.compile(r"(?<![\w!])(?:py(?:py)?2\d?|py3[0-5])(?!\w)")
"""Pythons for which there is no 2.x."""
_OLD = "excludes 2.x"
_ANY = re.compile(rf"\s*{_NAME}\s*(?:;|$)", re.IGNORECASE)
"""A line that takes any release."""


def lines(text: str, declared: set[str] | None) -> Iterator[Requirement]:
    """Requirements at the beginning of lines, or after the name of an INI option: all, or those
    that are `declared`. Of some of tox's environments, only if no others have another one."""
    if declared is None:
        text = _CONTINUED.sub(lambda match: " " * len(match[0]), text)
    some: list[Requirement] = []
    others = False
    for line in re.finditer(r"^.*$", text, re.MULTILINE):
        start = line.start()
        if declared is not None and (option := re.match(r"[\w-]+\s*=(?!=)", line[0])):
            start += option.end()
        if declared is not None and _bare(text[start : line.end()]) not in declared:
            continue
        factors = _FACTORS.match(text, start, line.end()) if declared is not None else None
        start = factors.end() if factors is not None else start
        found = [*_in_line(text, start, line.end())]
        others = others or _ANY.match(_bare(text[start : line.end()])) is not None
        if factors is None or _NEW_PYTHONS.fullmatch(factors[0]) is not None:
            others = others or bool(found)
            yield from found
        elif _OLD_PYTHONS.search(factors["factors"]) is None:
            some += found
    same = len({one.specifier for one in some}) == 1
    if not others and (same or all(judge(one.specifier, "pep508") == _OLD for one in some)):
        yield from some


def _in_line(text: str, start: int, end: int) -> Iterator[Requirement]:
    match = REQUIREMENT.match(text, start, end)
    if match is None:
        named = reference(text[start:end], start)
        yield from [named] if named else []
    elif for_new_pythons(match):
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


_COMMANDS = re.compile(
    r"^commands(?:_pre|_post)?[ \t]*=(?P<text>.*(?:\n(?:[ \t].*|[#;].*|\r?(?=\n)))*)", re.MULTILINE
)


def ini_commands(text: str) -> str:
    """tox's commands in an INI file, at their places, with spaces instead of all else."""
    spans = SpanSet(match.span("text") for match in _COMMANDS.finditer(text))
    return "".join(one if one in "\r\n" or spans.holds(at) else " " for at, one in enumerate(text))


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
