"""Findings to the client: pushed, or pulled.

Owns which documents show what. A client that can pull is never pushed to, except for notebooks,
whose cells it does not pull (LSP 3.17 "Pull Diagnostics").
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence

from lsprotocol import types

from sentry_migrate.lsp import convert
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.documents import Part, Unit, key
from sentry_migrate.lsp.session import Session
from sentry_migrate.model import Failure, Finding


def items(session: Session, analysis: Analysis, part: Part) -> list[types.Diagnostic]:
    """The diagnostics of one document of an analysed unit."""
    unit = analysis.unit
    shown = session.analyses.shown.of(analysis)
    found = [f for f in shown if convert.home(unit, f) is part]
    limit = analysis.resolved.editor.max_findings
    first = part is unit.parts[0] and not session.analyses.shown.waits(analysis)
    problem = analysis.report.failure if first else None
    return render(session, unit, part, found, limit, problem)


def render(
    session: Session,
    unit: Unit,
    part: Part,
    found: Sequence[Finding],
    limit: int,
    problem: Failure | None,
) -> list[types.Diagnostic]:
    """At most `limit` diagnostics (0: all), one that says how many there are beside, and one that
    says why there are none of this very text."""
    client = session.client
    shown = found if not limit else found[:limit]
    result = [convert.diagnostic(finding, unit, part, client) for finding in shown]
    if len(shown) < len(found):
        more = len(found) - len(shown)
        text = f"and {more} more uses of the sentry-sdk 1.x API in this file"
        at = found[len(shown)].start - part.start
        result.append(convert.note(text, part.snapshot.lines, at, client.encoding))
    told = convert.failure(problem, part, client) if problem is not None else None
    return [told, *result] if told is not None else result


def pushes(session: Session, unit: Unit) -> bool:
    """Whether a unit's diagnostics are pushed."""
    return unit.notebook or not session.client.pull_diagnostics


def publish(session: Session, analysis: Analysis) -> None:
    """Push what is known, unless a newer version came, it waits to be saved or the client pulls."""
    unit = analysis.unit
    newest = session.documents.get(unit.uri) is unit
    if not newest or session.analyses.shown.waits(analysis) or not pushes(session, unit):
        return
    for part in unit.parts:
        _send(session, part.snapshot.uri, part.snapshot.version, items(session, analysis, part))


def publish_closed(session: Session, uri: str, shown: list[types.Diagnostic]) -> None:
    """Push what is found in a file that is not open, if it shows anything or did."""
    if shown or key(uri) in session.published:
        _send(session, uri, None, shown)


def clear(session: Session, uri: str) -> None:
    """Take a document's diagnostics away, if it shows any of ours."""
    if key(uri) in session.published:
        _send(session, session.published[key(uri)], None, [])


def _send(
    session: Session, uri: str, version: int | None, diagnostics: list[types.Diagnostic]
) -> None:
    before = session.published.pop(key(uri), uri)
    if before != uri:  # to a client that does not know both for one, it would stay
        _send(session, before, None, [])
    if diagnostics:
        session.published[key(uri)] = uri
    session.server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=diagnostics)
    )


async def pull(
    session: Session, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """`textDocument/diagnostic`: full, or unchanged since the result the client names."""
    diagnostics: list[types.Diagnostic] = []
    analysis = await session.analyses.get(params.text_document.uri)
    if analysis is not None and not analysis.unit.notebook:
        diagnostics = items(session, analysis, analysis.unit.parts[0])
    session.pulled[key(params.text_document.uri)] = params.text_document.uri
    if analysis is None:  # it was closed meanwhile, and the workspace's answer may be older
        session.workspace_changed.set()
    name = await result_id(session, diagnostics)
    if name == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=name)
    return types.RelatedFullDocumentDiagnosticReport(items=diagnostics, result_id=name)


async def result_id(session: Session, diagnostics: list[types.Diagnostic]) -> str:
    """A name of the content: the same diagnostics have the same name, whatever the version.

    Made in a thread: spelling out hundreds of diagnostics is too much for one turn of the loop.
    """
    converter = session.server.protocol._converter

    def name() -> str:
        body = json.dumps(converter.unstructure(diagnostics), sort_keys=True).encode()
        return hashlib.blake2b(body, digest_size=12).hexdigest()

    return await asyncio.to_thread(name)
