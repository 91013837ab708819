"""Which settings hold for a document.

Owns the editor's settings (section `sentry-migrate`, asked for once per workspace folder) and which
of them and the nearest pyproject.toml's lie on top. Refuses to know what settings do. A wrong
value is said once, and the defaults hold in its place.
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
from sentry_migrate.lsp.editor import SECTION, Editor, split
from sentry_migrate.model import Severity

logger = logging.getLogger(__name__)

_EDITOR = f"{SECTION} in the editor"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Everything that was chosen for one document. Equal values analyse equally."""

    settings: Settings = field(default_factory=Settings)
    editor: Editor = field(default_factory=Editor)


def valid(mapping: Mapping[str, Any], where: str, say: Callable[[str], None]) -> dict[str, Any]:
    """The settings of a mapping that are right; `say` gets one text for each that is not."""
    right = {}
    for key, value in mapping.items():
        try:
            config.overlay(Settings(), {key: value}, where)
            right[key] = value
        except ConfigError as error:
            say(str(error))
    return right


def combine(base: Settings, editor: Editor, rest: Mapping[str, Any]) -> Settings:
    """The file's settings with the editor's on top. Raises ConfigError."""
    settings = config.overlay(base, rest, _EDITOR)
    off = tuple(selector for selector, level, _ in editor.rules if level == "off")
    levels = tuple(
        (selector, Severity(level))
        for selector, level, _ in editor.rules
        if level is not None and level != "off"
    )
    return replace(settings, ignore=settings.ignore + off, severity=settings.severity + levels)


def _beside(
    editor: Editor, rest: Mapping[str, Any], written: Collection[str]
) -> tuple[Editor, dict[str, Any]]:
    """The editor's settings without those that a file has `written`."""
    rules = tuple(
        (selector, None if ("ignore" if level == "off" else "severity") in written else level, fix)
        for selector, level, fix in editor.rules
    )
    left = {key: value for key, value in rest.items() if config.key_of(key) not in written}
    return replace(editor, rules=rules), left


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
        self._said_before: set[str] = set()
        self._mappings: dict[str | None, asyncio.Task[Any]] = {}
        self._files: dict[tuple[Path, bool], asyncio.Task[tuple[Settings, frozenset[str]]]] = {}
        self._resolved: dict[tuple[str | None, Path | None], Resolved] = {}

    def forget(self) -> None:
        """Ask again for everything."""
        if self._resolved:  # else nobody asked, and nothing was said or found right
            self._said_before, self._said = self._said, set()
        self._mappings = {}
        self._files = {}
        self._resolved = {}

    async def resolve(self, uri: str, path: str | None) -> Resolved:
        """The settings for a document. Never raises."""
        folder, root = self._folder_of(uri)
        directory = Path(path).parent if path is not None else root
        known = self._resolved.get((folder, directory))
        if known is not None:
            return known
        store = self._resolved
        editor, rest = split(await self._mapping(folder), self._say)
        settings, written = Settings(), frozenset[str]()
        if directory is not None:
            only = editor.configuration_preference == "editorOnly"
            settings, written = await self._file(directory, only)
        if editor.configuration_preference == "filesystemFirst":
            editor, rest = _beside(editor, rest, written)
        if rest:  # in a thread, as patterns need a library that takes a while to import
            rest = await asyncio.to_thread(valid, rest, _EDITOR, self._say)
        if settings.root is None:
            settings = replace(settings, root=root)  # patterns of the editor's count from there
        resolved = await self._without_unknown(combine(settings, editor, rest), editor)
        if store is self._resolved:
            store[folder, directory] = resolved
        return resolved

    async def _without_unknown(self, settings: Settings, editor: Editor) -> Resolved:
        """What was chosen without selectors that mean no rule, each of which is said."""
        written = (*settings.selectors(), *(selector for selector, _, _ in editor.rules))
        rules = await self._rules() if written else ()
        wrong = selectors.unknown(written, rules) if rules else ()
        for selector in wrong:
            self._say(f"{SECTION}: {config.no_rule(selector)}")
        if wrong:
            settings = selectors.drop(settings, wrong)
            editor = replace(editor, rules=tuple(r for r in editor.rules if r[0] not in wrong))
        return Resolved(settings, editor)

    async def _mapping(self, folder: str | None) -> Any:
        task = self._mappings.get(folder)
        if task is None:
            task = asyncio.ensure_future(self._fetch(folder))
            self._mappings[folder] = task
        return await asyncio.shield(task)

    async def _file(self, directory: Path, only: bool) -> tuple[Settings, frozenset[str]]:
        task = self._files.get((directory, only))
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(self._load, directory, only))
            self._files[directory, only] = task
        return await asyncio.shield(task)

    def _load(self, directory: Path, only: bool) -> tuple[Settings, frozenset[str]]:
        """What holds in a directory, and which keys a file says; with `only`, none is read."""
        try:
            nearest = None if only else config.nearest_table(directory)
        except ConfigError as error:
            self._say(str(error))
            nearest = None
        tables = {}
        if nearest is not None:
            here, table = nearest
            tables[here] = valid(table, str(here / config.FILE), self._say)
        try:
            return config.load(directory, tables.get), frozenset(*tables.values())
        except OSError as error:  # a name that is too long
            logger.warning("%s: %s", directory, error)
            return Settings(), frozenset()

    def _say(self, message: str) -> None:
        if message not in self._said | self._said_before:
            self._complain(message)
        self._said.add(message)
