"""The commands that a client can execute.

Owns their names and what they do; each is also in the server's capabilities. A failure is shown to
the user, who asked for the command.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.features.code_action import EXPLAIN, FIX_WORKSPACE
from sentry_migrate.lsp.features.explain import explain
from sentry_migrate.lsp.features.fix_commands import fix_file, fix_workspace
from sentry_migrate.lsp.features.migration_overview import (
    apply_fix,
    assume,
    grouped,
    ignore,
    preview_fix,
)
from sentry_migrate.lsp.features.migration_report import ReportBuilder
from sentry_migrate.lsp.features.undo import undo
from sentry_migrate.lsp.session import reexport_index, workspace_files
from sentry_migrate.lsp.session.diagnostics import refresh_all
from sentry_migrate.lsp.session.progress import Work, progress
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.report import source_links
from sentry_migrate.worker.lane import LostError

FIX_FILE = "sentry-migrate.fixFile"
REPORT = "sentry-migrate.report"
QUESTION = "sentry-migrate.question"
OVERVIEW = "sentry-migrate.overview"
APPLY_FIX = "sentry-migrate.applyFix"
PREVIEW_FIX = "sentry-migrate.previewFix"
ASSUME = "sentry-migrate.assume"
IGNORE = "sentry-migrate.ignore"
UNDO = "sentry-migrate.undo"
DEBUG = "sentry-migrate.debugInformation"
RESTART = "sentry-migrate.restartAnalysis"


async def report(session: Session, *arguments: Any) -> dict[str, Any]:
    """`report({format?, links?})`: what is left in the workspace: counts, and a page if asked."""
    links = _links(arguments)
    async with progress(session, "Counting sentry-sdk 1.x uses") as work:
        await reexport_index.ready(session)
        listed = await workspace_files.paths(session)
        builder = await _count(session, listed, work)
        return {"cancelled": True} if work.cancelled else await builder.result(session, links)


async def overview(session: Session, *_arguments: Any) -> dict[str, Any]:
    """`overview()`: what is left in the workspace, in the groups of `migration_overview`."""
    async with progress(session, "Looking for sentry-sdk 1.x uses") as work:
        await reexport_index.ready(session)
        listed = await workspace_files.paths(session)
        builder = await _count(session, listed, work)
        return {"cancelled": True} if work.cancelled else await grouped(session, builder.found)


async def question(session: Session, *arguments: Any) -> dict[str, Any]:
    """`question(doubt, {links?, answer?})`: the page of a question, with a link to answer it."""
    code, options = [*arguments, None, None][:2]
    links = _template({} if options is None else options)
    answer = "" if options is None else options.get("answer", "")
    if not isinstance(code, str) or code not in DOUBTS or not isinstance(answer, str):
        raise JsonRpcInvalidParams("expected a doubt and the options {links, answer}")
    async with progress(session, "Looking for sentry-sdk 1.x uses") as work:
        await reexport_index.ready(session)
        listed = await workspace_files.paths(session)
        builder = await _count(session, listed, work)
        if work.cancelled:
            return {"cancelled": True}
        return {"html": await builder.question(session, code, links, answer)}


async def _count(session: Session, listed: list[str], work: Work) -> ReportBuilder:
    """What each file has now. It takes a while, in which files change, so they are looked at once
    more; only what changed is analysed again."""
    await _round(session, listed, work)
    return await _round(session, listed, work)


async def _round(session: Session, listed: list[str], work: Work) -> ReportBuilder:
    builder = ReportBuilder()
    units, paths = await workspace_files.apart(session, listed)
    for unit in units:
        analysis = await session.analyses.get(unit.uri)
        if analysis is not None:
            builder.add(analysis.unit, analysis.result, analysis.resolved)
    async for analyzed in workspace_files.analyze_files(session, session.cache, paths):
        if work.cancelled:
            break
        builder.add(analyzed.unit, analyzed.result, analyzed.resolved)
        work.report(analyzed.unit.uri, len(builder), len(units) + len(paths))
    return builder


def _links(arguments: tuple[Any, ...]) -> str | None:
    """The template for the links of a page; None if no page is wanted."""
    options = arguments[0] if arguments and arguments[0] is not None else {}
    if options == {}:
        return None
    if isinstance(options, dict) and options.get("format") == "html":
        return _template(options)
    raise JsonRpcInvalidParams('expected the options {format: "html", links: template}')


def _template(options: Any) -> str:
    links = options.get("links", "{uri}") if isinstance(options, dict) else None
    if not isinstance(links, str):
        raise JsonRpcInvalidParams("expected the options {links: template}")
    try:
        source_links.check(links)
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    return links


async def debug_information(session: Session, *_arguments: Any) -> dict[str, Any]:
    """`debugInformation()`: everything a bug report needs, and no source text."""
    lanes = {
        "editor": session.editor_lane,
        "background": session.background_lane,
        "large": session.large_lane,
    }
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
                "failure": known.result.failure.kind if known and known.result.failure else None,
            }
            for unit in session.documents
        ],
        "rules": len(session.rules),
        "re-exports": {
            f"{one.place}: {one.name}": one.origin for one in session.index.names if one.origin
        },
    }


async def restart_analysis(session: Session, *_arguments: Any) -> None:
    """`restartAnalysis()`: new worker processes, and everything analysed again."""
    session.editor_lane.restart()
    for lane in (session.background_lane, session.large_lane):
        if lane.pid is not None:
            lane.restart()
    session.cache.files.clear()
    session.settings.forget()
    refresh_all(session)


def _with_plain_errors(command: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The command, failing with a sentence instead of the name of an exception."""

    async def run(session: Session, *arguments: Any) -> Any:
        try:
            return await command(session, *arguments)
        except LostError as error:
            reason = f"cannot analyse the files: {error}"
            raise JsonRpcException(reason, types.LSPErrorCodes.RequestFailed) from error

    return run


COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {
    FIX_FILE: fix_file,
    FIX_WORKSPACE: _with_plain_errors(fix_workspace),
    REPORT: _with_plain_errors(report),
    QUESTION: _with_plain_errors(question),
    OVERVIEW: _with_plain_errors(overview),
    APPLY_FIX: apply_fix,
    PREVIEW_FIX: preview_fix,
    ASSUME: assume,
    IGNORE: ignore,
    UNDO: undo,
    DEBUG: debug_information,
    RESTART: restart_analysis,
    EXPLAIN: explain,
}
