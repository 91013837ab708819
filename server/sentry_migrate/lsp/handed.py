"""Names that the workspace's own modules hand on, for documents that import them from there.

Owns the index of those modules: made in the background once a document comes up that it could
matter to, and kept up with edits, saved or not, and with watched files. Refuses to read a module
itself; the worker does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sentry_migrate import frames, reexports
from sentry_migrate.lsp import workspace
from sentry_migrate.lsp.analysis import mentions_sentry
from sentry_migrate.lsp.documents import Unit, path_of
from sentry_migrate.lsp.look import look_again
from sentry_migrate.lsp.session import Session, folder_of
from sentry_migrate.lsp.workers import LostError

logger = logging.getLogger(__name__)

_BUDGET = 30.0
"""Seconds for listing a folder (somebody may have opened their whole home), and for reading."""
_MANY = 50
"""Changed files from which on looking at the whole workspace is cheaper."""


def analysed(session: Session, unit: Unit) -> None:
    """A document's newest text was analysed: it may need the index, or belong in it."""
    index = session.index
    if not unit.python or folder_of(session, unit.uri)[0] is None:
        return
    hints = reexports.hints(unit.text)
    if not index.begun:
        if hints or mentions_sentry(unit):
            begin(session)
    elif unit.path is not None and not unit.notebook and (hints or unit.path in index.modules):
        session.spawn(_update(session, [unit.path]))


def begin(session: Session) -> None:
    """Read the workspace, now or as soon as what is going on is over."""
    session.index.begun = session.index.stale = True
    session.spawn(_rebuild(session))


def changed(session: Session, uris: Iterable[str]) -> None:
    """Files changed on disk, or documents were closed and their files count again."""
    if not session.index.begun:
        return
    found = (path_of(uri) for uri in uris if folder_of(session, uri)[0] is not None)
    paths = [path for path in found if path is not None and path.endswith((".py", ".pyi"))]
    if len(paths) > _MANY:
        begin(session)
    elif paths:
        session.spawn(_update(session, paths))


async def _rebuild(session: Session) -> None:
    index = session.index
    async with index.lock:
        if not index.stale:
            return  # somebody else did it meanwhile
        index.stale = False
        try:
            files = await workspace.listed(session, _BUDGET)
        except LostError as error:
            logger.error("the workspace cannot be listed: %s", error)
            return
        modules = {path: module for answer in files for path, module in answer.modules}
        texts = _open_texts(session, None)
        await _read(session, modules, [path for path, _ in texts], texts)
        index.modules = modules
    _settle(session)


async def _update(session: Session, paths: list[str]) -> None:
    index = session.index
    async with index.lock:
        await _read(session, index.modules, paths, _open_texts(session, paths))
    _settle(session)


async def _read(
    session: Session,
    modules: dict[str, reexports.Module],
    paths: list[str],
    texts: frames.Handed,
) -> None:
    if not paths:
        return
    ask = frames.Read(tuple(paths), texts)
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        logger.error("modules cannot be read: %s", error)
        return
    assert isinstance(answer, frames.Modules)
    for path, module in zip(paths, answer.found, strict=True):
        if module is None:
            modules.pop(path, None)
        else:
            modules[path] = module


def _open_texts(session: Session, paths: Iterable[str] | None) -> frames.Handed:
    """(path, text) of open documents: all that could hand on names, or those of `paths`."""
    wanted = None if paths is None else set(paths)
    return tuple(
        (unit.path, unit.text)
        for unit in session.documents
        if unit.path is not None
        and unit.python
        and not unit.notebook
        and folder_of(session, unit.uri)[0] is not None
        and (reexports.hints(unit.text) if wanted is None else unit.path in wanted)
    )


def _settle(session: Session) -> None:
    """If the names are others now, what was found with the old ones has to be found anew."""
    index = session.index
    names = tuple(sorted(reexports.resolve(index.modules.values()).items()))
    if names == index.names:
        return
    index.names = names
    logger.info("the workspace hands on %d names of the SDK", len(names))
    session.cache.files.clear()
    look_again(session)
