"""What changes around the documents: settings, configuration files, folders.

Owns registering for such news and acting on it once per burst.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types

from sentry_migrate import __version__
from sentry_migrate.lsp.documents.uris import path_of
from sentry_migrate.lsp.features import explain, workspace_diagnostics
from sentry_migrate.lsp.session import reexport_index
from sentry_migrate.lsp.session.diagnostics import refresh_all
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.lsp.wire.requests import answered
from sentry_migrate.project.dependency_files import PATTERNS, SCRIPTS, lists_requirements
from sentry_migrate.project.modules import is_python
from sentry_migrate.project.server_options import SECTION
from sentry_migrate.text.notebook import is_notebook

logger = logging.getLogger(__name__)

_BURST = 0.15
"""Seconds to wait for more news of the same kind: switching a branch sends hundreds."""

# No braces, as Eglot reads no asterisk inside of them, and then refuses all patterns.
CONFIGURATION = ("**/.gitignore", *(f"**/{pattern}" for pattern in (*PATTERNS, *SCRIPTS)))
"""Files that decide on settings, the SDK's version among them, or on which files count."""
_SOURCES = ("**/*.py", "**/*.pyi", "**/*.ipynb")


def initialized(session: Session, _params: Any) -> None:
    """`initialized`: the first moment at which the client may be asked for anything."""
    session.ready = True
    logger.info(
        "sentry-migrate %s for %s, positions in %s, diagnostics %s",
        __version__,
        session.client.name,
        session.client.encoding,
        "pulled" if session.client.pull_diagnostics else "pushed",
    )
    session.spawn(_register(session))
    if not session.client.pull_diagnostics:
        session.spawn(workspace_diagnostics.keep_pushing(session))


async def _register(session: Session) -> None:
    registrations = []
    if session.client.watch_configuration:
        registrations.append(
            types.Registration(
                "sentry-migrate-configuration",
                types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                types.DidChangeConfigurationRegistrationOptions(section=SECTION),
            )
        )
    if session.client.watch_files:
        watchers = [types.FileSystemWatcher(glob) for glob in (*CONFIGURATION, *_SOURCES)]
        registrations.append(
            types.Registration(
                "sentry-migrate-files",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
            )
        )
    if session.client.text_contents:
        registrations.append(
            types.Registration(
                "sentry-migrate-pages",
                types.WORKSPACE_TEXT_DOCUMENT_CONTENT,
                types.TextDocumentContentRegistrationOptions(schemes=[explain.SCHEME]),
            )
        )
    if registrations:
        params = types.RegistrationParams(registrations)
        await answered(session.server.client_register_capability_async(params))


def did_change_configuration(session: Session, params: types.DidChangeConfigurationParams) -> None:
    """`workspace/didChangeConfiguration`: with the settings, or just the news."""
    if isinstance(params.settings, dict) and SECTION in params.settings:
        session.initial_settings = params.settings[SECTION]
    _later(session)


def did_change_folders(session: Session, _params: types.DidChangeWorkspaceFoldersParams) -> None:
    """`workspace/didChangeWorkspaceFolders`: another folder may decide on settings now."""
    _later(session)


def did_change_watched_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """`workspace/didChangeWatchedFiles`."""
    names = [change.uri for change in params.changes]
    session.changed.update(path for name in names if (path := path_of(name)) is not None)
    if all(_is_code(name) for name in names):
        session.workspace_changed.set()
    else:
        _later(session)
    packages = any(
        change.uri.endswith("/__init__.py") and change.type != types.FileChangeType.Changed
        for change in params.changes
    )
    reexport_index.changed(session, names, packages)


def _is_code(name: str) -> bool:
    return is_notebook(name) or (is_python(name) and not lists_requirements(name))


def _later(session: Session) -> None:
    if session.reload is not None:
        session.reload.cancel()
    session.reload = asyncio.get_running_loop().call_later(_BURST, _reload, session)


def _reload(session: Session) -> None:
    session.reload = None
    session.settings.forget()
    refresh_all(session)
    if session.index.begun:
        reexport_index.begin(session)
