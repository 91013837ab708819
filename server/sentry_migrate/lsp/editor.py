"""What only the server needs to know of the editor's settings.

Owns those settings, their defaults and their validation, and telling them from the ones that
pyproject.toml has too. Refuses to know where settings come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sentry_migrate.lsp.selectors import means
from sentry_migrate.model import Severity

SECTION = "sentry-migrate"
"""Of the editor's settings."""


@dataclass(frozen=True, slots=True)
class Editor:
    """What only the server needs to know."""

    enable: bool = True
    diagnostic_mode: str = "openFiles"
    """`openFiles` or `workspace`."""
    run: str = "onType"
    """`onType` or `onSave`."""
    code_lens: bool = False
    max_findings: int = 500
    """Per document; 0 means no limit."""
    configuration_preference: str = "editorFirst"
    """`editorFirst`, `filesystemFirst` or `editorOnly`."""
    rules: tuple[tuple[str, str | None, bool], ...] = ()
    """Selector, severity (or `off`), and whether fix-all may fix it."""

    def autofix(self, code: str, name: str) -> bool:
        """Whether fix-all may fix a rule; the last selector that matches decides."""
        answer = True
        for selector, _, autofix in self.rules:
            if means(selector, code, name):
                answer = autofix
        return answer


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"not one of {', '.join(allowed)}")
        return str(value)

    return check


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a number from 0 upwards")
    return value


def _rules(value: Any) -> tuple[tuple[str, str | None, bool], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("not a table from selectors to {severity, autofix}")
    levels = [*(level.value for level in Severity), "off"]
    result = []
    for selector, choice in value.items():
        if isinstance(choice, str):
            choice = {"severity": choice}
        if not isinstance(choice, Mapping) or not choice.keys() <= {"severity", "autofix"}:
            raise ValueError(f"{selector}: not a table with severity or autofix")
        severity = choice.get("severity")
        if severity is not None and severity not in levels:
            raise ValueError(f"{selector}: severity: not one of {', '.join(levels)}")
        result.append((selector, severity, _bool(choice.get("autofix", True))))
    return tuple(result)


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "enable": _bool,
    "diagnostic_mode": _one_of("openFiles", "workspace"),
    "run": _one_of("onType", "onSave"),
    "code_lens": _bool,
    "max_findings": _count,
    "configuration_preference": _one_of("editorFirst", "filesystemFirst", "editorOnly"),
    "rules": _rules,
}
_CLIENT_ONLY = frozenset(
    {"interpreter", "path", "import_strategy", "trace", "log_level", "server", "args", "env"}
)
"""Read by editor extensions before there is a server; not ours, and no mistake either."""


def split(mapping: Any, complain: Callable[[str], None]) -> tuple[Editor, dict[str, Any]]:
    """The server's own settings, and the rest. `complain` gets one text per wrong value."""
    if mapping is None:
        mapping = {}
    if not isinstance(mapping, Mapping):
        complain(f"{SECTION}: {mapping!r} is not a table of settings")
        mapping = {}
    changes: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in mapping.items():
        name = _snake(key)
        if name in _CLIENT_ONLY:
            continue
        if name not in _KEYS:
            rest[key] = value
        elif value is not None:
            try:
                changes[name] = _KEYS[name](value)
            except ValueError as error:
                complain(f"{SECTION}.{key}: {value!r} is {error}")
    return replace(Editor(), **changes), rest


def _snake(key: str) -> str:
    words = "".join(f"_{char.lower()}" if char.isupper() else char for char in key)
    return words.replace("-", "_")
