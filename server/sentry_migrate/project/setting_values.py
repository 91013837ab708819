"""What the value of a setting may be.

Each check takes a value as JSON or TOML has it and returns it as the code keeps it. It raises
ValueError, whose text continues "… is": "not true or false". Three arguments mean that only a part
is wrong: where in the value, the part, and what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sentry_migrate.doubts import DOUBTS, hint
from sentry_migrate.model import Severity
from sentry_migrate.project import patterns
from sentry_migrate.project.versions import Version, parse_version

LEVELS = tuple(level.value for level in Severity)
RULE_LEVELS = (*LEVELS, "off")
"""What `rules` of an editor may say of a rule."""


@dataclass(frozen=True)
class Choice:
    """A check for one of a few words."""

    words: Mapping[str, str]
    """Each word and what it means; the first is the default."""

    def __call__(self, value: Any) -> str:
        """The word."""
        return _among(value, tuple(self.words))


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def count(value: Any) -> int:
    """A number of things."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a whole number of 0 or more")
    return value


def file_name(value: Any) -> str:
    """The name of a file, from the directory of the settings if it is not absolute."""
    if not isinstance(value, str) or not value:
        raise ValueError("not the name of a file")
    return value


def strings(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ValueError("not a list of strings")
    return tuple(value)


def selectors(value: Any) -> tuple[str, ...]:
    """Selectors of rules. Whether they mean any is for those to say who know the rules."""
    return strings(value)


def command(value: Any) -> tuple[str, ...]:
    """A program and its arguments."""
    return strings(value)


def answers(value: Any) -> tuple[str, ...]:
    """Codes of doubts."""
    codes = strings(value)
    for code in codes:
        if code not in DOUBTS:
            raise ValueError("", code, f"not the code of a doubt; {hint(code)}")
    return codes


def globs(value: Any) -> tuple[str, ...]:
    """Patterns as in a .gitignore."""
    lines = strings(value)
    if (line := patterns.wrong(lines)) is not None:
        raise ValueError(f"not a list of patterns: invalid pattern {line!r}")
    return lines


def version(value: Any) -> Version:
    """A release of 2.x."""
    if not isinstance(value, str):
        raise ValueError('not a string such as "2.12" or "latest"')
    return parse_version(value)


def severities(value: Any) -> tuple[tuple[str, Severity], ...]:
    """Severities by selector."""
    if not isinstance(value, Mapping):
        raise ValueError("not a table of rules and severities")
    for selector, level in value.items():
        if level not in LEVELS:
            raise ValueError(f".{selector}", level, f"not one of {', '.join(LEVELS)}")
    return tuple((selector, Severity(level)) for selector, level in value.items())


def ignores(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Selectors by pattern."""
    if not isinstance(value, Mapping):
        raise ValueError("not a table of glob patterns and lists of rules")
    if (line := patterns.wrong(value)) is not None:
        raise ValueError(f"not a table of glob patterns: invalid pattern {line!r}")
    return tuple((pattern, strings(chosen)) for pattern, chosen in value.items())


def rules(value: Any) -> tuple[tuple[str, str | None, bool], ...]:
    """Selector, severity (or `off`), and whether fixing a whole file may fix it."""
    if not isinstance(value, Mapping):
        raise ValueError("not an object of rules with a severity and autofix")
    result = []
    for selector, choice in value.items():
        if isinstance(choice, str):
            choice = {"severity": choice}
        if not isinstance(choice, Mapping) or not choice.keys() <= {"severity", "autofix"}:
            raise ValueError(f"{selector}: not an object with severity or autofix")
        severity = choice.get("severity")
        if severity is not None and severity not in RULE_LEVELS:
            raise ValueError(f"{selector}: severity: not one of {', '.join(RULE_LEVELS)}")
        result.append((selector, severity, flag(choice.get("autofix", True))))
    return tuple(result)


def _among(value: Any, words: tuple[str, ...]) -> str:
    if value not in words:
        raise ValueError(f"not one of {', '.join(words)}")
    return str(value)
