"""Findings to the client: pushed, or pulled.

Owns which documents show what, and what a new text or a new circumstance sets off: an analysis, a
refresh of what the client pulls. A client that can pull is never pushed to, except for the cells of
notebooks, until it pulls them (LSP 3.17 "Pull Diagnostics").
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence

from lsprotocol import types

from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.documents import Part, Unit
from sentry_migrate.lsp.documents.uris import key
from sentry_migrate.lsp.session.session import Published, Session
from sentry_migrate.lsp.wire.requests import answered
from sentry_migrate.model import Failure, Finding

logger = logging.getLogger(__name__)


def schedule(session: Session, unit: Unit, delay: float) -> None:
    """See that a unit's diagnostics are pushed, if that is how this client gets them."""
    if not unit.relevant and not unit.notebook:
        for part in unit.parts:
            clear(session, part.snapshot.uri)
        return
    if pushes(session, unit):
        session.analyses.schedule(unit, delay)


def analysed(session: Session, analysis: UnitAnalysis) -> None:
    """There is a new analysis: say so to the log and to a client that traces, and push it."""
    failure = analysis.result.failure
    told = f"{analysis.unit.uri}: {len(analysis.findings)} findings"
    detail = f"{analysis.seconds * 1000:.0f} ms, {analysis.resolved}, {failure or 'no failure'}"
    logger.debug("%s in %.0f ms", told, analysis.seconds * 1000)
    session.trace(told, detail)
    publish(session, analysis)


def saves_only(session: Session, unit: Unit) -> bool:
    """Whether the person chose to be told on saving only."""
    options = session.analyses.options(unit.uri)
    return options is not None and options.run == "onSave"


def refresh_all(session: Session) -> None:
    """Everything may be different: settings, or the analysis itself."""
    session.analyses.invalidate()
    session.workspace_changed.set()
    for unit in session.documents:
        schedule(session, unit, 0)
    if session.ready:
        session.spawn(refresh(session))


async def refresh(session: Session) -> None:
    """Have a client that pulls do so again, if it can be told to."""
    if session.client.refresh_diagnostics and session.client.pull_diagnostics:
        await answered(session.server.workspace_diagnostic_refresh_async(None))
    if session.client.refresh_lenses:
        await answered(session.server.workspace_code_lens_refresh_async(None))


def items(session: Session, analysis: UnitAnalysis, part: Part) -> list[types.Diagnostic]:
    """The diagnostics of one document of an analysed unit."""
    unit = analysis.unit
    displayed = session.analyses.displayed.of(analysis)
    found = [f for f in displayed if convert.home(unit, f) is part]
    limit = analysis.resolved.options.max_findings
    first = part is unit.parts[0] and not session.analyses.displayed.waits(analysis)
    problem = analysis.result.failure if first else None
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
    displayed = found if not limit else found[:limit]
    result = [convert.diagnostic(finding, unit, part, client) for finding in displayed]
    if len(displayed) < len(found):
        more = len(found) - len(displayed)
        text = f"{more} more uses of the sentry-sdk 1.x API in this file"
        at = found[len(displayed)].start - part.start
        result.append(convert.note(text, part.snapshot.lines, at, client.encoding))
    told = convert.failure(problem, part, client) if problem is not None else None
    return [told, *result] if told is not None else result


def pushes(session: Session, unit: Unit) -> bool:
    """Whether a unit's diagnostics are pushed."""
    return unit.notebook or not session.client.pull_diagnostics


def publish(session: Session, analysis: UnitAnalysis) -> None:
    """Push what is known, unless a newer version came, it waits to be saved or the client pulls."""
    unit = analysis.unit
    newest = session.documents.get(unit.uri) is unit
    if not newest or session.analyses.displayed.waits(analysis) or not pushes(session, unit):
        return
    for part in unit.parts:
        if key(part.snapshot.uri) not in session.pulled:
            _send(session, part.snapshot.uri, part.snapshot.version, items(session, analysis, part))


def publish_closed(session: Session, uri: str, displayed: list[types.Diagnostic]) -> None:
    """Push what is found in a file that is not open, if it shows anything or did."""
    if displayed or _shows(session, uri):
        _send(session, uri, None, displayed)


def clear(session: Session, uri: str) -> None:
    """Take a document's diagnostics away, if it shows any of ours."""
    if _shows(session, uri):
        _send(session, session.published[key(uri)].uri, None, [])
    session.published.pop(key(uri), None)


def _shows(session: Session, uri: str) -> bool:
    published = session.published.get(key(uri))
    return published is not None and published.digest != b""


def _send(
    session: Session, uri: str, version: int | None, diagnostics: list[types.Diagnostic]
) -> None:
    before = session.published.get(key(uri))
    if before is not None and before.uri != uri:
        clear(session, uri)  # to a client that does not know both for one, it would stay
    spelled = repr(diagnostics).encode("utf-8", "replace") if diagnostics else b""
    digest = spelled and hashlib.blake2b(spelled, digest_size=16).digest()
    published = Published(uri, version, digest)
    if published == before:
        return
    session.published[key(uri)] = published
    session.server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=diagnostics)
    )


async def pull(
    session: Session, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """`textDocument/diagnostic`: full, or unchanged since the result the client names."""
    diagnostics: list[types.Diagnostic] = []
    uri = params.text_document.uri
    analysis = await session.analyses.get(uri)
    part = analysis.unit.part(uri) if analysis is not None else None
    if analysis is not None and part is not None:
        diagnostics = items(session, analysis, part)
        clear(session, uri)  # a cell that is pulled is not pushed as well
    session.pulled[key(uri)] = uri
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
