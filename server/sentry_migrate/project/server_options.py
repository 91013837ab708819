"""What only the server needs to know of the editor's settings.

Owns those settings and their defaults, and telling them from the ones that pyproject.toml has too.
Refuses to know where settings come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sentry_migrate.project.selectors import Named, means
from sentry_migrate.project.setting_keys import Reader, key_of, nearest, read_by

SECTION = "sentry-migrate"
"""Of the editor's settings."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What only the server needs to know."""

    enable: bool = True
    diagnostic_mode: str = "openFiles"
    run: str = "onType"
    code_lens: bool = False
    max_findings: int = 500
    """Per document; 0 means no limit."""
    configuration_preference: str = "editorFirst"
    rules: tuple[tuple[str, str | None, bool], ...] = ()
    """Selector, severity (or `off`), and whether fix-all may fix it."""

    def autofix(self, rule: Named) -> bool:
        """Whether fix-all may fix a rule; the last selector that matches decides."""
        answer = True
        for selector, _, autofix in self.rules:
            if means(selector, rule):
                answer = autofix
        return answer


_OURS = read_by(Reader.SERVER)
_PROJECT = read_by(Reader.PROJECT)
_CLIENT = {key.partition(".")[0] for key in read_by(Reader.CLIENT)}


def split(mapping: Any, complain: Callable[[str], None]) -> tuple[ServerOptions, dict[str, Any]]:
    """The server's own settings, and the rest. `complain` gets one text per wrong value."""
    if mapping is None:
        mapping = {}
    if not isinstance(mapping, Mapping):
        complain(f"{SECTION}: {mapping!r} is not an object with settings")
        mapping = {}
    changes: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for written, value in mapping.items():
        key = key_of(written)
        name = key.replace("_", "-")
        if name in _CLIENT:
            continue
        if name not in _OURS and key not in _PROJECT:
            known = ", ".join(one.camel for one in (*_OURS.values(), *_PROJECT.values()))
            hint = nearest(written, known.split(", "))
            complain(f"{SECTION}.{written}: unknown setting; expected one of {known}{hint}")
        elif name not in _OURS:
            rest[written] = value
        elif value is not None:
            try:
                changes[name.replace("-", "_")] = _OURS[name].check(value)
            except ValueError as error:
                complain(f"{SECTION}.{written}: {value!r} is {error}")
    return replace(ServerOptions(), **changes), rest
