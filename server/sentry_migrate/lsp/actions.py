"""Which code actions a request gets.

Owns choosing findings and listing what can be done about them. What an action's edit is, is
decided in plans.py, at once or when the client resolves it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sentry_migrate.lsp import convert, plans
from sentry_migrate.lsp.analysis import Analysis, fix_all_takes
from sentry_migrate.lsp.commands import EXPLAIN
from sentry_migrate.lsp.documents import Part
from sentry_migrate.lsp.plans import Plan
from sentry_migrate.lsp.session import Session
from sentry_migrate.model import Applicability, Finding, Fix

logger = logging.getLogger(__name__)

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.sentry-migrate"
NOTEBOOK_FIX_ALL = "notebook.source.fixAll.sentry-migrate"
KINDS = (QUICK_FIX, FIX_ALL, NOTEBOOK_FIX_ALL)
_MENU = 30
"""Findings that quick fixes are listed for: who selects more wants fix-all, no endless menu."""


async def code_actions(
    session: Session, params: types.CodeActionParams
) -> list[types.CodeAction] | None:
    """`textDocument/codeAction`."""
    context = params.context
    only = None if context.only is None else [str(getattr(k, "value", k)) for k in context.only]
    analysis = await _known(session, params.text_document.uri, only)
    part = analysis.unit.part(params.text_document.uri) if analysis is not None else None
    if analysis is None or part is None:
        return None
    found: list[tuple[types.CodeAction, Plan | None]] = []
    if only is None or asked(QUICK_FIX, only):
        about = ours(params.context.diagnostics)
        alone = applies_everything(session, part, params)
        if about or not alone:  # it would make our edit for another server's diagnostic
            chosen = select(session, analysis, part, params.range, about)
            found += quick_fixes(session, analysis, part, chosen)
        if alone:
            found = found[:1]
    # A source action is never offered beside quick fixes: some clients apply all they are given.
    # Editors ask for every cell of a notebook at once, so a cell gets none that fixes them all.
    if only is not None and not analysis.unit.notebook and asked(FIX_ALL, only):
        found += fix_all(analysis, FIX_ALL)
    if only is not None and analysis.unit.notebook and asked(NOTEBOOK_FIX_ALL, only):
        found += fix_all(analysis, NOTEBOOK_FIX_ALL)
    finished = [await finish(session, analysis, action, plan) for action, plan in found]
    return [action for action in finished if action is not None]


async def _known(session: Session, uri: str, only: Sequence[str] | None) -> Analysis | None:
    """The analysis; None if a request that may hold up saving would wait too long for it."""
    known = session.analyses.get(uri)
    if only is None or asked(QUICK_FIX, only):
        return await known
    try:
        return await asyncio.wait_for(known, plans.PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("%s: not analysed in time to fix it on saving", uri)
        return None


def asked(kind: str, only: Sequence[str]) -> bool:
    """Whether a list of kinds asks for one: kinds are prefixes (LSP 3.17 "CodeActionKind")."""
    return any(prefix in ("", kind) or kind.startswith(prefix + ".") for prefix in only)


def ours(given: Iterable[types.Diagnostic]) -> list[types.Diagnostic]:
    """The diagnostics that are this server's, or do not say whose they are."""
    return [one for one in given if one.source in (None, convert.SOURCE)]


def select(
    session: Session,
    analysis: Analysis,
    part: Part,
    range_: types.Range,
    about: Sequence[types.Diagnostic],
) -> list[Finding]:
    """The first findings a request is about: those of the diagnostics, or else of the range.

    The diagnostics choose by place only, and by code if they have one; what else a client sends
    back of them is not to be relied on.
    """
    encoding = session.client.encoding
    here = [f for f in analysis.findings if convert.home(analysis.unit, f) is part]
    if not about:
        return touching(here, *convert.span(part, range_, encoding))[:_MENU]
    result: dict[int, Finding] = {}  # by identity: equality would compare all that they say
    for diagnostic in about:
        if len(result) >= _MENU:
            break
        place = convert.span(part, diagnostic.range, encoding)
        near = touching(here, *place)
        alike = [f for f in near if f.code == diagnostic.code]
        exact = [f for f in alike if (f.start, min(f.end, part.end)) == place]
        result.update((id(f), f) for f in exact or alike or near)
    return list(result.values())[:_MENU]


def touching(findings: Iterable[Finding], start: int, end: int) -> list[Finding]:
    """The findings that overlap or touch a span."""
    return [f for f in findings if f.start <= end and start <= f.end]


def applies_everything(session: Session, part: Part, params: types.CodeActionParams) -> bool:
    """Whether the client seems to be one that applies each action it gets.

    Kate's quick fix asks with the whole document's range and the one diagnostic at the cursor,
    and then makes every edit it is given.
    """
    start, end = convert.span(part, params.range, session.client.encoding)
    whole = start == part.start and end == part.end and end > start
    return whole and len(params.context.diagnostics) == 1


def quick_fixes(
    session: Session, analysis: Analysis, part: Part, chosen: Sequence[Finding]
) -> Iterator[tuple[types.CodeAction, Plan | None]]:
    """What can be done about each finding, the best first."""
    client = session.client
    counts: dict[str, int] = {}
    for finding in analysis.report.findings:
        if finding.fix is not None and finding.fix.applicability is Applicability.SAFE:
            counts[finding.name] = counts.get(finding.name, 0) + 1
    for finding in chosen:
        about = [convert.diagnostic(finding, analysis.unit, part, client)]
        if not analysis.stale:
            yield from _fixes(session, analysis, finding, about)
        if counts.get(finding.name, 0) > 1:
            title = f"Fix all {counts[finding.name]} {finding.code} ({finding.name}) in this file"
            plan = Plan("rule", analysis.unit, name=finding.name)
            yield types.CodeAction(title, kind=QUICK_FIX, diagnostics=about), plan
        if not analysis.stale and convert.changes(analysis.unit, plans.suppression(finding), None):
            title = f"Ignore {finding.code} on this line"
            plan = Plan("ignore", analysis.unit, finding)
            yield types.CodeAction(title, kind=QUICK_FIX, diagnostics=about), plan
        title = f"Explain {finding.code} ({finding.name})"
        command = types.Command(title, EXPLAIN, arguments=[finding.code, finding.url])
        yield types.CodeAction(title, kind=QUICK_FIX, diagnostics=about, command=command), None


def _fixes(
    session: Session, analysis: Analysis, finding: Finding, about: list[types.Diagnostic]
) -> Iterator[tuple[types.CodeAction, Plan | None]]:
    fixes = plans.fixes(analysis.unit, finding)
    for index, fix in enumerate(fixes):
        safe = fix.applicability is Applicability.SAFE
        preferred = safe and fix is finding.fix
        yield (
            types.CodeAction(
                title(fix),
                kind=QUICK_FIX,
                diagnostics=about,
                is_preferred=True if preferred and session.client.preferred_actions else None,
            ),
            Plan("fix", analysis.unit, finding, index=index),
        )
    if not fixes and session.client.disabled_actions:
        reason = finding.remedy or finding.message
        action = types.CodeAction(
            f"No automatic fix for {finding.code}",
            kind=QUICK_FIX,
            diagnostics=about,
            disabled=types.CodeActionDisabled(reason),
        )
        yield action, None


def title(fix: Fix) -> str:
    """The fix's message; an unsafe one says why."""
    if fix.applicability is not Applicability.UNSAFE:
        return fix.message
    return f"{fix.message} (unsafe: {fix.reason})" if fix.reason else f"{fix.message} (unsafe)"


def fix_all(analysis: Analysis, kind: str) -> Iterator[tuple[types.CodeAction, Plan]]:
    """The source action, where there is something it would do."""
    if any(fix_all_takes(finding, analysis.resolved) for finding in analysis.report.findings):
        title = "Fix all safe sentry-sdk 1.x uses"
        yield types.CodeAction(title, kind=kind), Plan("all", analysis.unit)


async def finish(
    session: Session, analysis: Analysis, action: types.CodeAction, plan: Plan | None
) -> types.CodeAction | None:
    """The action with its edit, or with what is needed to make the edit when it is resolved.

    None if it has no edit after all.
    """
    if plan is None:
        return action
    if session.client.resolve_edits:
        action.data = plans.to_data(plan, analysis)
    else:
        action.edit = await plans.edit(session, analysis, plan)
        return action if action.edit is not None else None
    return action


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """`codeAction/resolve`: the edit, if the text is still the one the action was offered for."""
    if action.data is None:
        return action
    analysis, plan = await plans.from_data(session, action.data)
    action.edit = await plans.edit(session, analysis, plan)
    if action.edit is None:
        raise JsonRpcException(
            "there is no edit: it would break the file, or was not ready in time",
            types.LSPErrorCodes.RequestFailed,
        )
    return action
