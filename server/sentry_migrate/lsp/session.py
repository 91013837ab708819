"""One session with one client: everything a handler may need, in one place.

Owns nothing itself; it is what server.py wires together and hands to every handler.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types

from sentry_migrate.frames import RuleDoc
from sentry_migrate.lsp.client import Client
from sentry_migrate.lsp.documents import Documents, key, path_of
from sentry_migrate.lsp.editor import SECTION
from sentry_migrate.lsp.examined import Cache, Index
from sentry_migrate.lsp.protocol import Server, answered
from sentry_migrate.lsp.scheduler import Analyses
from sentry_migrate.lsp.settings import Store
from sentry_migrate.lsp.workers import Lane

logger = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds to wait for the client's settings, or for a worker to tell what the rules are."""


@dataclass(slots=True, eq=False)
class Session:
    """Built before `initialize`; `client` and what depends on it are set there."""

    server: Server
    editor_lane: Lane
    """Answers what a person waits for."""
    background_lane: Lane
    """Answers everything else: whole workspaces, fixes computed ahead."""
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
    backlog_asked: bool = False
    """Whether `workspace/diagnostic` was ever asked; only then may it be held open."""
    cache: Cache = field(default_factory=Cache)
    index: Index = field(default_factory=Index)
    published: dict[str, str] = field(default_factory=dict)
    """By key, URIs the client shows diagnostics of ours for, as they were spelled to it."""
    pulled: dict[str, str] = field(default_factory=dict)
    """By key, URIs of documents whose diagnostics, or that there are none, the client asked for."""
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

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
        self.server.window_show_message(types.ShowMessageParams(kind, message))


def folders(session: Session) -> list[tuple[str, Path]]:
    """URI and path of each workspace folder that is a directory of this machine."""
    workspace = session.server.workspace
    uris = [folder.uri for folder in workspace.folders.values()]
    if not uris and workspace.root_uri and session.rooted:
        uris = [workspace.root_uri]
    paths = ((uri, path_of(uri)) for uri in uris)
    return [(uri, Path(path)) for uri, path in paths if path]


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
    try:
        answer = await asyncio.wait_for(answered(request), _PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("the client does not answer workspace/configuration; defaults hold")
        return None
    return answer[0] if answer else None


async def known_rules(session: Session) -> Collection[RuleDoc]:
    """The rules, as a worker tells them; none if no worker does in time."""
    try:
        await asyncio.wait_for(session.greeted.wait(), _PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("no worker has told its rules yet")
    return session.rules.values()
