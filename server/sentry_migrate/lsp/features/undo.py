"""Taking back what the last migration of the workspace made.

Owns comparing what it left with what there is: what was changed since stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sentry_migrate.lsp.documents import convert, file_state
from sentry_migrate.lsp.documents.convert import Change, Target
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.expected_texts import plain
from sentry_migrate.lsp.documents.uris import path_of, uri_of
from sentry_migrate.lsp.features import apply_edit
from sentry_migrate.lsp.session.session import Made, Session, folders, name_in
from sentry_migrate.lsp.wire.requests import answered
from sentry_migrate.text.edits import Edit, difference
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.notebook import NotebookSource, is_notebook, source_of
from sentry_migrate.text.source import DecodeError

_PATIENCE = 300.0
"""Seconds for a client to take back one portion."""


async def undo(session: Session, *_arguments: Any) -> dict[str, Any]:
    """`undo()`: has the client take back the last migration, in portions; `{undone, left}`: how
    many files, and the names of those that were changed since or that such files rest on."""
    if not session.made:
        raise _refused("there is no migration to take back")
    if session.confirming:
        raise _refused(apply_edit.CONFIRMING)
    async with session.editing:
        changed = [side for side, way in (await _ways(session, session.made)).items() if not way]
        session.unfinished = None
        left = {one for side in changed for one in session.made[side].needed}
        # What needs others was written after them.
        waiting = [side for side in reversed(session.made) if side not in left]
        undone = 0
        while waiting:
            portion, waiting = waiting[: apply_edit.PORTION], waiting[apply_edit.PORTION :]
            ways = await _ways(session, portion)
            back = [side for side, way in ways.items() if way]
            left.update(side for side in portion if side not in back)
            if back and not await _taken_back(
                session, [one for way in ways.values() for one in way]
            ):
                break
            undone += len(back)
            for side in back:
                del session.made[side]
    roots = [path for _, path in folders(session)]
    return {"undone": undone, "left": [name_in(side, roots) for side in sorted(left)]}


def _refused(reason: str) -> JsonRpcException:
    return JsonRpcException(reason, types.LSPErrorCodes.RequestFailed)


async def _ways(session: Session, sides: Iterable[str]) -> dict[str, list[Change]]:
    """The way back of each; empty where it is not as the migration left it."""
    wanted = {side: session.made[side] for side in sides}
    uris = {uri for made in wanted.values() for uri in made.texts}
    disk = await asyncio.to_thread(_texts, uris | {uri_of(s) for s in wanted if is_notebook(s)})
    for path, text in session.documents.raw().items():
        disk[uri_of(path)] = text
    found: dict[str, list[Change]] = {}
    for side, made in wanted.items():
        ways = [_way(session, uri, disk[uri], *made.texts[uri]) for uri in made.texts]
        found[side] = [way for way in ways if way is not None] if all(ways) else []
        if made.cells and not found[side]:
            unit = session.documents.get(uri_of(side))
            held = disk[uri_of(side)]
            found[side] = _in_cells(unit, made) if unit else _in_file(side, held, made)
    return found


def _texts(uris: Iterable[str]) -> dict[str, str | None]:
    """What files have on disk."""
    paths = {uri: path_of(uri) for uri in uris}
    return {uri: None if path is None else file_state.text(path) for uri, path in paths.items()}


def _way(session: Session, uri: str, disk: str | None, before: str, after: str) -> Change | None:
    unit = session.documents.get(uri)
    part = unit.part(uri) if unit is not None else None
    if unit is not None and part is None:
        return None  # an open notebook counts by its cells
    now = disk if part is None else part.snapshot.text
    if now is None or plain(now) != plain(after):
        return None
    place = Target(uri, None, LineIndex(now)) if part is None else convert.target(part)
    return place, (difference(now, before),), None


def _in_cells(unit: Unit, made: Made) -> list[Change]:
    """The way back of a notebook that was opened since."""
    if [plain(part.snapshot.text) for part in unit.parts] != [plain(one) for _, one in made.cells]:
        return []
    return [
        (convert.target(part), (difference(part.snapshot.text, before),), None)
        for part, (before, after) in zip(unit.parts, made.cells, strict=True)
        if before != after
    ]


def _in_file(path: str, held: str | None, made: Made) -> list[Change]:
    """The same of one that was closed since."""
    try:
        source = source_of(path, (held or "").encode())
    except DecodeError:
        return []
    assert isinstance(source, NotebookSource)
    if [cell.text for cell in source.cells] != [plain(after) for _, after in made.cells]:
        return []
    back = []
    for cell, (before, _) in zip(source.cells, made.cells, strict=True):
        one = difference(cell.text, plain(before))
        back.append(Edit(cell.start + one.start, cell.start + one.end, one.text))
    edits = tuple(source.edits_in_file(back))
    return [(Target(uri_of(path), None, source.file), edits, None)]


async def _taken_back(session: Session, changes: Sequence[Change]) -> bool:
    """Whether the client made the changes. The reason is shown if not."""
    marked = types.WorkspaceEditMetadata(is_refactoring=True)
    params = types.ApplyWorkspaceEditParams(
        edit=convert.workspace_edit(changes, session.client),
        label="Undo the migration to sentry-sdk 2.x",
        metadata=marked if session.client.edit_metadata else None,
    )
    answer = await answered(session.server.workspace_apply_edit_async(params), _PATIENCE)
    if answer is not None and answer.applied:
        return True
    session.show(apply_edit.refusal("undo", answer.failure_reason if answer else None))
    return False
