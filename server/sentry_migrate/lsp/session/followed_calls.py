"""Calls over several files, for the plan of the workspace: from function to function.

Owns asking the worker to follow them, and what it answered. What an open document calls counts as
it was when somebody asked first, until a file changes.
"""

from __future__ import annotations

import logging
import os

from sentry_migrate.lsp.session.session import Session, folders
from sentry_migrate.plan import Plan, Site, function_of, member_of
from sentry_migrate.project.plan_words import HEIRS
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

_BUDGET = 30.0
"""Seconds of processor time for following the calls of a workspace."""


async def follow(session: Session, plan: Plan) -> None:
    """Have the plan know where functions are called that somebody asked about, members are that do
    something, and classes are derived."""
    index = session.index
    asked = tuple(sorted(filter(_is_followed, index.searched)))
    if not asked:
        return
    known = tuple(plan.places(plan.called()))
    key = asked, frozenset((path, site.kind) for path, site in known)
    if key not in index.followed:
        index.followed[key] = await _followed(session, asked, known)
    for path, site in index.followed[key]:
        plan.leave(path, [site])


def _is_followed(kind: str) -> bool:
    return bool(function_of(kind) or member_of(kind) or kind.startswith(HEIRS))


async def _followed(session: Session, asked: tuple[str, ...], known: frames.Sites) -> frames.Sites:
    texts = session.documents.modules()
    roots = *(str(root) for _, root in folders(session)), *sorted(session.index.roots)
    concerned = tuple(path for path in session.index.files if path not in texts)
    ask = frames.Follow(roots, concerned, tuple(texts.items()), asked, known)
    try:
        answer = await session.background_lane.ask(ask, _BUDGET)
    except LostError as error:
        logger.error("cannot follow the calls of the workspace: %s", error)
        root = next(iter(roots), os.curdir)  # anything may be called then
        return tuple((root, Site(kind, 1)) for kind in asked)
    assert isinstance(answer, frames.Followed)
    return answer.found
