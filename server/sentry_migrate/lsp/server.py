"""The composition root: builds the server, wires handlers to methods, starts it.

Owns the table of what is answered by what. Contains no behaviour of its own.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.protocol import default_converter

from sentry_migrate import __version__
from sentry_migrate.lsp import (
    actions,
    backlog,
    client,
    commands,
    diagnostics,
    handed,
    hover,
    lens,
    lifetime,
    sync,
    transport,
    watching,
)
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.documents import PYTHON, Documents
from sentry_migrate.lsp.log import configure
from sentry_migrate.lsp.protocol import Protocol, Server
from sentry_migrate.lsp.scheduler import Analyses
from sentry_migrate.lsp.session import Session, fetch_settings, folder_of, known_rules
from sentry_migrate.lsp.settings import Store
from sentry_migrate.lsp.workers import Lane

logger = logging.getLogger(__name__)


def _worker() -> tuple[str, ...]:
    """The command that runs the worker with what this process imports from, and nothing else.

    `-m` would let it import from the working directory first, which is somebody's project and may
    hold a `queue.py`; and it would not know of a path that was given to this process alone.
    """
    told = (
        ("-E", sys.flags.ignore_environment),
        ("-s", sys.flags.no_user_site),
        ("-S", sys.flags.no_site),
    )
    code = "import sys; sys.path[:] = {!a}; from sentry_migrate.worker import main; main()"
    options = [option for option, given in told if given]
    return (sys.executable, *options, "-c", code.format(sys.path))


WORKER = _worker()

_HANDLERS: dict[str, tuple[Callable[..., Any], Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: (sync.did_open, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (sync.did_change, None),
    types.TEXT_DOCUMENT_DID_SAVE: (sync.did_save, types.SaveOptions(include_text=False)),
    types.TEXT_DOCUMENT_DID_CLOSE: (sync.did_close, None),
    types.NOTEBOOK_DOCUMENT_DID_OPEN: (sync.did_open_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: (sync.did_change_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_SAVE: (sync.did_save_notebook, None),
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: (sync.did_close_notebook, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        actions.code_actions,
        types.CodeActionOptions(code_action_kinds=actions.KINDS, resolve_provider=True),
    ),
    types.CODE_ACTION_RESOLVE: (actions.resolve, None),
    types.TEXT_DOCUMENT_HOVER: (hover.hover, None),
    types.TEXT_DOCUMENT_CODE_LENS: (lens.code_lens, None),
    types.INITIALIZED: (watching.initialized, None),
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: (watching.did_change_configuration, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (watching.did_change_watched_files, None),
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (watching.did_change_folders, None),
}


def build(worker: Sequence[str] = WORKER) -> Session:
    """A server ready to be started, whose workers are run by the command `worker`."""
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
        converter_factory=default_converter,
    )

    def greet(hello: Any) -> None:
        session.rules = {rule.code: rule for rule in hello.rules}
        session.versions = hello.versions
        session.greeted.set()

    def done(analysis: Analysis) -> None:
        failure = analysis.report.failure
        told = f"{analysis.unit.uri}: {len(analysis.findings)} findings"
        detail = f"{analysis.seconds * 1000:.0f} ms, {analysis.resolved}, {failure or 'no failure'}"
        logger.debug("%s in %.0f ms", told, analysis.seconds * 1000)
        session.trace(told, detail)
        diagnostics.publish(session, analysis)
        handed.analysed(session, analysis.unit)

    documents = Documents()
    settings = Store(
        fetch=lambda folder: fetch_settings(session, folder),
        folder_of=lambda uri: folder_of(session, uri),
        complain=lambda message: session.show(message),
        rules=lambda: known_rules(session),
    )
    lane, background = Lane(worker, greet), Lane(worker, greet)
    analyses = Analyses(
        lane,
        background,
        current=documents.get,
        resolve=settings.resolve,
        done=done,
        handed=lambda: session.index.names,
    )
    session = Session(server, lane, background, documents, settings, analyses)
    server.feature(types.INITIALIZE)(functools.partial(_initialize, session))
    for method, (handler, options) in _HANDLERS.items():
        server.feature(method, options)(functools.partial(handler, session))
    for name, command in commands.COMMANDS.items():
        server.command(name)(functools.partial(command, session))
    return session


def _initialize(session: Session, params: types.InitializeParams) -> None:
    session.client = client.resolve(params)
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
            functools.partial(backlog.workspace_diagnostic, session)
        )


def main(tcp: tuple[str, int] | None = None, log_level: str = "info") -> None:
    """Run the server until its client leaves; then end the process with the right exit code.

    Over standard input and output, or for one client that connects to (host, port). Says so and
    exits with 2 if it cannot listen there.
    """
    run(build(), tcp, log_level)


def run(session: Session, tcp: tuple[str, int] | None, log_level: str) -> None:
    """Run a server that was built."""
    source, sink = _stdio() if tcp is None else _accept(tcp)
    configure(session, log_level)
    try:
        code = asyncio.run(_serve(session, source, sink))
    except KeyboardInterrupt:
        code = 130
    lifetime.leave(session, code)


async def _serve(session: Session, source: BinaryIO, sink: BinaryIO) -> int:
    try:
        return await transport.serve(session.server.protocol, source, sink)
    finally:
        session.editor_lane.close()
        session.background_lane.close()


def _stdio() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: stray prints go to standard error."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return source, sink


def _accept(address: tuple[str, int]) -> tuple[BinaryIO, BinaryIO]:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        listener = socket.create_server(address, family=family)
    except (OSError, UnicodeError) as error:  # the latter for a host that can be no name
        reason = getattr(error, "strerror", None) or error
        print(f"error: {address[0]}:{address[1]}: {reason}", file=sys.stderr)
        sys.exit(2)
    with listener:
        host, port = listener.getsockname()[:2]
        print(f"listening on {host}:{port}", file=sys.stderr, flush=True)
        connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection.makefile("rb"), connection.makefile("wb")
