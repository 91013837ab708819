"""Progress a person sees, and can stop.

Owns one piece of work's token from creation to end (LSP 3.17 "Work Done Progress").
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lsprotocol import types

from sentry_migrate.lsp.documents.uris import path_of
from sentry_migrate.lsp.session.session import Session, folders, name_in
from sentry_migrate.lsp.wire.requests import answered

_PATIENCE = 5.0
"""Seconds until work begins without progress, because the client does not answer."""
_REFUSED = object()


@dataclass(slots=True)
class Work:
    """What the worker of the work may say and ask. Without a token, saying does nothing."""

    session: Session
    token: types.ProgressToken | None
    percentage: int = -1

    def report(self, what: str, done: int, total: int) -> None:
        """Say how far it is; at most once per percent. `what` is words, or the path or URI of a
        file, which a status bar has no room for as a whole."""
        percentage = 100 * done // max(1, total)
        if self.token is not None and percentage != self.percentage:
            self.percentage = percentage
            roots = [path for _, path in folders(self.session)]
            message = name_in(path_of(what) or what, roots)
            value = types.WorkDoneProgressReport(message=message, percentage=percentage)
            self.session.server.work_done_progress.report(self.token, value)

    @property
    def cancelled(self) -> bool:
        """Whether the person pressed cancel."""
        tokens = self.session.server.work_done_progress.tokens
        return self.token is not None and self.token in tokens and tokens[self.token].cancelled()


@asynccontextmanager
async def progress(
    session: Session,
    title: str,
    token: types.ProgressToken | None = None,
    *,
    create: bool = True,
) -> AsyncIterator[Work]:
    """Show progress under the client's `token`; else, with `create`, under a new one if it can."""
    helper = session.server.work_done_progress
    if token is None and create and session.client.work_done:
        wanted = str(uuid.uuid4())
        helper.tokens[wanted] = Future()  # now: a person may cancel before we see the answer
        params = types.WorkDoneProgressCreateParams(token=wanted)
        asked = session.server.window_work_done_progress_create_async(params)
        if await answered(asked, _PATIENCE, otherwise=_REFUSED) is _REFUSED:
            session.server.protocol.forget_progress(wanted)
        else:
            token = wanted
    work = Work(session, token)
    if token is None:
        yield work
        return
    begin = types.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0)
    helper.begin(token, begin)
    try:
        yield work
    finally:
        helper.end(token, types.WorkDoneProgressEnd())
        session.server.protocol.forget_progress(token)
