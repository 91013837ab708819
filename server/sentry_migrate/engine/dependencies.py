"""Dependency files whose pin of sentry-sdk leaves 2.x out.

Owns finding such pins in requirement files, pyproject.toml, setup.cfg and Pipfile, with their
spans. These files are text here: nothing else in them is read or changed. Lock files are not
touched; the tool that wrote them must.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePath

from sentry_migrate.config import Settings
from sentry_migrate.engine.selection import chosen_rules, severities
from sentry_migrate.engine.suppressions import Suppressions
from sentry_migrate.model import Applicability, Finding, Fix, Report
from sentry_migrate.rules import RULES
from sentry_migrate.sdk import lowest
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex

NAMES = ("pyproject.toml", "setup.cfg", "Pipfile", "*requirements*.txt", "*requirements*.in")
"""Patterns of the file names this module reads."""

RULE = "requirements-pin"

_NAME = r"sentry[-_.]sdk(?:\s*\[[^\]\r\n]*\])?"
_SPECIFIER = r"(?:~=|===?|!=|<=|>=|<|>)\s*[\w.*+!-]+"
# `sentry-sdk[flask] >=1.40, <2`: the specifiers are group 2.
_REQUIREMENT = re.compile(
    rf"(?<![\w.-])({_NAME})\s*\(?\s*({_SPECIFIER}(?:\s*,\s*{_SPECIFIER})*)", re.IGNORECASE
)
# `sentry-sdk = "^1.45"` and `sentry-sdk = {{ version = "^1.45", ... }}`: the constraint is group 1.
_TABLE = re.compile(
    r"^[ \t]*[\"']?sentry[-_.]sdk[\"']?\s*=\s*"
    r"(?:\{[^}\r\n]*?version\s*=\s*)?[\"']([^\"'\r\n]+)[\"']",
    re.IGNORECASE | re.MULTILINE,
)


def is_dependency_file(path: PurePath | None) -> bool:
    """Whether a file is one whose pins this module reads, by its name."""
    if path is None:
        return False
    if path.parent.name == "requirements" and path.suffix in (".txt", ".in"):
        return True
    return any(fnmatch(path.name, pattern) for pattern in NAMES)


def analyze_dependencies(text: str, settings: Settings, path: PurePath) -> Report:
    """The pins of a dependency file that leave sentry-sdk 2.x out."""
    if RULE not in chosen_rules(settings, path):
        return Report()
    rule = RULES[RULE]
    lines = LineIndex(text)
    suppressions = Suppressions(lines, lambda offset: _quoted(text, offset))
    findings = []
    for start, end, new, locked in _pins(text, settings, path):
        if suppressions.cover(start, rule.code, rule.name) or _commented(text, lines, start):
            continue
        fix = None
        if not locked:
            fix = Fix(
                f"Replace with `{new}`",
                Applicability.UNSAFE,
                (Edit(start, end, new),),
                "the code must be migrated, and tested with 2.x, in the same step",
            )
        remedy = "Lock the requirements anew with the tool that wrote the hashes." if locked else ""
        findings.append(
            Finding(
                rule.code,
                rule.name,
                rule.summary,
                start,
                end,
                severities(settings).get(rule.name, rule.severity),
                rule.link,
                fix,
                remedy=remedy,
                deprecated=rule.deprecated,
                suppression=suppressions.suppressing(start, rule.code)
                if path.suffix != ".cfg"  # an .ini file knows no comment after a value
                else None,
            )
        )
    return Report(tuple(findings))


def _pins(text: str, settings: Settings, path: PurePath) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, new text, whether hashes lock it) of each pin that leaves 2.x out."""
    floor = ".".join(map(str, _floor(settings)[:2]))
    if path.name == "Pipfile" or path.suffix == ".toml":
        for match in _TABLE.finditer(text):
            constraint = match.group(1)
            poetry = path.name != "Pipfile"
            if _leaves_out(_plain(constraint)):
                caret = poetry and constraint[:1] in "^~0123456789"
                new = f"^{floor}" if caret else f">={floor},<3"
                yield match.start(1), match.end(1), new, False
    if path.name != "Pipfile":
        for match in _REQUIREMENT.finditer(text):
            if _leaves_out(match.group(2)):
                tail = text[match.end(2) : match.end(2) + 400]
                locked = bool(re.match(r"[^\n]*(?:\\\r?\n[^\n]*)?--hash", tail))
                yield match.start(2), match.end(2), f">={floor},<3", locked


def _floor(settings: Settings) -> tuple[int, int, int]:
    """The lowest 2.x the rewrites need: 2.12 has the top-level scope functions, 2.15 span names."""
    return min(settings.sdk_version, (2, 15, 0))


def _plain(constraint: str) -> str:
    """Poetry's `^1.2`, `~1.2` and bare versions in PEP 440's words, as far as majors go."""
    if constraint[:1] == "^":
        major = constraint[1:].partition(".")[0]
        return f">={constraint[1:]},<{int(major) + 1}" if major.isdecimal() else constraint
    if re.match(r"~\d", constraint):
        return "~=" + constraint[1:] + ("" if "." in constraint else ".0")
    return f"=={constraint}" if constraint[:1].isdigit() else constraint


def _leaves_out(specifier: str) -> bool:
    """Whether a specifier is readable and allows no 2.x, but something older."""
    mentions_1 = re.search(r"(?:^|[^\d.])[01](?:\.|\b)|<\s*2(?:\.0)*\b", specifier)
    return bool(mentions_1) and lowest([specifier]) is None


def _commented(text: str, lines: LineIndex, offset: int) -> bool:
    return "#" in text[lines.start(lines.line_of(offset)) : offset]


def _quoted(text: str, offset: int) -> bool:
    """Whether an offset is in a TOML string of several lines."""
    return any(text.count(quotes, 0, offset) % 2 for quotes in ('"""', "'''"))
