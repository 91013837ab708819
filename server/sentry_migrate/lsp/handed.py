"""Names that the workspace's own modules hand on, for documents that import them from there.

Owns the index of those modules: made in the background once a document comes up that it could
matter to, or at once where files that are not open are looked at; and kept up with edits, saved or
not, and with watched files. Refuses to read a module itself; the worker does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from sentry_migrate import frames
from sentry_migrate.lsp import workspace
from sentry_migrate.lsp.analysis import mentions_sentry
from sentry_migrate.lsp.documents import Unit, path_of
from sentry_migrate.lsp.look import look_again
from sentry_migrate.lsp.session import Session, folder_of
from sentry_migrate.lsp.workers import LostError
from sentry_migrate.modules import SUFFIXES, Module, hints
from sentry_migrate.reexports import resolve

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
    named = hints(unit.text)
    if not index.begun:
        if named or mentions_sentry(unit):
            begin(session)
    elif unit.path is not None and not unit.notebook and (named or unit.path in index.modules):
        session.spawn(_update(session, (unit.path,)))


def begin(session: Session) -> None:
    """Read the workspace, now or as soon as what is going on is over."""
    session.index.begun = session.index.stale = True
    session.spawn(_rebuild(session))


async def ready(session: Session) -> None:
    """Have the workspace read, if it never was, and wait until it is."""
    if not session.index.begun:
        session.index.begun = session.index.stale = True
    await _rebuild(session)


def changed(session: Session, uris: Iterable[str], packages: bool = False) -> None:
    """Files changed on disk, or documents were closed and their files count again.

    `packages` says that some came or went, so that modules may be called otherwise now.
    """
    if not session.index.begun:
        return
    found = (path_of(uri) for uri in uris if folder_of(session, uri)[0] is not None)
    paths = [path for path in found if path is not None and path.endswith(SUFFIXES)]
    if len(paths) > _MANY or (paths and packages):
        begin(session)
    elif paths:
        session.spawn(_update(session, tuple(paths)))


async def _rebuild(session: Session) -> None:
    index = session.index
    async with index.lock:
        if not index.stale:
            return  # somebody else did it meanwhile
        index.stale = False
        shown = _opened(session)
        texts = {path: text for path, text in shown.items() if hints(text)}
        opened = {path: index.modules[path] for path in texts if path in index.modules}
        await _read(session, opened, tuple(texts), texts)
        names = {module.name for module in (*index.modules.values(), *opened.values())}
        try:
            files = await workspace.listed(session, _BUDGET, tuple(sorted(names)))
        except LostError as error:
            logger.error("the workspace cannot be listed: %s", error)
            index.modules.update(opened)
        else:
            index.modules = {path: module for answer in files for path, module in answer.modules}
            for path in index.modules.keys() & shown.keys():
                index.modules[path] = Module(index.modules[path].name)  # not as it is saved
            index.modules.update(opened)
        index.known = frozenset(names | {module.name for module in index.modules.values()})
        await _settle(session)


async def _update(session: Session, paths: tuple[str, ...]) -> None:
    index = session.index
    async with index.lock:
        texts = {path: text for path, text in _opened(session).items() if path in paths}
        await _read(session, index.modules, paths, texts)
        await _settle(session)


async def _read(
    session: Session, modules: dict[str, Module], paths: tuple[str, ...], texts: dict[str, str]
) -> None:
    if not paths:
        return
    ask = frames.Read(paths, tuple(texts.items()))
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        logger.error("modules cannot be read: %s", error)
        return
    assert isinstance(answer, frames.Modules)
    for path, module in zip(paths, answer.found, strict=True):
        if module is not None and module.broken and path in texts and path in modules:
            continue  # somebody is typing: what it last handed on holds
        if module is not None and (module.imports or module.name in session.index.known):
            modules[path] = module
        else:
            modules.pop(path, None)


def _opened(session: Session) -> dict[str, str]:
    """By path, the texts of the workspace's open documents that are modules."""
    return {
        unit.path: unit.text
        for unit in session.documents
        if unit.path is not None
        and unit.python
        and not unit.notebook
        and folder_of(session, unit.uri)[0] is not None
    }


async def _settle(session: Session) -> None:
    """If the names are others now, what was found with the old ones has to be found anew."""
    index = session.index
    names = await asyncio.to_thread(resolve, dict(index.modules))
    if any(one.origin and one.module not in index.known for one in names):
        begin(session)  # who else is called like this must be known first
    elif names != index.names:
        index.names = names
        logger.info("the workspace hands on %d names of the SDK", len(names))
        session.cache.files.clear()
        look_again(session)
