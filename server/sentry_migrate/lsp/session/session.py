"""One session with one client: everything a handler may need, in one place.

Owns nothing itself; it is what server.py wires together and hands to every handler.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Collection, Coroutine, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types

from sentry_migrate.lsp.analysis.file_cache import Cache, Index
from sentry_migrate.lsp.analysis.scheduler import Analyses
from sentry_migrate.lsp.analysis.settings import Store
from sentry_migrate.lsp.documents.documents import Documents
from sentry_migrate.lsp.documents.expected_texts import Expected
from sentry_migrate.lsp.documents.uris import key, path_of, readable
from sentry_migrate.lsp.wire.client_capabilities import Client
from sentry_migrate.lsp.wire.protocol import Server
from sentry_migrate.lsp.wire.requests import answered
from sentry_migrate.project.server_options import SECTION
from sentry_migrate.worker.frames import RuleDoc
from sentry_migrate.worker.lane import Lane

logger = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds to wait for the client's settings, or for a worker to tell what the rules are."""


class Published(NamedTuple):
    """Diagnostics that were pushed."""

    uri: str
    """As it was spelled to the client."""
    version: int | None
    digest: bytes
    """Of what they say; empty if there are none."""


class Made(NamedTuple):
    """What a migration changed in one file or notebook."""

    texts: dict[str, tuple[str, str]]
    """By URI, what documents were and what they became."""
    needed: Set[str]
    """What it did not change without, itself among them."""
    cells: tuple[tuple[str, str], ...] = ()
    """Of a notebook, the same of the code of each of its cells, in order."""


class Unfinished(NamedTuple):
    """A migration of which not all was made."""

    asked: object
    """What had been asked for."""
    needs: dict[str, frozenset[str]]
    """What its texts do not change without."""


@dataclass(slots=True, eq=False)
class Session:
    """Built before `initialize`; `client` and what depends on it are set there."""

    server: Server
    editor_lane: Lane
    """Answers what a person waits for."""
    background_lane: Lane
    """Answers everything else: whole workspaces, fixes computed ahead."""
    large_lane: Lane
    """Answers what concerns a large text, which would hold up all others. Runs when needed."""
    documents: Documents
    settings: Store
    analyses: Analyses
    client: Client = field(default_factory=Client)
    rules: dict[str, RuleDoc] = field(default_factory=dict)
    versions: tuple[tuple[str, str], ...] = ()
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a worker told `rules` and `versions`."""
    initial_settings: Any = None
    """Settings for a client that cannot be asked: from `initialize` or a change notification."""
    rooted: bool = False
    """Whether the client knows no workspace folders, so that its `rootUri` is the one there is."""
    ready: bool = False
    """Whether the client said `initialized`."""
    reload: asyncio.TimerHandle | None = None
    """Reading all settings again, soon."""
    workspace_changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when files or settings changed since somebody looked."""
    changed: set[str] = field(default_factory=set)
    """Paths of files that the client said are others now, since somebody looked."""
    workspace_diagnostics_requested: bool = False
    """Whether `workspace/diagnostic` was ever asked; only then may it be held open."""
    cache: Cache = field(default_factory=Cache)
    index: Index = field(default_factory=Index)
    published: dict[str, Published] = field(default_factory=dict)
    """By key, what the client was told last of documents."""
    pulled: dict[str, str] = field(default_factory=dict)
    """By key, URIs of documents whose diagnostics, or that there are none, the client asked for."""
    expected: list[Expected] = field(default_factory=list)
    """What edits under way are to bring about."""
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from the last look at texts to the client's answer about their edit: another edit of
    the same texts would be of what they were before it."""
    made: dict[str, Made] = field(default_factory=dict)
    """By path, or by URI, what the last migration changed; what needs others is after them."""
    unfinished: Unfinished | None = None
    """The same migration, if it was not done to the end: what goes on with it is taken back with
    it."""
    confirming: bool = False
    """Whether a person is asked about the edit under way."""
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All of them: none outlives the session."""
        return self.editor_lane, self.background_lane, self.large_lane

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something nobody waits for; an exception goes to the log."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("a background task failed", exc_info=task.exception())

    def trace(self, message: str, verbose: str | None = None) -> None:
        """`$/logTrace`, if the client turned tracing on (LSP 3.17 "LogTrace Notification")."""
        level = self.server.protocol.trace
        if level == types.TraceValue.Off:
            return
        detail = verbose if level == types.TraceValue.Verbose else None
        self.server.log_trace(types.LogTraceParams(message=message, verbose=detail))

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Tell the person. Only for what they did or asked for, never for our own faults."""
        short = shortened(message, [path for _, path in folders(self)])
        self.server.window_show_message(types.ShowMessageParams(kind, readable(short)))


def folders(session: Session) -> list[tuple[str, Path]]:
    """URI and path of each workspace folder that is a directory of this machine."""
    workspace = session.server.workspace
    uris = [folder.uri for folder in workspace.folders.values()]
    if not uris and workspace.root_uri and session.rooted:
        uris = [workspace.root_uri]
    paths = ((uri, path_of(uri)) for uri in uris)
    return [(uri, Path(path)) for uri, path in paths if path]


def name_in(path: str, roots: Sequence[Path]) -> str:
    """A file's path in its folder, which is named too if there are several; else its whole path."""
    around = [root for root in roots if Path(path).is_relative_to(root)]
    if not around:
        return readable(path)
    root = max(around, key=lambda root: len(root.parts))
    inside = Path(path).relative_to(root).as_posix()
    return readable(inside if len(roots) == 1 else f"{root.name}/{inside}")


def shortened(text: str, roots: Sequence[Path]) -> str:
    """A text in which files of folders are called as `name_in` does: of a message, an editor may
    show no more than the beginning."""
    for root in sorted(roots, key=lambda root: len(root.parts), reverse=True):
        name = "" if len(roots) == 1 else f"{root.name}/"
        path = rf"(?<![\w./\\-]){re.escape(f'{root}{os.sep}')}"
        text = re.sub(path, name.replace("\\", r"\\"), text)
    return text


def folder_of(session: Session, uri: str) -> tuple[str | None, Path | None]:
    """The innermost workspace folder of a document; for one without a path, the first folder."""
    known = folders(session)
    inside = [
        (folder, path)
        for folder, path in known
        if key(uri) == key(folder) or key(uri).startswith(key(folder).rstrip("/") + "/")
    ]
    if inside:
        return max(inside, key=lambda item: len(item[0]))
    if path_of(uri) is None and known:
        return known[0]
    return None, None


async def fetch_settings(session: Session, folder: str | None) -> Any:
    """The editor's settings for a workspace folder; None if it has none to give."""
    if not session.client.configuration:
        return session.initial_settings
    params = types.ConfigurationParams([types.ConfigurationItem(folder, SECTION)])
    request = session.server.workspace_configuration_async(params)
    answer = await answered(request, _PATIENCE)
    return answer[0] if answer else None


async def known_rules(session: Session) -> Collection[RuleDoc]:
    """The rules, as a worker tells them; none if no worker does in time."""
    try:
        await asyncio.wait_for(session.greeted.wait(), _PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("the rules are not known yet")
    return session.rules.values()
