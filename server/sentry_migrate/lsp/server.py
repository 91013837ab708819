"""The composition root: builds the server, wires handlers to methods, starts it.

Owns the table of what is answered by what. Contains no behaviour of its own.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from lsprotocol import types

from sentry_migrate import __version__, isolation
from sentry_migrate.lsp.analysis.scheduler import Analyses
from sentry_migrate.lsp.analysis.settings import Store
from sentry_migrate.lsp.documents.documents import PYTHON, Documents
from sentry_migrate.lsp.features import (
    code_action,
    code_lens,
    execute_command,
    explain,
    hover,
    text_sync,
    workspace_changes,
    workspace_diagnostics,
)
from sentry_migrate.lsp.session import diagnostics, lifetime, project_plan, reexport_index
from sentry_migrate.lsp.session.log import configure
from sentry_migrate.lsp.session.session import Session, fetch_settings, folder_of, known_rules
from sentry_migrate.lsp.wire import client_capabilities, connection, transport
from sentry_migrate.lsp.wire.decoding import converter
from sentry_migrate.lsp.wire.protocol import Protocol, Server
from sentry_migrate.worker.lane import Lane

logger = logging.getLogger(__name__)


_IDLE = 60.0
"""Seconds after which the process for large texts ends if there was nothing for it to do."""

_HANDLERS: dict[str, tuple[Callable[..., Any], Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: (text_sync.did_open, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (text_sync.did_change, None),
    types.TEXT_DOCUMENT_DID_SAVE: (text_sync.did_save, types.SaveOptions(include_text=False)),
    types.TEXT_DOCUMENT_DID_CLOSE: (text_sync.did_close, None),
    types.NOTEBOOK_DOCUMENT_DID_OPEN: (text_sync.did_open_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: (text_sync.did_change_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_SAVE: (text_sync.did_save_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: (text_sync.did_close_notebook, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        code_action.code_actions,
        types.CodeActionOptions(code_action_kinds=code_action.KINDS, resolve_provider=True),
    ),
    types.CODE_ACTION_RESOLVE: (code_action.resolve, None),
    types.TEXT_DOCUMENT_HOVER: (hover.hover, None),
    types.TEXT_DOCUMENT_CODE_LENS: (code_lens.code_lens, None),
    types.WORKSPACE_TEXT_DOCUMENT_CONTENT: (explain.text_document_content, None),
    types.INITIALIZED: (workspace_changes.initialized, None),
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: (workspace_changes.did_change_configuration, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (workspace_changes.did_change_watched_files, None),
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (workspace_changes.did_change_folders, None),
}


def build(worker: Sequence[str] | None = None, lane: Lane | None = None) -> Session:
    """A server ready to be started, whose workers are run by the command `worker`; `lane` is the
    first, if it is there already, and has not said what it knows yet."""
    worker = worker or isolation.worker()
    notebooks = types.NotebookDocumentSyncOptions(
        notebook_selector=[
            types.NotebookDocumentFilterWithCells(cells=[types.NotebookCellLanguage(PYTHON)])
        ],
        save=True,
    )
    server = Server(
        "sentry-migrate",
        __version__,
        notebook_document_sync=notebooks,
        protocol_cls=Protocol,
        converter_factory=converter,
    )

    def greet(hello: Any) -> None:
        session.rules = {rule.code: rule for rule in hello.rules}
        session.versions = hello.versions
        session.greeted.set()

    documents = Documents()
    settings = Store(
        fetch=lambda folder: fetch_settings(session, folder),
        folder_of=lambda uri: folder_of(session, uri),
        complain=lambda message: session.show(message),
        rules=lambda: known_rules(session),
    )
    lane = lane or Lane(worker)
    lane.greet = greet
    background, large = Lane(worker, greet), Lane(worker, greet, idle=_IDLE)
    analyses = Analyses(
        lane,
        background,
        large,
        current=documents.get,
        resolve=settings.resolve,
        index=lambda: session.index,
    )
    session = Session(server, lane, background, large, documents, settings, analyses)
    for listener in (diagnostics.analysed, reexport_index.analysed, project_plan.analysed):
        analyses.listeners.append(functools.partial(listener, session))
    server.feature(types.INITIALIZE)(functools.partial(_initialize, session))
    for method, (handler, options) in _HANDLERS.items():
        server.feature(method, options)(functools.partial(handler, session))
    for name, command in execute_command.COMMANDS.items():
        server.command(name)(functools.partial(command, session))
    return session


def _initialize(session: Session, params: types.InitializeParams) -> None:
    session.client = client_capabilities.resolve(params)
    session.documents.encoding = session.client.encoding
    session.rooted = not params.workspace_folders
    session.initial_settings = params.initialization_options
    session.server.protocol.trace = params.trace or types.TraceValue.Off
    session.editor_lane.start()
    lifetime.watch(session, params.process_id)
    if session.client.pull_diagnostics:
        session.server.feature(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DiagnosticOptions(
                identifier="sentry-migrate",
                inter_file_dependencies=True,
                workspace_diagnostics=False,
            ),
        )(functools.partial(diagnostics.pull, session))
        session.server.feature(types.WORKSPACE_DIAGNOSTIC)(
            functools.partial(workspace_diagnostics.workspace_diagnostic, session)
        )


def run(session: Session, tcp: tuple[str, int] | None, log_level: str) -> None:
    """Run a server that was built, see `start`."""
    source, sink = connection.opened(tcp)
    try:
        code = asyncio.run(serve(session, source, sink, log_level))
    except KeyboardInterrupt:
        code = 130
    lifetime.leave(session, code)


async def serve(session: Session, source: BinaryIO, sink: BinaryIO, log_level: str) -> int:
    """Answer the client until it leaves; the exit code of the process."""
    configure(session, log_level)
    try:
        return await transport.serve(session.server.protocol, source, sink)
    finally:
        for lane in session.lanes:
            lane.close()
