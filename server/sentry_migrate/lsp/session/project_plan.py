"""What other files have that a fix of a document may meet, kept up with all of them.

Owns the plan of the files as they are now (`plan.py`): of a document what its newest analysis says,
of other files what the background worker finds in those that spell a kind of code which somebody
asked about. Whoever was told something else than what holds now is looked at again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents.uris import uri_of
from sentry_migrate.lsp.session import diagnostics, followed_calls
from sentry_migrate.lsp.session.session import Session, folders, name_in
from sentry_migrate.model import Fix
from sentry_migrate.plan import ANYTHING, Answer, Plan, Site
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

_BUDGET = 30.0
"""Seconds for looking through some files."""
_BATCH = 20
"""Files that are asked about at once: between two questions others have their turn."""
UNREAD = "possibly one of the files not read yet"
"""Where a kind of code is that not all files were looked through for."""


def analysed(session: Session, analysis: UnitAnalysis) -> None:
    """A document's newest text was analysed: others may depend on it, and it on others."""
    index, path = session.index, analysis.unit.path
    if path is None or not analysis.unit.python or not index.begun:
        return
    answer = analysis.result.plan
    before, now = index.documents.get(path), (analysis.left, answer)
    if not analysis.stale or before is None:  # else somebody is typing
        index.documents[path] = now
    if not index.kinds.issuperset(answer.asked):
        session.spawn(look(session, answer.asked))
    elif not analysis.stale and now != before:
        session.spawn(_settle(session))


async def look(session: Session, kinds: Collection[str]) -> None:
    """Have all files looked through for some kinds of code."""
    index = session.index
    async with index.survey:
        wanted = index.searched.union(kinds)
        if not index.listed:
            return
        # If all are known by now, what asked may still have come after they were settled.
        if wanted != index.searched:
            opened = _documents(session)
            paths = [one for one in index.files if one not in opened and one not in index.surveyed]
            await _survey(session, paths, wanted - index.searched)
            index.searched = frozenset(wanted)
    await _settle(session)
    index.unread = ""


def questions(fix: Fix) -> tuple[str, ...]:
    """The codes of the doubts that a person can settle: none where files that are still to be read
    may do so."""
    return () if UNREAD in fix.reason else fix.doubts


def listed(session: Session, paths: Sequence[str] | None) -> None:
    """The workspace was read again, and has these files; None where that failed."""
    index = session.index
    index.listed = paths is not None
    index.files, index.unread = (paths, "") if paths is not None else ((), UNREAD)


def renew(session: Session) -> None:
    """What is known of files no longer holds: other names stand for those of the SDK."""
    index = session.index
    asked = {kind for one in session.analyses.known() for kind in one.result.plan.asked}
    wanted = index.searched | asked
    index.searched = index.kinds = frozenset()
    index.followed.clear()
    index.surveyed = {}  # not cleared: somebody may be at work with what there was
    session.spawn(look(session, wanted))


async def changed(session: Session, paths: Collection[str]) -> None:
    """Files hold something else now, or are gone."""
    index = session.index
    async with index.survey:
        index.files = tuple({**dict.fromkeys(index.files), **dict.fromkeys(paths)})
        index.followed.clear()
        for path in paths:
            index.surveyed.pop(path, None)
        opened = _documents(session)
        await _survey(session, [one for one in paths if one not in opened], index.searched)
    await _settle(session)


def as_they_are(session: Session, without: Container[str]) -> Iterator[tuple[str, Answer]]:
    """What files have, as far as it is known, by path."""
    opened = _documents(session)
    for path, (_, answer) in opened.items():
        if path not in without:
            yield path, answer
    for path, answers in session.index.surveyed.items():
        if path not in without and path not in opened:
            yield path, next(reversed(answers.values()))


def impatient(session: Session) -> None:
    """Somebody does not wait any longer for files to be looked through."""
    session.index.unread = UNREAD
    _tell(session)


def fresh(session: Session) -> Plan:
    """A plan that knows no file."""
    roots = [path for _, path in folders(session)]
    return Plan(lambda path: name_in(path, roots))


def _documents(session: Session) -> dict[str, tuple[frames.Left, Answer]]:
    """By path, what the open documents were told and have, as far as they were analysed."""
    known, opened = session.index.documents, {unit.path for unit in session.documents}
    for path in known.keys() - opened:
        del known[path]
    return dict(known)


async def _survey(
    session: Session,
    paths: Sequence[str],
    kinds: Collection[str],
    left: Mapping[str, str] | None = None,
) -> None:
    """Find out what files have that spell one of these kinds."""
    told = left or {}
    for at in range(0, len(paths) if kinds else 0, _BATCH):
        for path, found in await _asked(session, paths[at : at + _BATCH], kinds, told):
            session.index.surveyed.setdefault(path, {})[frozenset(told)] = found


async def _asked(
    session: Session, paths: Sequence[str], kinds: Collection[str], told: Mapping[str, str]
) -> Sequence[tuple[str, Answer]]:
    """What some files have; anything may be in one that the worker is lost over."""
    resolved = await session.settings.resolve(uri_of(paths[0]), paths[0])
    ask = frames.Survey(
        tuple(paths),
        resolved.settings,
        session.index.names,
        tuple(sorted(kinds)),
        tuple(sorted(told.items())),
    )
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        if len(paths) == 1:
            logger.error("%s: cannot look through the file: %s", paths[0], error)
            return [(paths[0], Answer((Site(ANYTHING, 1),)))]
        alone = [await _asked(session, [path], kinds, told) for path in paths]
        return [one for found in alone for one in found]
    assert isinstance(answer, frames.Surveyed)
    return answer.found


async def _settle(session: Session) -> None:
    """Work out the plan, and have those looked at again that were told something else."""
    index = session.index
    async with index.survey:
        opened, surveyed = _documents(session), index.surveyed
        kinds, plan = index.searched, fresh(session)

        def take() -> None:
            for path, answers in surveyed.items():
                if path not in opened:
                    plan.take(path, {}, answers[frozenset()], as_it_is=True)
            for path, (told, has) in opened.items():
                plan.take(path, dict(told), has, as_it_is=True)

        await asyncio.to_thread(take)  # thousands of files are too much for a turn of the loop
        while True:
            await followed_calls.follow(session, plan)
            outdated = [one for one in plan.outdated() if one[0] not in opened]
            if not outdated:
                break
            for path, left in outdated:
                answers = surveyed[path]
                if frozenset(left) not in answers:
                    await _survey(session, [path], kinds, left)
                answer = answers.setdefault(frozenset(left), answers[frozenset()])
                plan.take(path, left, answer, as_it_is=True)
        if index.surveyed is not surveyed:
            return  # this no longer holds, and another look is under way
        index.plan, index.kinds = plan, kinds
    _tell(session)


def _tell(session: Session) -> None:
    """Look again at what was told something else than what holds now."""
    looked = False
    for analysis in session.analyses.known():
        unit = analysis.unit
        if session.index.differs(unit.path, analysis.left, analysis.result.plan.asked):
            session.analyses.outdated(unit)
            if session.documents.get(unit.uri) is unit:
                diagnostics.schedule(session, unit, 0)
                looked = True
    files = session.cache.files
    for path, known in list(files.items()):
        one = known.analyzed
        if session.index.differs(path, one.left, one.result.plan.asked):
            del files[path]
            session.workspace_changed.set()
    if looked and session.ready:
        session.spawn(diagnostics.refresh(session))
