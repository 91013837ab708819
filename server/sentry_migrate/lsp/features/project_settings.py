"""Settings of the project that the editor offers to write: the answer to a doubt, a rule to ignore.

Owns which pyproject.toml gets them: the one whose table applies, or if there is none, the nearest
one in the workspace folder. It is only edited, never created.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert, file_state
from sentry_migrate.lsp.documents.convert import Target
from sentry_migrate.lsp.documents.uris import uri_of
from sentry_migrate.lsp.session.session import Session, folder_of
from sentry_migrate.project import settings_edit
from sentry_migrate.text.lines import LineIndex

ASSUME, IGNORE = "assume", "ignore"
"""The lists that codes are added to."""


def assume_title(code: str) -> str:
    """The title of the action. Choosing it answers the question with yes."""
    return f"Assume {code}: {DOUBTS[code].question}"


async def edit(
    session: Session, analysis: UnitAnalysis, key: str, code: str
) -> types.WorkspaceEdit | None:
    """The edit that adds `code` to the list `key`; None where no file can be edited safely, or the
    setting would have no effect."""
    resolved = analysis.resolved
    if resolved.options.configuration_preference == "editorOnly":
        return None
    if key == ASSUME and resolved.settings.strict:
        return None
    path = analysis.unit.path
    _, root = folder_of(session, analysis.unit.uri)
    if path is None:
        return None
    file = await asyncio.to_thread(settings_edit.file_for, Path(path).parent, root)
    target = await _target(session, file) if file is not None else None
    if target is None:
        return None
    made = settings_edit.adding(target.lines.text, key, code)
    if made is None:
        return None
    return convert.workspace_edit([(target, (made,), None)], session.client)


async def _target(session: Session, file: Path) -> Target | None:
    """The document if it is open, else the file."""
    uri = uri_of(str(file))
    unit = session.documents.get(uri)
    if unit is not None:
        return convert.target(unit.parts[0])
    text = await asyncio.to_thread(file_state.text, str(file))
    return None if text is None else Target(uri, None, LineIndex(text))
