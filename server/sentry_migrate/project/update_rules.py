"""Rules by which Dependabot or Renovate offer no release of sentry-sdk 2.x.

Owns finding them in the text. Refuses to know what else such a file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentry_migrate.project.requirement_lines import Requirement

_IGNORED = re.compile(
    r"^(?P<indent>[ ]*)-[ ]+dependency-name:[ ]*"
    r"[\"']?(?P<name>sentry[-_.]sdk|sentry[-_.*]*\*)[\"']?[ ]*(?:#[^\r\n]*)?\r?(?:\n|$)"
    r"(?P<rest>(?:(?P=indent)[ ]{2}[^\r\n]*\r?(?:\n|$))*)",
    re.IGNORECASE | re.MULTILINE,
)
_KEY = re.compile(r"^(?P<indent>[ ]*)(?P<key>[\w-]+):[ ]*(?:#[^\r\n]*)?\r?$", re.MULTILINE)
_MAJOR = re.compile(r"semver-major|versions:[^#]*?(?:>|(?<![\w.])2(?!\d))")
_NARROWED = re.compile(r"^[ ]*(?:versions|update-types):", re.MULTILINE)
_RULE = re.compile(r"\{[^{}]*\}")
_OURS = re.compile(
    r"[\"'](?:sentry[-_.]sdk|\^sentry(?:[-_.]{1,3}(?:sdk\$?)?)?|/\^sentry[^\"'/\r\n]{0,9}/|sentry-?\*{1,2})[\"']",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"""["']?allowedVersions["']?\s*:\s*["'](?P<versions>[^"'\r\n]*)["']
      |["']?(?P<off>enabled)["']?\s*:\s*false""",
    re.VERBOSE,
)
_EXCLUDING = re.compile(
    r"\s*(?:(?:<|~=?|\^|==?)?\s*[01](?:\.[\dx*]+)*|<\s*2(?:\.0)*|.*,\s*<\s*2(?:\.0)*)\s*"
)
_REMEDY = "Remove this rule: it keeps releases of 2.x from being offered."


def held_back(text: str) -> Iterator[Requirement]:
    """The rules, at the name of the package, as a requirement that excludes 2.x."""
    for rule in _IGNORED.finditer(text):
        every = _NARROWED.search(rule["rest"]) is None
        if _holder(text, rule) == "ignore" and (every or _MAJOR.search(rule["rest"])):
            yield Requirement(*rule.span("name"), "<2", "pep508", _REMEDY)
    for rule in _RULE.finditer(text):
        name, bound = _OURS.search(rule[0]), _BELOW.search(rule[0])
        if name and bound and (bound["off"] or _EXCLUDING.fullmatch(bound["versions"])):
            at = rule.start() + name.start() + 1
            yield Requirement(at, at + len(name[0]) - 2, "<2", "pep508", _REMEDY)


def _holder(text: str, rule: re.Match[str]) -> str:
    """The key of the list that a rule is in."""
    keys = [*_KEY.finditer(text, 0, rule.start())]
    above = (one["key"] for one in reversed(keys) if len(one["indent"]) <= len(rule["indent"]))
    return next(above, "")
