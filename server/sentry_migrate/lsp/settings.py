"""Which settings hold for a document.

Owns the editor's settings (section `sentry-migrate`, asked for once per workspace folder), what
of them concerns the server alone, and laying the rest over the nearest pyproject.toml. Refuses to
know what settings do. A wrong value is said once, and the defaults hold in its place.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sentry_migrate import config
from sentry_migrate.config import ConfigError, Settings
from sentry_migrate.frames import RuleDoc
from sentry_migrate.lsp import selectors
from sentry_migrate.model import Severity

logger = logging.getLogger(__name__)

SECTION = "sentry-migrate"


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
    rules: tuple[tuple[str, str | None, bool], ...] = ()
    """Selector, severity (or `off`), and whether fix-all may fix it."""

    def autofix(self, code: str, name: str) -> bool:
        """Whether fix-all may fix a rule; the last selector that matches decides."""
        answer = True
        for selector, _, autofix in self.rules:
            if selector in ("ALL", name) or code.startswith(selector):
                answer = autofix
        return answer


@dataclass(frozen=True, slots=True)
class Resolved:
    """Everything that was chosen for one document. Equal values analyse equally."""

    settings: Settings = field(default_factory=Settings)
    editor: Editor = field(default_factory=Editor)


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


def combine(base: Settings, editor: Editor, rest: Mapping[str, Any]) -> Settings:
    """The file's settings with the editor's on top. Raises ConfigError."""
    settings = base
    for key, value in rest.items():
        settings = config.overlay(settings, {key: value}, f"{SECTION} in the editor")
    off = tuple(selector for selector, level, _ in editor.rules if level == "off")
    levels = tuple(
        (selector, Severity(level))
        for selector, level, _ in editor.rules
        if level is not None and level != "off"
    )
    return replace(settings, ignore=settings.ignore + off, severity=settings.severity + levels)


class Store:
    """Settings asked for so far; forgotten when the client or a file says they changed."""

    def __init__(
        self,
        fetch: Callable[[str | None], Awaitable[Any]],
        folder_of: Callable[[str], tuple[str | None, Path | None]],
        complain: Callable[[str], None],
        rules: Callable[[], Awaitable[Collection[RuleDoc]]],
    ) -> None:
        self._rules = rules
        self._fetch = fetch
        self._folder_of = folder_of
        self._complain = complain
        self._said: set[str] = set()
        self._mappings: dict[str | None, asyncio.Task[Any]] = {}
        self._files: dict[Path, asyncio.Task[Settings]] = {}
        self._resolved: dict[tuple[str | None, Path | None], Resolved] = {}

    def forget(self) -> None:
        """Ask again for everything."""
        self._mappings = {}
        self._files = {}
        self._resolved = {}
        self._said.clear()

    async def resolve(self, uri: str, path: str | None) -> Resolved:
        """The settings for a document. Never raises."""
        folder, root = self._folder_of(uri)
        directory = Path(path).parent if path is not None else root
        known = self._resolved.get((folder, directory))
        if known is not None:
            return known
        store = self._resolved
        editor, rest = split(await self._mapping(folder), self._say)
        settings = Settings() if directory is None else await self._file(directory)
        for key in tuple(rest):
            try:
                combine(settings, Editor(), {key: rest[key]})
            except ConfigError as error:
                self._say(str(error))
                del rest[key]
        combined = await self._without_unknown(combine(settings, editor, rest), editor)
        resolved = Resolved(combined, editor)
        if store is self._resolved:
            store[folder, directory] = resolved
        return resolved

    async def _without_unknown(self, settings: Settings, editor: Editor) -> Settings:
        """The settings without selectors that mean no rule, each of which is said."""
        written = (*settings.selectors(), *(selector for selector, _, _ in editor.rules))
        rules = await self._rules() if written else ()
        if not rules:
            return settings
        wrong = selectors.unknown(written, rules)
        for selector in wrong:
            self._say(f"{SECTION}: {selector!r} is no rule; `sentry-migrate rule --all` lists them")
        return selectors.drop(settings, wrong) if wrong else settings

    async def _mapping(self, folder: str | None) -> Any:
        task = self._mappings.get(folder)
        if task is None:
            task = asyncio.ensure_future(self._fetch(folder))
            self._mappings[folder] = task
        return await asyncio.shield(task)

    async def _file(self, directory: Path) -> Settings:
        task = self._files.get(directory)
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(self._load, directory))
            self._files[directory] = task
        return await asyncio.shield(task)

    def _load(self, directory: Path) -> Settings:
        try:
            return config.load(directory)
        except (ConfigError, OSError) as error:
            self._say(str(error))
            return Settings()

    def _say(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            self._complain(message)
