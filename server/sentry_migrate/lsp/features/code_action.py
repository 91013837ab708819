"""Which code actions a request gets.

Owns choosing findings and listing what can be done about them. What an action's edit is, is
decided in code_action_resolve.py, at once or when the client resolves it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis, fix_all_takes
from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.documents import Part
from sentry_migrate.lsp.features import code_action_resolve, project_settings, with_tests
from sentry_migrate.lsp.features.code_action_resolve import Plan
from sentry_migrate.lsp.session import project_plan, reexport_index
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.model import Applicability, Finding, Fix

logger = logging.getLogger(__name__)

EXPLAIN = "sentry-migrate.explain"
FIX_WORKSPACE = "sentry-migrate.fixWorkspace"
QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.sentry-migrate"
NOTEBOOK_FIX_ALL = "notebook.source.fixAll.sentry-migrate"
REWRITE = "refactor.rewrite.sentry-migrate"
KINDS = (QUICK_FIX, REWRITE, FIX_ALL, NOTEBOOK_FIX_ALL)
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
    span = convert.span(part, params.range, session.client.encoding)
    alone = applies_everything(session, part, params)
    several: list[Offer] = []
    if (only is None or asked(REWRITE, only)) and not alone:
        several += rewrites(analysis, part, span)
    found: list[Offer] = []
    if only is None or asked(QUICK_FIX, only):
        about = ours(params.context.diagnostics)
        findings: Sequence[Finding] = ()
        if about or not alone:  # it would make our edit for another server's diagnostic
            findings = select(session, analysis, part, params.range, about)
        chosen = Chosen.of(session, analysis, part, findings)
        found += await fixes_with_tests(session, analysis, part, findings)
        found += quick_fixes(session, analysis, chosen)
        if len(touching(analysis.findings, *span)) == 1:
            found += several
            several = []
        found += no_fixes(part, chosen)
        found = found[:1] if alone else await possible(session, analysis, found)
    found = [*several, *found]
    # A source action is never offered beside quick fixes: some clients apply all they are given.
    # Editors ask for every cell of a notebook at once, so a cell gets none that fixes them all.
    if only is not None and not analysis.unit.notebook and asked(FIX_ALL, only):
        found += fix_all(analysis, FIX_ALL)
    if only is not None and analysis.unit.notebook and asked(NOTEBOOK_FIX_ALL, only):
        found += fix_all(analysis, NOTEBOOK_FIX_ALL)
    finished = [await finish(session, analysis, action, plan) for action, plan in found]
    if any(action is not None and action.edit is not None for action in finished):
        code_action_resolve.check_current(session, analysis)  # each edit took its time
    return [action for action in finished if action is not None]


async def _known(session: Session, uri: str, only: Sequence[str] | None) -> UnitAnalysis | None:
    """The analysis; None if a request that may hold up saving would wait too long for it."""
    known = reexport_index.informed(session, uri)
    if only is None or asked(QUICK_FIX, only) or asked(REWRITE, only):
        return await known
    try:
        return await asyncio.wait_for(known, code_action_resolve.PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("%s: the analysis took too long, so saving applies no fixes", uri)
        return None


def asked(kind: str, only: Sequence[str]) -> bool:
    """Whether a list of kinds asks for one: kinds are prefixes (LSP 3.17 "CodeActionKind")."""
    return any(prefix in ("", kind) or kind.startswith(prefix + ".") for prefix in only)


def ours(given: Iterable[types.Diagnostic]) -> list[types.Diagnostic]:
    """The diagnostics that are this server's, or do not say whose they are."""
    return [one for one in given if one.source in (None, convert.SOURCE)]


def select(
    session: Session,
    analysis: UnitAnalysis,
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


Offer = tuple[types.CodeAction, Plan | None]


def rewrites(analysis: UnitAnalysis, part: Part, span: tuple[int, int]) -> Iterator[Offer]:
    """What applies the proved fixes of several findings at once: of the selection, and of the
    function around it."""
    if analysis.stale:
        return
    start, end = span
    here = [f for f in analysis.result.findings if convert.home(analysis.unit, f) is part]
    selected = touching(here, start, end) if start < end else []
    around = [f for f in analysis.result.functions if f.start <= start and end <= f.end]
    chosen: list[tuple[str, tuple[int, int], list[Finding]]] = []
    if len(selected) > 1:
        chosen.append(("selection", span, selected))
    for function in around[-1:]:  # the innermost
        inside = touching(here, function.start, function.end)
        if inside != selected:
            chosen.append((f"function `{function.name}`", (function.start, function.end), inside))
    for what, place, findings in chosen:
        proved, words = counts(findings)
        if proved > (len(findings) == 1):
            title = f"Migrate {what} ({words})"
            yield types.CodeAction(title, kind=REWRITE), Plan("within", analysis.unit, span=place)


def counts(findings: Sequence[Finding]) -> tuple[int, str]:
    """How many of the fixes are proved, and that in words with the rest."""
    fixes = [f.fix for f in findings]
    proved = sum(fix is not None and fix.applicability is Applicability.SAFE for fix in fixes)
    unsafe = sum(fix is not None and fix.applicability is Applicability.UNSAFE for fix in fixes)
    said = {"proved": proved, "to decide": unsafe, "by hand": len(fixes) - proved - unsafe}
    return proved, ", ".join(f"{count} {what}" for what, count in said.items() if count)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The findings that a menu is about."""

    findings: Sequence[Finding]
    firsts: Sequence[Finding]
    """The first of each rule."""
    about: Mapping[int, list[types.Diagnostic]]
    """By identity of a finding, its diagnostic."""
    plans: Mapping[int, Sequence[Plan]]
    """By identity, what can be done about it; nothing while the text does not parse."""

    @classmethod
    def of(
        cls, session: Session, analysis: UnitAnalysis, part: Part, findings: Sequence[Finding]
    ) -> Chosen:
        """These, in the text as it was analysed."""
        unit, client = analysis.unit, session.client
        firsts = {f.code: f for f in reversed(findings)}
        return cls(
            findings,
            [firsts[code] for code in dict.fromkeys(f.code for f in findings)],
            {id(f): [convert.diagnostic(f, unit, part, client)] for f in findings},
            {
                id(f): () if analysis.stale else tuple(code_action_resolve.plans(unit, f))
                for f in findings
            },
        )


def quick_fixes(session: Session, analysis: UnitAnalysis, chosen: Chosen) -> Iterator[Offer]:
    """What can be done about the findings: first what fixes one of them, then what fixes more.
    Nothing is offered twice."""
    about, firsts = chosen.about, chosen.firsts
    if not analysis.stale:
        yield from _fixes(session, analysis, chosen)
    safe = Counter(
        f.name
        for f in analysis.result.findings
        if f.fix is not None and f.fix.applicability is Applicability.SAFE
    )
    for finding in firsts:
        if safe[finding.name] > 1:
            title = f"Fix all {finding.code} problems in this file ({safe[finding.name]})"
            plan = Plan("rule", analysis.unit, name=finding.name)
            yield _quick_fix(title, about[id(finding)]), plan
    proved = sum(fix_all_takes(f, analysis.resolved) for f in analysis.result.findings)
    own = [safe[finding.name] for finding in firsts if safe[finding.name]]
    if own and proved > max(own):
        title = f"Fix all proved problems in this file ({proved})"
        yield _quick_fix(title, about[id(firsts[0])]), Plan("all", analysis.unit)
    for finding in firsts:
        if safe[finding.name] and session.client.apply_edit:
            title = f"Fix all {finding.code} problems in the workspace"
            options = {"rules": [finding.code], "tell": True}
            command = types.Command(title, FIX_WORKSPACE, arguments=[options])
            yield _quick_fix(title, about[id(finding)], command), None
    fixes = [(f, f.fix) for f in chosen.findings if f.fix is not None and not analysis.stale]
    asking = {code: f for f, fix in reversed(fixes) for code in project_plan.questions(fix)}
    for code in dict.fromkeys(code for _, fix in fixes for code in fix.doubts if code in asking):
        plan = Plan("assume", analysis.unit, asking[code], name=code)
        yield _quick_fix(project_settings.assume_title(code), about[id(asking[code])]), plan


def no_fixes(part: Part, chosen: Chosen) -> Iterator[Offer]:
    """What explains the findings, and what suppresses them; of several rules, only where they
    are: what suppresses one in general is in its own menu."""
    findings, firsts = chosen.findings, chosen.firsts
    for finding in firsts:
        title = f"Explain {finding.code} ({finding.name})"
        yield _quick_fix(title, chosen.about[id(finding)], _explain(title, finding)), None
    for what in code_action_resolve.SUPPRESSIONS if len(firsts) == 1 else ("ignore",):
        seen: set[str] = set()
        for finding in findings:
            title = f"Ignore {finding.code} {_WHERE[what]}"
            if what == "ignore" and len(findings) > len(firsts):
                title += f" ({_line(part, finding)})"
            for plan in chosen.plans[id(finding)]:
                if plan.what == what and title not in seen:
                    seen.add(title)
                    yield _quick_fix(title, chosen.about[id(finding)]), plan


async def fixes_with_tests(
    session: Session, analysis: UnitAnalysis, part: Part, chosen: Sequence[Finding]
) -> list[Offer]:
    """What fixes findings together with the tests that patch what they are about, once for each
    rule."""
    rules = {f.code: f for f in reversed(chosen) if with_tests.may_have(f)}
    offers: list[Offer] = []
    for code, finding in rules.items() if not analysis.stale and analysis.unit.path else ():
        span = finding.start, finding.end
        count = await with_tests.files(session, analysis, code, span)
        if count:
            about = [convert.diagnostic(finding, analysis.unit, part, session.client)]
            title = f"Fix all {code} problems in this file and its tests ({count} files)"
            action = _quick_fix(title, about)
            action.is_preferred = True if session.client.preferred_actions else None
            plan = Plan("with-tests", analysis.unit, name=code, span=span)
            offers.append((action, plan))
    return offers


_WHERE = {"ignore": "on this line", "file": "in this file", "project": "in this project"}


def _fixes(session: Session, analysis: UnitAnalysis, chosen: Chosen) -> Iterator[Offer]:
    """What is to be done about each finding; what is called alike says where it is."""
    about = chosen.about
    offers: list[tuple[Finding, types.CodeAction, Plan | None]] = []
    for finding in chosen.findings:
        fixes = [plan for plan in chosen.plans[id(finding)] if plan.fix is not None]
        for fixing in fixes:
            fix = fixing.fix
            assert fix is not None
            safe = fix.applicability is Applicability.SAFE
            preferred = safe and fix is finding.fix and session.client.preferred_actions
            action = _quick_fix(title(fix), about[id(finding)])
            action.is_preferred = True if preferred else None
            offers.append((finding, action, fixing))
        if not fixes:
            label = f"What to do about {finding.code}…"
            action = _quick_fix(label, about[id(finding)], _explain(label, finding))
            offers.append((finding, action, None))
    alike = Counter(action.title for _, action, _ in offers)
    places = {id(one): _place(analysis, one) for one in chosen.findings}
    here = Counter((action.title, places[id(finding)]) for finding, action, _ in offers)
    for finding, action, plan in offers:
        place = places[id(finding)]
        if alike[action.title] > 1:
            code = f", {finding.code}" if here[action.title, place] > 1 else ""
            action.title += f" ({place}{code})"
        yield action, plan


def _place(analysis: UnitAnalysis, finding: Finding) -> str:
    part = convert.home(analysis.unit, finding)
    return "elsewhere" if part is None else _line(part, finding)


def _line(part: Part, finding: Finding) -> str:
    line, _ = part.snapshot.lines.position(finding.start - part.start)
    return f"line {line + 1}"


def _quick_fix(
    title: str, about: list[types.Diagnostic], command: types.Command | None = None
) -> types.CodeAction:
    return types.CodeAction(title, kind=QUICK_FIX, diagnostics=about, command=command)


def _explain(title: str, finding: Finding) -> types.Command:
    return types.Command(title, EXPLAIN, arguments=[finding.code])


async def possible(
    session: Session, analysis: UnitAnalysis, offers: Iterable[Offer]
) -> list[Offer]:
    """The offers without those to write settings that could not be written."""
    kept = []
    for action, plan in offers:
        key = code_action_resolve.SETTINGS.get(plan.what) if plan is not None else None
        if plan is not None and key is not None:
            if await project_settings.edit(session, analysis, key, plan.name) is None:
                continue
        kept.append((action, plan))
    return kept


def title(fix: Fix) -> str:
    """The fix's message, and whether it is unsafe or rests on assumptions; the reasons stand in the
    hover."""
    if fix.applicability is Applicability.UNSAFE:
        return f"{fix.message} (unsafe)"
    codes = ", ".join(dict.fromkeys(one.code for one in fix.assumes))
    return f"{fix.message} (assumes {codes})" if codes else fix.message


def fix_all(analysis: UnitAnalysis, kind: str) -> Iterator[tuple[types.CodeAction, Plan]]:
    """The source action, where there is something it would do."""
    if any(fix_all_takes(finding, analysis.resolved) for finding in analysis.result.findings):
        title = "Apply all safe sentry-sdk 2.x fixes"
        yield types.CodeAction(title, kind=kind), Plan("all", analysis.unit)


async def finish(
    session: Session, analysis: UnitAnalysis, action: types.CodeAction, plan: Plan | None
) -> types.CodeAction | None:
    """The action with its edit, or with what is needed to make the edit when it is resolved.

    None if it has no edit after all.
    """
    if plan is None:
        return action
    if session.client.resolve_edits:
        action.data = code_action_resolve.to_data(plan)
    else:
        action.edit = await code_action_resolve.edit(session, analysis, plan)
        return action if action.edit is not None else None
    return action


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """`codeAction/resolve`: the edit, if the text is still the one the action was offered for."""
    if (data := code_action_resolve.ours(action.data)) is None:
        return action
    analysis, plan = await code_action_resolve.from_data(session, data)
    action.edit = await code_action_resolve.edit(session, analysis, plan)
    if action.edit is None:
        raise JsonRpcException(
            "no edit available: it would break the file, or it was not ready in time",
            types.LSPErrorCodes.RequestFailed,
        )
    return action
