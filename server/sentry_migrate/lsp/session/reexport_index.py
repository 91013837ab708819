"""What the workspace's files are to each other: names re-exported, and names taken.

Owns the index of that: made in the background once a document comes up that it could
matter to, or at once where files that are not open are looked at; and kept up with edits, saved or
not, and with watched files. Refuses to read a module itself; the worker does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from functools import reduce

from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis, may_have_findings
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.uris import path_of
from sentry_migrate.lsp.session import project_plan, workspace_files
from sentry_migrate.lsp.session.diagnostics import refresh_all
from sentry_migrate.lsp.session.session import Session, folder_of
from sentry_migrate.project.modules import Module, directory_of, hints, is_python, project_of
from sentry_migrate.project.reexports import resolve
from sentry_migrate.project.taken_names import NOTHING, Demand, Sought, TakenNames
from sentry_migrate.text.notebook import is_notebook
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

_ROOT = "sentry_sdk"
_BUDGET = 30.0
"""Seconds for listing a folder (somebody may have opened their whole home), and for reading."""
PATIENCE = 2.0
"""Seconds that a menu of fixes waits for the rest of the workspace to be read, at most."""
_MANY = 50
"""Changed files from which on looking at the whole workspace is cheaper."""


def analysed(session: Session, analysis: UnitAnalysis) -> None:
    """A document's newest text was analysed: it may need the index, or belong in it."""
    index, unit = session.index, analysis.unit
    path = unit.path
    if not unit.python or (path is None and folder_of(session, unit.uri)[0] is None):
        return
    named = hints(unit.text) or may_have_findings(unit)
    if named and not (index.begun and _root(session, unit) in (None, *index.roots)):
        begin(session)
    elif index.begun and path is not None and not unit.notebook:
        if named or path in index.modules or path in index.taken or _near(session, unit.text):
            session.spawn(_update(session, (path,)))


def _ours(session: Session, uri: str) -> bool:
    """Whether a file is in a folder of the workspace, or of the project of an open document."""
    path = path_of(uri)
    if path is None or folder_of(session, uri)[0] is not None:
        return path is not None
    return project_of(directory_of(path)) in session.index.roots


def _near(session: Session, text: str) -> bool:
    return session.index.sought.near(text.encode("utf-8", "replace"))


def _root(session: Session, unit: Unit) -> str | None:
    """The project of a document that is in no folder of the workspace."""
    if unit.path is None or folder_of(session, unit.uri)[0] is not None:
        return None
    return project_of(directory_of(unit.path))


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
    found = (path_of(uri) for uri in uris if _ours(session, uri))
    paths = [path for path in found if path and (is_python(path) or is_notebook(path))]
    if len(paths) > _MANY or (paths and packages):
        begin(session)
    elif paths:
        session.spawn(_update(session, tuple(paths)))
        session.spawn(project_plan.changed(session, paths))


async def informed(
    session: Session, uri: str, patience: float | None = None
) -> UnitAnalysis | None:
    """The newest analysis; where there is something to fix, one that knows what other files take
    and have. If it takes longer than `patience` seconds (`PATIENCE`, if not given) to find
    that out, no import goes, and what depends on other files is not safe."""
    index = session.index
    loop = asyncio.get_running_loop()
    end = loop.time() + (PATIENCE if patience is None else patience)
    while True:  # what is found out may lead to further questions
        analysis = await session.analyses.get(uri)
        if analysis is None or analysis.unit.path is None or not analysis.findings:
            return analysis
        asked = analysis.result.plan.asked
        if index.demand is not None and index.kinds.issuperset(asked):
            return analysis
        waiting = asyncio.ensure_future(_looked_through(session, asked))
        await asyncio.wait({waiting}, timeout=max(0.0, end - loop.time()))
        if index.kinds.issuperset(asked) and index.demand is not None:
            continue
        if not index.kinds.issuperset(asked):
            project_plan.impatient(session)
        return await session.analyses.get(uri)


async def _looked_through(session: Session, kinds: Collection[str]) -> None:
    await ready(session)
    await project_plan.look(session, kinds)


async def caught_up(session: Session) -> None:
    """Wait until the index knows what was typed in open documents so far."""
    for unit in tuple(session.documents):
        await session.analyses.get(unit.uri)
    await asyncio.sleep(0)  # what was begun then waits for the index before us
    async with session.index.lock:
        return


async def _rebuild(session: Session) -> None:
    index = session.index
    async with index.lock:
        if not index.stale:
            return  # somebody else did it meanwhile
        index.stale = False
        displayed = session.documents.modules()
        roots = {root for unit in session.documents if (root := _root(session, unit))}
        texts = {path: text for path, text in displayed.items() if hints(text) or _ROOT in text}
        opened = {path: index.modules[path] for path in texts if path in index.modules}
        sought = await _read(session, opened, tuple(texts), texts)
        names = {module.name for module in (*index.modules.values(), *opened.values())}
        try:
            files = await workspace_files.listed(
                session, _BUDGET, tuple(sorted(names)), sought, sorted(roots)
            )
        except LostError as error:
            logger.error("cannot list the workspace files: %s", error)
            index.modules.update(opened)
            index.complete = False
            project_plan.listed(session, None)
        else:
            index.roots = frozenset(roots)
            index.complete = all(answer.taken is not None for answer in files)
            index.taken = {path: one for answer in files for path, one in answer.taken or ()}
            index.sought = reduce(Sought.also, (answer.sought for answer in files), sought)
            await _read(session, {}, tuple(displayed), displayed)
            index.modules = {path: module for answer in files for path, module in answer.modules}
            for path in index.modules.keys() & displayed.keys():
                index.modules[path] = Module(index.modules[path].name)  # not as it is saved
            index.modules.update(opened)
            project_plan.listed(session, _mentioning(files))
        index.known = frozenset(names | {module.name for module in index.modules.values()})
        await _settle(session)
        project_plan.renew(session)


def _mentioning(files: Iterable[frames.Files]) -> tuple[str, ...]:
    answers = [(*answer.paths, *answer.others, *answer.beside) for answer in files]
    return tuple(dict.fromkeys(path for paths in answers for path in paths))


async def _update(session: Session, paths: tuple[str, ...]) -> None:
    index = session.index
    async with index.lock:
        texts = {path: text for path, text in session.documents.modules().items() if path in paths}
        sought = await _read(session, index.modules, paths, texts)
        if index.sought.also(sought) != index.sought:
            begin(session)  # who takes these must be looked for first
        names = index.names
        await _settle(session)
        if names != index.names:
            project_plan.renew(session)


async def _read(
    session: Session, modules: dict[str, Module], paths: tuple[str, ...], texts: dict[str, str]
) -> Sought:
    """Read modules, and what they take; what they may lose themselves."""
    if not paths:
        return NOTHING
    index = session.index
    ask = frames.Read(paths, tuple(texts.items()), index.sought)
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        logger.error("cannot read modules: %s", error)
        return NOTHING
    assert isinstance(answer, frames.Modules)
    for path, module, one in zip(paths, answer.found, answer.taken, strict=True):
        if module is not None and module.broken and path in texts and path in modules:
            continue  # somebody is typing: what it last re-exported and took holds
        if one is not None:
            index.taken[path] = one
        else:
            index.taken.pop(path, None)
        if module is not None and (module.imports or module.name in session.index.known):
            modules[path] = module
        else:
            modules.pop(path, None)
    return answer.sought


async def _settle(session: Session) -> None:
    """If the names are others now, what was found with the old ones has to be found again."""
    index = session.index
    demand = None
    if index.complete:
        demand = await asyncio.to_thread(Demand.of, dict(index.taken), index.plan.name)
    names = await asyncio.to_thread(resolve, dict(index.modules), demand)
    if any(one.origin and one.module not in index.known for one in names):
        begin(session)  # who else is called like this must be known first
    elif names != index.names or demand != index.demand:
        known = index.names, _taken(session)
        index.names, index.demand = names, demand
        logger.info("workspace re-exports %d sentry_sdk names", len(names))
        session.cache.files.clear()
        if known != (names, _taken(session)):
            refresh_all(session)


def _taken(session: Session) -> list[TakenNames]:
    """What is taken from each open document."""
    return [session.index.taken_from(unit.path) for unit in session.documents]
