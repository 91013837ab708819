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
from sentry_migrate.project.server_options import SECTION
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
    made = await addition(session, analysis, key, code)
    return None if isinstance(made, str) else made


THERE = "it is there already"
"""Why nothing is added where nothing has to be."""


async def addition(
    session: Session, analysis: UnitAnalysis, key: str, code: str
) -> types.WorkspaceEdit | str:
    """The same edit, or what to tell a person who wants it."""
    resolved = analysis.resolved
    by_hand = f"add `{code}` to the setting `{SECTION}.{key}` of the editor"
    if resolved.options.configuration_preference == "editorOnly":
        return f"the editor's settings keep pyproject.toml from being read; {by_hand}"
    if key == ASSUME and resolved.settings.strict:
        return "the setting `strict` of this project lets no answer count"
    path = analysis.unit.path
    _, root = folder_of(session, analysis.unit.uri)
    file = None
    if path is not None:
        file = await asyncio.to_thread(settings_edit.file_for, Path(path).parent, root)
    target = await _target(session, file) if file is not None else None
    if target is None:
        return f"no pyproject.toml can be read here; {by_hand}, or create a pyproject.toml"
    made = settings_edit.adding(target.lines.text, key, code)
    if made is not None:
        return convert.workspace_edit([(target, (made,), None)], session.client)
    if settings_edit.holds(target.lines.text, key, code):
        return THERE
    return f"{file} cannot be edited as it is written; add `{code}` to its list `{key}`"


async def _target(session: Session, file: Path) -> Target | None:
    """The document if it is open, else the file."""
    uri = uri_of(str(file))
    unit = session.documents.get(uri)
    if unit is not None:
        return convert.target(unit.parts[0])
    text = await asyncio.to_thread(file_state.text, str(file))
    return None if text is None else Target(uri, None, LineIndex(text))
