"""Having documents looked at, and looked at again.

Owns what a new text or a new circumstance sets off: an analysis, a refresh of what the client
pulls. Refuses to know what the news is.
"""

from __future__ import annotations

from sentry_migrate.lsp import diagnostics
from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.protocol import answered
from sentry_migrate.lsp.session import Session


def look(session: Session, unit: Unit, delay: float) -> None:
    """See that a unit's diagnostics are pushed, if that is how this client gets them."""
    if not unit.relevant and not unit.notebook:
        for part in unit.parts:
            diagnostics.clear(session, part.snapshot.uri)
        return
    if diagnostics.pushes(session, unit):
        session.analyses.schedule(unit, delay)


def saves_only(session: Session, unit: Unit) -> bool:
    """Whether the person chose to be told on saving only."""
    editor = session.analyses.editor(unit.uri)
    return editor is not None and editor.run == "onSave"


def look_again(session: Session) -> None:
    """Everything may be different: settings, or the analysis itself."""
    session.analyses.invalidate()
    session.workspace_changed.set()
    for unit in session.documents:
        look(session, unit, 0)
    if session.ready:
        session.spawn(refresh(session))


async def refresh(session: Session) -> None:
    """Have a client that pulls do so again, if it can be told to."""
    if session.client.refresh_diagnostics and session.client.pull_diagnostics:
        await answered(session.server.workspace_diagnostic_refresh_async(None))
    if session.client.refresh_lenses:
        await answered(session.server.workspace_code_lens_refresh_async(None))
