"""Commands a client may have executed.

Owns their names and what they do; every one is also in the server's capabilities. A command's
failure is told to the person: they asked.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.lsp import convert, workspace
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.convert import Annotation, Change
from sentry_migrate.lsp.look import look_again
from sentry_migrate.lsp.progress import Work, progress
from sentry_migrate.lsp.protocol import answered
from sentry_migrate.lsp.session import Session, known_rules
from sentry_migrate.lsp.tally import Tally
from sentry_migrate.lsp.workers import LostError
from sentry_migrate.report import places

logger = logging.getLogger(__name__)

FIX_FILE = "sentry-migrate.fixFile"
FIX_WORKSPACE = "sentry-migrate.fixWorkspace"
REPORT = "sentry-migrate.report"
DEBUG = "sentry-migrate.debugInformation"
RESTART = "sentry-migrate.restartAnalysis"
EXPLAIN = "sentry-migrate.explain"


async def fix_file(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixFile(uri, {unsafe?, rules?})`: the document with its fixes applied, by an edit."""
    uri = arguments[0] if arguments else None
    if isinstance(uri, dict):
        uri = uri.get("uri")
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("fixFile wants the document's URI")
    rules, unsafe = _options(arguments[1:])
    analysis = await session.analyses.get(uri)
    if analysis is None:
        raise JsonRpcInvalidParams(f"{uri} is not open")
    changes, count = await _fixed(session, analysis, rules, unsafe)
    return await _apply(session, changes, count, f"Migrate {count} uses to sentry-sdk 2.x")


async def fix_workspace(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixWorkspace({unsafe?, rules?})`: one edit over all files, each to be confirmed."""
    rules, unsafe = _options(arguments)
    changes: list[Change] = []
    total = 0
    async with progress(session, "Migrating to sentry-sdk 2.x") as work:
        async for part, count in _everything(session, rules, unsafe, work):
            changes += part
            total += count
        if work.cancelled:
            return {"applied": False, "fixed": 0, "cancelled": True}
    return await _apply(session, changes, total, f"Migrate {total} uses to sentry-sdk 2.x")


async def _everything(
    session: Session, rules: tuple[str, ...] | None, unsafe: bool, work: Work
) -> Any:
    units = list(session.documents)
    files = await workspace.paths(session)
    total = len(units) + len(files)
    for done, unit in enumerate(units, 1):
        analysis = await session.analyses.get(unit.uri)
        if analysis is not None and not work.cancelled:
            yield await _fixed(session, analysis, rules, unsafe, confirm=True)
        work.report(unit.uri, done, total)
    for done, path in enumerate(files, len(units) + 1):
        if work.cancelled:
            return
        fixed = await workspace.fix(session, path, rules, unsafe)
        work.report(path, done, total)
        if fixed is not None and session.documents.get(workspace.uri_of(path)) is None:
            unit, outcome = fixed
            note = _annotation(unsafe, confirm=True)
            changes = convert.changes(unit, outcome.edits, note) or []
            closed = [(place.closed(), edits, note) for place, edits, note in changes]
            yield closed, len(outcome.applied)


async def _fixed(
    session: Session,
    analysis: Analysis,
    rules: tuple[str, ...] | None,
    unsafe: bool,
    confirm: bool = False,
) -> tuple[list[Change], int]:
    if analysis.stale:
        return [], 0
    try:
        outcome = await session.analyses.fix(analysis, rules, unsafe)
    except LostError as error:
        logger.warning("%s: cannot be fixed: %s", analysis.unit.uri, error)
        return [], 0
    changes = convert.changes(analysis.unit, outcome.edits, _annotation(unsafe, confirm))
    return changes or [], len(outcome.applied) if changes else 0


def _annotation(unsafe: bool, confirm: bool) -> Annotation:
    """`confirm` makes an editor show the edit before it is made; unsafe ones are always shown."""
    if unsafe:
        return Annotation("sentry-sdk 2.x", "Safe and unsafe fixes", confirm=True)
    return Annotation("sentry-sdk 2.x", "Safe fixes: what reaches Sentry stays the same", confirm)


async def _apply(session: Session, changes: list[Change], count: int, label: str) -> dict[str, Any]:
    """Have the client make the edits. A refusal is no error; a reason it gives is said."""
    if not changes:
        return {"applied": False, "fixed": 0, "found": count}
    if not session.client.apply_edit:
        session.show("This editor cannot apply edits; run `sentry-migrate check --fix` instead")
        return {"applied": False, "fixed": 0, "found": count}
    edit = convert.workspace_edit(changes, session.client)
    params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
    answer = await answered(session.server.workspace_apply_edit_async(params))
    if answer is None or not answer.applied:
        reason = getattr(answer, "failure_reason", None)
        if reason:  # without one, a person looked at it and left it
            session.show(f"The editor did not apply the migration: {reason}")
        return {"applied": False, "fixed": 0, "found": count}
    return {"applied": True, "fixed": count}


def _options(arguments: tuple[Any, ...]) -> tuple[tuple[str, ...] | None, bool]:
    options = arguments[0] if arguments and arguments[0] is not None else {}
    rules = options.get("rules") if isinstance(options, dict) else 0
    if rules is None:
        return None, options.get("unsafe") is True
    if isinstance(rules, list | tuple) and all(isinstance(name, str) for name in rules):
        return tuple(rules), options.get("unsafe") is True
    raise JsonRpcInvalidParams("options are {unsafe: boolean, rules: names}")


async def report(session: Session, *arguments: Any) -> dict[str, Any]:
    """`report({format?, links?})`: what is left in the workspace: counts, and a page if asked."""
    links = _links(arguments)
    tally = Tally()
    async with progress(session, "Counting sentry-sdk 1.x uses") as work:
        for unit in session.documents:
            analysis = await session.analyses.get(unit.uri)
            if analysis is not None:
                tally.add(unit, analysis.report)
        files = await workspace.paths(session)
        async for examined in workspace.examine(session, session.cache, files):
            if work.cancelled:
                break
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
        "handed on": dict(session.index.names),
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
