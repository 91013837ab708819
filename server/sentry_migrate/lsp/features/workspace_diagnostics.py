"""The whole migration backlog: `workspace/diagnostic`, and the same for clients that do not pull.

Owns one long request: results as they are found, "unchanged" by the result the client names, and
holding the request open while nothing changes, because clients ask again as soon as it ends. A
client that does not pull is pushed to instead, as often as something changes.
"""

from __future__ import annotations

import asyncio
import logging

from lsprotocol import types

from sentry_migrate.lsp.analysis.file_cache import FileAnalysis
from sentry_migrate.lsp.documents.uris import key, uri_of
from sentry_migrate.lsp.session import diagnostics, reexport_index, workspace_files
from sentry_migrate.lsp.session.progress import progress
from sentry_migrate.lsp.session.session import Session, folder_of, folders
from sentry_migrate.text.notebook import is_notebook
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

_BATCH = 20
"""Files per partial result."""
_BURST = 0.3
"""Seconds in which more news is waited for before looking again."""
_POLL = 30.0
"""Seconds until a client that cannot watch files gets another look at them."""

Item = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


async def workspace_diagnostic(
    session: Session, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """`workspace/diagnostic`."""
    previous = {key(result.uri): result.value for result in params.previous_result_ids}
    names = {key(result.uri): result.uri for result in params.previous_result_ids}
    first, session.workspace_diagnostics_requested = (
        not session.workspace_diagnostics_requested,
        True,
    )
    token = params.work_done_token
    while True:
        if not first and not session.workspace_changed.is_set():
            await _wait(session, None if session.client.watch_files else _POLL)
        first = False
        session.workspace_changed.clear()
        stream = _Stream(session, params.partial_result_token)
        closed = _closed(session)
        names.update(closed)
        # Whatever the client named before it opened those, what it shows now is another result.
        known = {**previous, **dict.fromkeys(closed, "")}
        # A document that is closed while files are looked at is not gone: the next look shows it.
        gone = set(known) - {key(unit.uri) for unit in session.documents}
        async with progress(session, "Looking for sentry-sdk 1.x", token, create=False) as work:
            token = None  # a token begins and ends once, however often we look
            files = await _files(session)
            done = 0
            async for analyzed in workspace_files.analyze_files(session, session.cache, files):
                done += 1
                work.report(analyzed.unit.uri, done, len(files))
                if work.cancelled:
                    break
                name = key(analyzed.unit.uri)
                gone.discard(name)
                if session.documents.get(analyzed.unit.uri) is None:
                    asked = session.pulled.pop(name, None)  # maybe since this look began
                    told = known.get(name) if asked is None else ""
                    stream.add(await _item(session, analyzed, told))
        for name in gone if not work.cancelled else ():
            if session.documents.get(names[name]) is None:
                session.pulled.pop(name, None)
                stream.add(await _document_report(session, names[name], []))
        if stream.news or work.cancelled:
            return types.WorkspaceDiagnosticReport(items=stream.rest())
        if not previous:
            return types.WorkspaceDiagnosticReport(items=[])


def _closed(session: Session) -> dict[str, str]:
    """Documents that show what they were given while they were open: a client that asks for the
    whole workspace takes its word for files that it has closed, and keeps theirs till then."""
    return {name: uri for name, uri in session.pulled.items() if session.documents.get(uri) is None}


async def keep_pushing(session: Session) -> None:
    """Push what is found in files that are not open, and again whenever something changes."""
    displayed: dict[str, str] = {}
    while True:
        session.workspace_changed.clear()
        files = await _files(session)
        seen: dict[str, str] = {}
        async for analyzed in workspace_files.analyze_files(session, session.cache, files):
            uri = analyzed.unit.uri
            if session.documents.get(uri) is None:
                seen[key(uri)] = uri
                diagnostics.publish_closed(session, uri, _displayed(session, analyzed))
        for name, uri in displayed.items():
            if name not in seen and session.documents.get(uri) is None:
                diagnostics.clear(session, uri)
        displayed = seen
        timeout = None if session.client.watch_files or not files else _POLL
        await _wait(session, timeout)
        await asyncio.sleep(_BURST)


async def _wait(session: Session, timeout: float | None) -> None:
    try:
        await asyncio.wait_for(session.workspace_changed.wait(), timeout)
    except asyncio.TimeoutError:
        return


async def _files(session: Session) -> list[str]:
    wanted = False
    for uri, path in folders(session):
        resolved = await session.settings.resolve(uri.rstrip("/") + "/x.py", str(path / "x.py"))
        wanted = wanted or resolved.options.diagnostic_mode == "workspace"
    if not wanted:
        return []
    await reexport_index.ready(session)
    try:
        _, found = await workspace_files.apart(session, await workspace_files.paths(session))
    except LostError as error:
        logger.error("cannot list the workspace files: %s", error)
        return []
    named, session.changed = session.changed, set()
    found.sort(key=lambda path: path not in named)  # of thousands, these are being looked at
    return [path for path in found if await _in_scope(session, path)]


async def _in_scope(session: Session, path: str) -> bool:
    uri = uri_of(path)
    if is_notebook(path) or folder_of(session, uri)[0] is None:
        return False  # a notebook's findings are in its cells, which only an open one has
    resolved = await session.settings.resolve(uri, path)
    return resolved.options.diagnostic_mode == "workspace"


async def _item(session: Session, analyzed: FileAnalysis, previous: str | None) -> Item | None:
    """A file's report; None where there is nothing to show and nothing was shown."""
    displayed = _displayed(session, analyzed)
    if not displayed and previous is None:
        return None
    return await _document_report(session, analyzed.unit.uri, displayed, previous)


def _displayed(session: Session, analyzed: FileAnalysis) -> list[types.Diagnostic]:
    unit, result = analyzed.unit, analyzed.result
    limit = analyzed.resolved.options.max_findings
    return diagnostics.render(session, unit, unit.parts[0], result.findings, limit, result.failure)


async def _document_report(
    session: Session, uri: str, displayed: list[types.Diagnostic], previous: str | None = None
) -> Item:
    name = await diagnostics.result_id(session, displayed)
    if name == previous:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, version=None, result_id=name
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, version=None, items=displayed, result_id=name
    )


class _Stream:
    """Items on their way: in batches by partial results if the client asked for that."""

    def __init__(self, session: Session, token: types.ProgressToken | None) -> None:
        self._session = session
        self._token = token
        self._items: list[Item] = []
        self.news = False

    def add(self, item: Item | None) -> None:
        if item is None:
            return
        self.news = self.news or isinstance(item, types.WorkspaceFullDocumentDiagnosticReport)
        self._items.append(item)
        if self._token is not None and len(self._items) >= _BATCH:
            self._flush(self._token)

    def rest(self) -> list[Item]:
        """What the response itself has to hold."""
        if self._token is not None and self._items:
            self._flush(self._token)
        return self._items

    def _flush(self, token: types.ProgressToken) -> None:
        value = types.WorkspaceDiagnosticReportPartialResult(items=self._items)
        self._session.server.progress(types.ProgressParams(token=token, value=value))
        self._items = []
