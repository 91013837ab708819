"""The workspace's files that are not open.

Owns finding and examining them, in the background worker, and remembering what was found while a
file holds the same. Refuses to know how results are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sentry_migrate.lsp.analysis import scheduler
from sentry_migrate.lsp.analysis.file_cache import Cache, FileAnalysis, Known
from sentry_migrate.lsp.analysis.settings import Resolved
from sentry_migrate.lsp.analysis.unit_analysis import Told, fixable
from sentry_migrate.lsp.documents import file_state
from sentry_migrate.lsp.documents.documents import PYTHON, Part, Snapshot, Unit
from sentry_migrate.lsp.documents.expected_texts import plain
from sentry_migrate.lsp.documents.uris import uri_of
from sentry_migrate.lsp.session import project_plan
from sentry_migrate.lsp.session.session import Session, folders, known_rules
from sentry_migrate.model import CheckResult, Failure
from sentry_migrate.project.reexports import has_instances
from sentry_migrate.project.server_options import ServerOptions
from sentry_migrate.project.taken_names import Sought
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.notebook import is_notebook
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import LostError

_BUDGET = 120.0
"""Seconds for listing a folder that somebody waits for, and for one file."""
_BATCH = 100
"""Files that are looked at in one turn of a thread."""


async def listed(
    session: Session,
    budget: float = _BUDGET,
    names: tuple[str, ...] = (),
    sought: Sought | None = None,
    more: Iterable[str] = (),
) -> list[frames.Files]:
    """What each folder, and each directory of `more`, holds that concerns us: modules of these
    dotted names among it, and, if asked for, what files take of what is sought.

    Raises LostError.
    """
    result = []
    known = ((uri, path, False) for uri, path in folders(session))
    strays = ((uri_of(root), Path(root), True) for root in more)
    for uri, path, stray in (*known, *strays):
        resolved = await session.settings.resolve(uri.rstrip("/") + "/x.py", str(path / "x.py"))
        ask = frames.Discover(str(path), resolved.settings, names, sought, stray)
        answer = await session.background_lane.ask(ask, budget)
        assert isinstance(answer, frames.Files)
        result.append(answer)
    return result


async def paths(session: Session) -> list[str]:
    """The files of all folders that may have findings, open or not. Raises LostError."""
    found: dict[str, None] = {}
    for folder in await listed(session):
        others = folder.others if session.index.names else ()
        users = folder.users if has_instances(session.index.names) else ()
        found.update(dict.fromkeys((*folder.paths, *others, *users)))
    return list(found)


async def apart(session: Session, listed: Sequence[str]) -> tuple[list[Unit], list[str]]:
    """What is open, and what of the files `listed` is not: each once, however many names it has.

    A document counts as open under every name of its file. What only shows something that is kept
    elsewhere (`git:` has an old commit) is not part of the workspace. A notebook that is open as
    JSON counts as its file, as long as that is the same.
    """
    units = [unit for unit in session.documents if unit.current]
    raw = session.documents.raw()

    def tell() -> tuple[list[Unit], list[str]]:
        named = {unit.path: unit for unit in reversed(units) if unit.path is not None}
        once = {id(named[path]) for path in file_state.distinct(reversed(named))}
        opened = [unit for unit in units if unit.path is None or id(unit) in once]
        edited = {path for path, text in raw.items() if not _holds(path, text)}
        return opened, [one for one in file_state.distinct(listed, named) if one not in edited]

    return await asyncio.to_thread(tell)


def _holds(path: str, text: str) -> bool:
    held = file_state.text(path)
    return held is not None and plain(held) == plain(text)


async def analyze_files(
    session: Session, cache: Cache, paths: list[str]
) -> AsyncIterator[FileAnalysis]:
    """What each file contains; files that are gone are skipped."""
    for at in range(0, len(paths), _BATCH):
        batch = paths[at : at + _BATCH]
        for path, known in zip(batch, await _states(cache, batch), strict=True):
            if known is None:
                cache.files.pop(path, None)
                continue
            state, digest, analyzed = known
            resolved = await session.settings.resolve(uri_of(path), path)
            if analyzed is None or analyzed.resolved != resolved:
                answer, left = frames.FileResult("", CheckResult(off=True)), frames.Left()
                if resolved.options.enable:
                    answer, left = await _ask(session, path, resolved)
                unit = _unit(path, answer)
                analyzed = FileAnalysis(unit, resolved, answer.result, left)
                if await asyncio.to_thread(file_state.digest, path) != digest:
                    state, digest = state._replace(settled=False), b""  # not what was examined
            cache.files[path] = Known(state, digest, analyzed)
            yield analyzed


_Seen = tuple[file_state.State, bytes, FileAnalysis | None]


async def _states(cache: Cache, paths: Sequence[str]) -> list[_Seen | None]:
    """Each file as it is now, and what is known of it if it is as it was; None if it is gone."""
    before = [cache.files.get(path) for path in paths]

    def read() -> list[_Seen | None]:
        return [_seen(path, known) for path, known in zip(paths, before, strict=True)]

    return await asyncio.to_thread(read)


def _seen(path: str, known: Known | None) -> _Seen | None:
    state = file_state.state(path)
    if state is None:
        return None
    if known is not None and known.state.settled and known.state.stamp == state.stamp:
        return state, known.digest, known.analyzed
    digest = file_state.digest(path)  # switching branches touches files that it leaves as they were
    same = known is not None and digest and known.digest == digest
    return state, digest, known.analyzed if known is not None and same else None


async def _ask(
    session: Session, path: str, resolved: Resolved
) -> tuple[frames.FileResult, frames.Left]:
    """What a file contains, and what that was told of other files."""
    index = session.index
    taken = index.taken_from(path)
    ask = frames.AnalyzeFile(path, resolved.settings, index.names, taken)

    async def question(left: frames.Left) -> tuple[frames.FileResult, Collection[str]]:
        answer = await session.background_lane.ask(replace(ask, left=left), _BUDGET)
        assert isinstance(answer, frames.FileResult)
        asked = answer.result.plan.asked
        await project_plan.look(session, asked)
        return answer, asked

    try:
        return await scheduler.ask_until_it_holds(index, path, question)
    except LostError as error:
        result = CheckResult(failure=Failure(error.kind, str(error)))
        return frames.FileResult("", result), ()


async def fix(
    session: Session,
    path: str,
    choose: Callable[[ServerOptions], tuple[str, ...] | None],
    unsafe: bool,
    told: Told,
) -> frames.FileFix | None:
    """What a file becomes by its fixes; None if the worker is lost over it, or settings forbid it.

    `choose` gives names of rules; None means all that the settings let fix-all fix. `told` is what
    the run does to other files.
    """
    resolved = await session.settings.resolve(uri_of(path), path)
    if not resolved.options.enable or resolved.unreadable:
        return None
    rules = choose(resolved.options)
    if rules is None:
        rules = fixable(resolved.options, await known_rules(session))
    index = session.index
    taken = index.taken_from(path) if told.taken is None else told.taken
    ask = frames.FixFile(
        path, resolved.settings, rules, unsafe, index.names, taken, told.left, told.moves
    )
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError:
        return None
    assert isinstance(answer, frames.FileFix)
    return answer


def _unit(path: str, found: frames.FileResult) -> Unit:
    uri, text = uri_of(path), found.text
    if not is_notebook(path):
        return closed(uri, text)
    parts = (
        Part(Snapshot(uri, 0, PYTHON, LineIndex(own)), start, cell)
        for cell, start, own in found.cells
    )
    return Unit(uri, text, tuple(parts), notebook=True)


def closed(uri: str, text: str) -> Unit:
    """A file that is not open, as one text."""
    return Unit(uri, text, (Part(Snapshot(uri, 0, PYTHON, LineIndex(text)), 0),))
