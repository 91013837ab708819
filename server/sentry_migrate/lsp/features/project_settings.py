"""Settings of the project that the editor offers to write: the answer to a doubt, a rule to ignore.

Owns which pyproject.toml gets them: the one whose table applies, or if there is none, the nearest
one in the workspace folder. It is only edited, never created.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert, file_state
from sentry_migrate.lsp.documents.convert import Change, Target
from sentry_migrate.lsp.documents.uris import path_of, uri_of
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
    made = await addition(session, analysis.unit.uri, analysis.resolved, key, code)
    return None if isinstance(made, str) else convert.workspace_edit([made], session.client)


THERE = "it is there already"
"""Why nothing is added where nothing has to be."""


async def addition(
    session: Session, uri: str, resolved: Resolved, key: str, code: str
) -> Change | str:
    """The same for the file at `uri`, open or not, or what to tell a person who wants it."""
    by_hand = f"add `{code}` to the setting `{SECTION}.{key}` of the editor"
    if resolved.options.configuration_preference == "editorOnly":
        return f"the editor's settings keep pyproject.toml from being read; {by_hand}"
    if key == ASSUME and resolved.settings.strict:
        return "the setting `strict` of this project lets no answer count"
    path = path_of(uri)
    _, root = folder_of(session, uri)
    file = None
    if path is not None:
        file = await asyncio.to_thread(settings_edit.file_for, Path(path).parent, root)
    target = await _target(session, file) if file is not None else None
    if target is None:
        return f"no pyproject.toml can be read here; {by_hand}, or create a pyproject.toml"
    made = settings_edit.adding(target.lines.text, key, code)
    if made is not None:
        return target, (made,), None
    if settings_edit.holds(target.lines.text, key, code):
        return THERE
    return f"{file} cannot be edited as it is written; add `{code}` to its list `{key}`"


async def additions(
    session: Session, uris: Iterable[str], key: str, code: str
) -> tuple[list[Change], list[str]]:
    """The changes that add `code` to the list `key` for several files, and what to tell a person
    of those that get none; nothing of where it is there already."""
    changes: dict[str, Change] = {}
    reasons: dict[str, None] = {}
    seen: set[tuple[str | None, str | None]] = set()
    for uri in uris:
        unit = session.documents.get(uri)
        named = uri if unit is None else unit.uri
        path = path_of(named)
        place = folder_of(session, named)[0], None if path is None else str(Path(path).parent)
        if place in seen:
            continue
        seen.add(place)
        resolved = await session.settings.resolve(named, path)
        made = await addition(session, named, resolved, key, code)
        if isinstance(made, str):
            reasons.update({} if made == THERE else {f"{place[1] or named}: {made}": None})
        else:
            changes[made[0].uri] = made
    return list(changes.values()), list(reasons)


async def _target(session: Session, file: Path) -> Target | None:
    """The document if it is open, else the file."""
    uri = uri_of(str(file))
    unit = session.documents.get(uri)
    if unit is not None:
        return convert.target(unit.parts[0])
    text = await asyncio.to_thread(file_state.text, str(file))
    return None if text is None else Target(uri, None, LineIndex(text))
