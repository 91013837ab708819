"""A line above the file: how many 1.x uses it has. Off unless the settings say `codeLens`."""

from __future__ import annotations

from lsprotocol import types

from sentry_migrate.lsp.analysis.unit_analysis import fix_all_takes
from sentry_migrate.lsp.features.execute_command import FIX_FILE
from sentry_migrate.lsp.session.session import Session


async def code_lens(session: Session, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """`textDocument/codeLens`."""
    analysis = await session.analyses.get(params.text_document.uri)
    if analysis is None or not analysis.resolved.options.code_lens or analysis.unit.notebook:
        return None
    count = sum(not finding.unnecessary for finding in analysis.findings)
    if not count:
        return []
    safe = sum(
        fix_all_takes(finding, analysis.resolved)
        for finding in analysis.result.findings
        if not finding.unnecessary  # an unused suppression is not a use of the SDK
    )
    uses = f"{count} Sentry 1.x use{'s' if count > 1 else ''}"
    title = f"{uses} · migrate file ({safe} safe)" if safe else uses
    start = types.Position(0, 0)
    command = types.Command(
        title, FIX_FILE if safe else "", arguments=[analysis.unit.uri] if safe else None
    )
    return [types.CodeLens(types.Range(start, start), command)]
