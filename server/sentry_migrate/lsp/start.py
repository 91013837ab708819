"""Starts the server: the first worker is loading already while the rest of the server does.

Each takes about as long, and a document is analysed once both are ready. So this imports nothing
that the worker can do without, until that is on its way.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, BinaryIO

from sentry_migrate import isolation
from sentry_migrate.lsp.wire import connection
from sentry_migrate.worker.lane import Lane

if TYPE_CHECKING:
    from sentry_migrate.lsp.session.session import Session


def main(tcp: tuple[str, int] | None = None, log_level: str = "info") -> None:
    """Run the server until its client leaves; then end the process with the right exit code.

    Over standard input and output, or for one client that connects to (host, port). Says so and
    exits with 2 if it cannot listen there.
    """
    source, sink = connection.opened(tcp)
    built: list[Session] = []
    try:
        code = asyncio.run(_serve(source, sink, log_level, built))
    except KeyboardInterrupt:
        code = 130
    if not built:
        sys.exit(code)
    from sentry_migrate.lsp.session import lifetime

    lifetime.leave(built[0], code)


async def _serve(source: BinaryIO, sink: BinaryIO, log_level: str, built: list[Session]) -> int:
    lane = Lane(isolation.worker())
    lane.start()
    await asyncio.sleep(0)  # its turn to start the process
    from sentry_migrate.lsp.server import build, serve

    session = build(lane=lane)
    built.append(session)
    return await serve(session, source, sink, log_level)
