"""The workspace's files that are not open.

Owns finding and examining them, in the background worker, and remembering what was found while a
file keeps its size and time. Refuses to know how results are shown.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from pygls.uris import from_fs_path

from sentry_migrate import frames
from sentry_migrate.lsp.analysis import fixable
from sentry_migrate.lsp.documents import Part, Snapshot, Unit
from sentry_migrate.lsp.editor import Editor
from sentry_migrate.lsp.examined import Cache, Examined, Stamp
from sentry_migrate.lsp.session import Session, folders, known_rules
from sentry_migrate.lsp.settings import Resolved
from sentry_migrate.lsp.workers import LostError
from sentry_migrate.model import Failure, FixOutcome, Report
from sentry_migrate.text.lines import LineIndex

_BUDGET = 120.0
"""Seconds for listing a folder that somebody waits for, and for one file."""


async def listed(
    session: Session, budget: float = _BUDGET, names: tuple[str, ...] = ()
) -> list[frames.Files]:
    """What each folder holds that concerns us, modules of these dotted names among it.

    Raises LostError.
    """
    result = []
    for uri, path in folders(session):
        resolved = await session.settings.resolve(uri.rstrip("/") + "/x.py", str(path / "x.py"))
        ask = frames.Discover(str(path), resolved.settings, names)
        answer = await session.background_lane.ask(ask, budget)
        assert isinstance(answer, frames.Files)
        result.append(answer)
    return result


async def paths(session: Session) -> list[str]:
    """The files of all folders that may have findings and are not open. Raises LostError."""
    found: dict[str, None] = {}
    for files in await listed(session):
        others = files.others if session.index.names else ()
        found.update(dict.fromkeys((*files.paths, *others)))
    return [path for path in found if session.documents.get(uri_of(path)) is None]


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    return str(from_fs_path(path))


async def examine(session: Session, cache: Cache, files: list[str]) -> AsyncIterator[Examined]:
    """What each file contains; files that are gone are left out."""
    for path in files:
        stamp = await asyncio.to_thread(_stamp, path)
        if stamp is None:
            continue
        resolved = await session.settings.resolve(uri_of(path), path)
        known = cache.files.get(path)
        if known is not None and known[:2] == (stamp, resolved):
            yield known[2]
            continue
        if resolved.editor.enable:
            answer = await _ask(session, path, resolved)
        else:
            answer = frames.FileReport("", Report())
        examined = Examined(_unit(path, answer.text), resolved, answer.report)
        cache.files[path] = (stamp, resolved, examined)
        yield examined


async def _ask(session: Session, path: str, resolved: Resolved) -> frames.FileReport:
    try:
        ask = frames.AnalyzeFile(path, resolved.settings, session.index.names)
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        return frames.FileReport("", Report(failure=Failure(error.kind, str(error))))
    assert isinstance(answer, frames.FileReport)
    return answer


async def fix(
    session: Session,
    path: str,
    choose: Callable[[Editor], tuple[str, ...] | None],
    unsafe: bool,
) -> tuple[Unit, FixOutcome] | None:
    """What a file becomes by its fixes; None if the worker is lost over it, or settings forbid it.

    `choose` gives names of rules; None means all that the settings let fix-all fix.
    """
    resolved = await session.settings.resolve(uri_of(path), path)
    if not resolved.editor.enable:
        return None
    rules = choose(resolved.editor)
    if rules is None:
        rules = fixable(resolved.editor, await known_rules(session))
    ask = frames.FixFile(path, resolved.settings, rules, unsafe, session.index.names)
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError:
        return None
    assert isinstance(answer, frames.FileFix)
    return _unit(path, answer.text), answer.outcome


def _unit(path: str, text: str) -> Unit:
    uri = uri_of(path)
    return Unit(uri, text, (Part(Snapshot(uri, 0, "python", LineIndex(text)), 0),))


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(Path(path))
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
