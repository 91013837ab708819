"""Commands a client may have executed.

Owns their names and what they do; every one is also in the server's capabilities. A command's
failure is told to the person: they asked.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.lsp import handed, workspace
from sentry_migrate.lsp.look import look_again
from sentry_migrate.lsp.migrate import fix_file, fix_workspace
from sentry_migrate.lsp.progress import progress
from sentry_migrate.lsp.protocol import answered
from sentry_migrate.lsp.session import Session, known_rules
from sentry_migrate.lsp.tally import Tally
from sentry_migrate.lsp.workers import LostError
from sentry_migrate.report import places

FIX_FILE = "sentry-migrate.fixFile"
FIX_WORKSPACE = "sentry-migrate.fixWorkspace"
REPORT = "sentry-migrate.report"
DEBUG = "sentry-migrate.debugInformation"
RESTART = "sentry-migrate.restartAnalysis"
EXPLAIN = "sentry-migrate.explain"


async def report(session: Session, *arguments: Any) -> dict[str, Any]:
    """`report({format?, links?})`: what is left in the workspace: counts, and a page if asked."""
    links = _links(arguments)
    tally = Tally()
    async with progress(session, "Counting sentry-sdk 1.x uses") as work:
        await handed.ready(session)
        for unit in session.documents:
            analysis = await session.analyses.get(unit.uri)
            if analysis is not None:
                tally.add(unit, analysis.report)
        files = await workspace.paths(session)
        async for examined in workspace.examine(session, session.cache, files):
            if work.cancelled:
                return {"cancelled": True}
            tally.add(examined.unit, examined.report)
            work.report(examined.unit.uri, len(tally), len(files))
        return await tally.result(session, links)


def _links(arguments: tuple[Any, ...]) -> str | None:
    """The template for the links of a page; None if no page is wanted."""
    options = arguments[0] if arguments and arguments[0] is not None else {}
    if options == {}:
        return None
    if isinstance(options, dict) and options.get("format") == "html":
        links = options.get("links", "{uri}")
        if isinstance(links, str):
            try:
                places.check(links)
            except ValueError as error:
                raise JsonRpcInvalidParams(str(error)) from None
            return links
    raise JsonRpcInvalidParams('options are {format: "html", links: template}')


async def debug_information(session: Session, *_arguments: Any) -> dict[str, Any]:
    """`debugInformation()`: everything a bug report needs, and no source text."""
    lanes = {"editor": session.editor_lane, "background": session.background_lane}
    return {
        "versions": dict(session.versions) | {"server python": sys.version.split()[0]},
        "platform": sys.platform,
        "client": asdict(session.client),
        "workers": {name: {"pid": lane.pid, "starts": lane.starts} for name, lane in lanes.items()},
        "pending requests": session.server.protocol.pending(),
        "documents": [
            {
                "uri": unit.uri,
                "characters": len(unit.text),
                "findings": len(known.findings) if (known := session.analyses.peek(unit)) else None,
                "failure": known.report.failure.kind if known and known.report.failure else None,
            }
            for unit in session.documents
        ],
        "rules": len(session.rules),
        "handed on": {
            f"{one.place}: {one.name}": one.origin for one in session.index.names if one.origin
        },
    }


async def restart_analysis(session: Session, *_arguments: Any) -> None:
    """`restartAnalysis()`: new worker processes, and everything looked at again."""
    session.editor_lane.restart()
    if session.background_lane.pid is not None:
        session.background_lane.restart()
    session.cache.files.clear()
    session.settings.forget()
    look_again(session)


async def explain(session: Session, *arguments: Any) -> None:
    """`explain(code, url)`: the rule's page in a browser, or its words in a message."""
    code, url = [*arguments, "", ""][:2]
    await known_rules(session)
    rule = session.rules.get(str(code))
    link = url if isinstance(url, str) and url.startswith("https://") else ""
    link = link or (rule.link if rule else "")
    if session.client.show_document and link:
        params = types.ShowDocumentParams(uri=link, external=True)
        answer = await answered(session.server.window_show_document_async(params))
        if answer is not None and answer.success:
            return
    if rule is None and not link:
        raise JsonRpcException(f"no rule {code!r}", types.ErrorCodes.InvalidParams)
    summary = f"{rule.code} ({rule.name}): {rule.summary}" if rule else str(code)
    session.show(f"{summary} {link}", types.MessageType.Info)


def _plainly(command: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The command, whose person reads what became of the analysis and not the name of a class."""

    async def run(session: Session, *arguments: Any) -> Any:
        try:
            return await command(session, *arguments)
        except LostError as error:
            reason = f"the files could not be looked at: {error}"
            raise JsonRpcException(reason, types.LSPErrorCodes.RequestFailed) from error

    return run


COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {
    FIX_FILE: fix_file,
    FIX_WORKSPACE: _plainly(fix_workspace),
    REPORT: _plainly(report),
    DEBUG: debug_information,
    RESTART: restart_analysis,
    EXPLAIN: explain,
}
