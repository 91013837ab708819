"""What the client says of its documents: opened, changed, saved, closed; text and notebooks.

Owns the order in which a change reaches documents, findings and schedules. All of it runs at
once, on the event loop, in the order the client sent it.
"""

from __future__ import annotations

import logging

from lsprotocol import types

from sentry_migrate.lsp.analysis.scheduler import DEBOUNCE
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.session import diagnostics, reexport_index
from sentry_migrate.lsp.session.session import Session

logger = logging.getLogger(__name__)


def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """`textDocument/didOpen`."""
    unit = session.documents.open(params.text_document)
    _saw(session, unit)
    if session.documents.get(unit.uri) is not unit:
        return  # the JSON of a notebook
    session.analyses.forget(unit.uri)
    session.analyses.moved(unit, ())
    diagnostics.schedule(session, unit, 0)


def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """`textDocument/didChange`."""
    changed = session.documents.change(params.text_document, params.content_changes)
    if changed is None:
        _ignored(params.text_document.uri)
        return
    unit, batches = changed
    _saw(session, unit)
    if session.documents.get(unit.uri) is not unit:
        return
    session.analyses.moved(unit, batches)
    if not diagnostics.saves_only(session, unit):
        diagnostics.schedule(session, unit, DEBOUNCE)


def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """`textDocument/didSave`."""
    _saved(session, params.text_document.uri)


def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """`textDocument/didClose`."""
    unit = session.documents.close(params.text_document.uri)
    if session.documents.get(params.text_document.uri) is not None:
        return  # a notebook, whose JSON was open too
    session.analyses.forget(params.text_document.uri)
    session.workspace_changed.set()
    reexport_index.changed(session, [params.text_document.uri])
    if unit is not None:
        diagnostics.clear(session, unit.uri)


def _ignored(uri: str) -> None:
    logger.warning("%s: ignoring a change of a document that is not open or out of date", uri)


def _saw(session: Session, unit: Unit) -> None:
    for expected in session.expected:
        expected.saw(unit)


def did_open_notebook(session: Session, params: types.DidOpenNotebookDocumentParams) -> None:
    """`notebookDocument/didOpen`."""
    unit = session.documents.open_notebook(params)
    session.analyses.forget(unit.uri)
    session.analyses.moved(unit, ())
    _saw(session, unit)
    diagnostics.schedule(session, unit, 0)


def did_change_notebook(session: Session, params: types.DidChangeNotebookDocumentParams) -> None:
    """`notebookDocument/didChange`."""
    changed = session.documents.change_notebook(params)
    if changed is None:
        _ignored(params.notebook_document.uri)
        return
    unit, batches, left = changed
    session.analyses.moved(unit, batches)
    _saw(session, unit)
    for uri in left:
        diagnostics.clear(session, uri)
    if not diagnostics.saves_only(session, unit):
        diagnostics.schedule(session, unit, DEBOUNCE)


def did_save_notebook(session: Session, params: types.DidSaveNotebookDocumentParams) -> None:
    """`notebookDocument/didSave`."""
    _saved(session, params.notebook_document.uri)


def _saved(session: Session, uri: str) -> None:
    unit = session.documents.get(uri)
    if unit is None:
        return
    waited = session.analyses.saved(unit)
    if waited is not None:
        diagnostics.publish(session, waited)
    elif session.analyses.peek(unit) is None:
        diagnostics.schedule(session, unit, 0)
    else:
        return
    if diagnostics.saves_only(session, unit) and not diagnostics.pushes(session, unit):
        # Clients that pull do so on a change, not on saving.
        session.spawn(diagnostics.refresh(session))


def did_close_notebook(session: Session, params: types.DidCloseNotebookDocumentParams) -> None:
    """`notebookDocument/didClose`."""
    unit = session.documents.close_notebook(params)
    session.analyses.forget(params.notebook_document.uri)
    reexport_index.changed(session, [params.notebook_document.uri])
    if unit is not None:
        for part in unit.parts:
            diagnostics.clear(session, part.snapshot.uri)
