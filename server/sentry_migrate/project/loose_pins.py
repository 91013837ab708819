"""Requirements on sentry-sdk in texts of which only a line is understood: it installs a release, or
holds one for a command, or writes one to a file of requirements.

Owns which lines do that, in whatever language. What is found is for a person. Refuses to know what
is wrong with a specifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentry_migrate.project.requirement_lines import CLAUSE, Requirement
from sentry_migrate.project.specifiers import Style

REMEDY = "Name a release of 2.x here instead."

_PIN = re.compile(
    rf"(?<![\w./-])sentry[-_.]sdk(?:\[[\w,.-]*\])?\s?(?P<specifier>{CLAUSE}(?:,\s?{CLAUSE})*)",
    re.IGNORECASE,
)
_CONDA_PIN = re.compile(
    r"(?<![\w./-])sentry[-_.]sdk(?P<specifier>=\d[\w.*]*)(?![\w=])", re.IGNORECASE
)
_INSTALLS = re.compile(
    r"(?<![\w-])(?:pip[\d.]*|pipx|pipenv|poetry|pdm|uv|(?P<conda>(?:micro)?mamba|conda))"
    r"[\"']?,?\s+(?:-\S+\s+)*[\"']?(?:pip[\"']?,?\s+[\"']?)?(?:install|add|inject|create)\b"
    r"|(?<![\w-])(?:uvx|uv\s+(?:tool\s+)?run)\s[^;|&\r\n]*?--with[ =]"
)
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|::|\*|--|@?rem\b)", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:echo|print\w*|Write-\w+|name|title|label|description|help|message|uninstall|remove)\b",
    re.IGNORECASE,
)
"""What comes before a command that is only spoken of."""
_NEXT = re.compile(r"[;|&]|\s#")
_HOLDS = re.compile(
    r"[ \t]*(?:-[ ]+)?(?:(?:export|set|local|readonly|ARG|ENV)[ \t]+)?"
    r"\$?(?P<name>[A-Za-z_]\w*)[ \t]*(?:[:?+]?=|:)[ \t]*[\"']?(?:[\w.\[\]<>=~!,-]+[ \t]+)*[\"']?",
)
_WRITES = re.compile(r"(?:.*[;|&\s])?(?:echo|printf)\s+(?:-\S+\s+)*[\"']?(?:[\w.<>=~!-]+[ \\n]+)*")
_TO_FILE = re.compile(
    r"[^;|&>\r\n]{0,200}?(?:>{1,2}|\|\s*(?:sudo\s+)?tee\s+(?:-a\s+)?)\s*[\"']?"
    r"(?:[^\s\"']*(?:requirements|constraints)[^\s\"']*|[^\s\"']+\.(?:txt|in|pip))(?=[\s\"']|$)"
)
_LONGEST = 2_000
"""Code points before a requirement in its line that are looked at."""


def installed_loosely(text: str) -> Iterator[Requirement]:
    """The specifiers in lines of any language that install sentry-sdk."""
    for pin, before, _ in _pins(text):
        commands = [*_INSTALLS.finditer(before)]
        if commands and _is_run(before, commands[-1]):
            yield _by_hand(pin)


def in_conda_commands(text: str) -> Iterator[Requirement]:
    """The specifiers in conda's own words that commands of conda install."""
    for pin, before, _ in _pins(text, _CONDA_PIN):
        command = next((one for one in _INSTALLS.finditer(before) if one["conda"]), None)
        if command is not None and _is_run(before, command):
            yield _by_hand(pin, conda=True)


def _is_run(before: str, command: re.Match[str]) -> bool:
    """Whether a command is not only spoken of, and goes on to the end of what stands before."""
    told = _TOLD.search(before, 0, command.start())
    return told is None and _NEXT.search(before, command.end()) is None


def held_for_commands(text: str) -> Iterator[Requirement]:
    """The specifiers that a variable holds from which a command installs, and those that a command
    writes to a file of requirements."""
    for pin, before, after in _pins(text):
        variable = _HOLDS.fullmatch(before)
        held = variable is not None and _is_installed(text, variable["name"])
        if held or (_WRITES.fullmatch(before) and _TO_FILE.match(after)):
            yield _by_hand(pin)


def in_values(text: str) -> Iterator[Requirement]:
    """The specifiers in values of YAML that are requirements and nothing else, by the name of an
    environment's variable: `PIP_EXTRA: "sentry-sdk==1.45.1"`."""
    for pin, before, _ in _pins(text):
        held = _HOLDS.fullmatch(before)
        if held is not None and held["name"].isupper() and "install" not in before:
            yield _by_hand(pin)


def pins(text: str) -> Iterator[re.Match[str]]:
    """The requirements that a text names outside of comments, whatever for."""
    return (pin for pin, _, _ in _pins(text))


def _is_installed(text: str, name: str) -> bool:
    """Whether a command installs what a variable holds."""
    use = rf"(?:\$[({{]?|%|\{{\{{[ ]*\.?(?:\w+\.)*){name}\b"
    return any(
        _INSTALLS.search(text, max(text.rfind("\n", 0, one.start()), 0), one.start())
        for one in re.finditer(use, text)
    )


def _pins(text: str, pattern: re.Pattern[str] = _PIN) -> Iterator[tuple[re.Match[str], str, str]]:
    """The requirements outside of comments, with what is in the line before and after them."""
    for pin in pattern.finditer(text):
        begin = text.rfind("\n", 0, pin.start()) + 1
        end = text.find("\n", pin.end())
        before = text[begin : pin.start()]
        if len(before) <= _LONGEST and not _COMMENT.match(before):
            yield pin, before, text[pin.end() : end if end >= 0 else len(text)]


def _by_hand(pin: re.Match[str], *, conda: bool = False) -> Requirement:
    style: Style = "conda" if conda else "pep508"
    return Requirement(*pin.span("specifier"), pin["specifier"], style, REMEDY)
