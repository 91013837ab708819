"""The migration as an editor shows it in a view: what is proved, what to decide, what is left by
hand, each by rule or question and then by file.

Owns the form of this data, and doing what a person chooses of it. An item is a whole fix.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.analysis.shift_findings import Shift
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert, file_state
from sentry_migrate.lsp.documents.documents import Part, Unit
from sentry_migrate.lsp.documents.expected_texts import plain
from sentry_migrate.lsp.documents.uris import path_of
from sentry_migrate.lsp.features import apply_edit, code_action_resolve, project_settings
from sentry_migrate.lsp.features.code_action import title, touching
from sentry_migrate.lsp.features.code_action_resolve import Plan
from sentry_migrate.lsp.features.migration import words_of
from sentry_migrate.lsp.features.migration_report import entry_of, name_of
from sentry_migrate.lsp.session import reexport_index
from sentry_migrate.lsp.session.session import Session, folders, known_rules, shortened
from sentry_migrate.lsp.wire.requests import answered
from sentry_migrate.model import Applicability, CheckResult, Finding
from sentry_migrate.project.required_sdk import required_1x
from sentry_migrate.report import summary
from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.text.lines import Encoding
from sentry_migrate.worker.frames import RuleDoc

PROVED, TO_DECIDE, BY_HAND = "proved", "toDecide", "byHand"
_PATIENCE = 60.0
"""Seconds for a client to make one fix."""
_TELLING = 2.0
"""Seconds in which a client that has made an edit tells of the change."""


Found = Sequence[tuple[Unit, CheckResult]]


async def grouped(session: Session, found: Found) -> dict[str, Any]:
    """What was found in some files: `{proved, toDecide, byHand: groups, unread: what could not be
    looked at, files: how many have findings, requires: the sentry-sdk 1.x that one of these
    requires, headline: all of it in a sentence}`."""
    rules = {rule.code: rule for rule in await known_rules(session)}
    roots = [path for _, path in folders(session)]
    return await asyncio.to_thread(_grouped, tuple(found), rules, roots, session.client.encoding)


def _grouped(
    found: Found, rules: Mapping[str, RuleDoc], roots: Sequence[Path], encoding: Encoding
) -> dict[str, Any]:
    sections: dict[str, dict[str, dict[str, Any]]] = {PROVED: {}, TO_DECIDE: {}, BY_HAND: {}}
    names = {unit.uri: name_of(unit.uri, roots) for unit, _ in found}
    # What is found in a part of a text that does not parse has no fix that could be made.
    failed = {unit.uri: result.failure for unit, result in found if result.failure is not None}
    found = [
        (unit, CheckResult(failure=failed[unit.uri]) if unit.uri in failed else result)
        for unit, result in sorted(found, key=lambda one: one[0].uri)
    ]
    for unit, result in found:
        name = names[unit.uri]
        for finding in result.findings:
            part = convert.home(unit, finding)
            if part is not None:
                section, key = _place(finding)
                group = sections[section].setdefault(key, _group(key, finding, rules))
                group["count"] += 1
                file = group["files"].setdefault(
                    unit.uri, {"uri": unit.uri, "name": name, "items": []}
                )
                file["items"].append(_item(part, finding, encoding))
    groups = {
        section: [
            {**group, "files": list(group["files"].values())}
            for group in sorted(known.values(), key=lambda one: (-one["count"], one["id"]))
        ]
        for section, known in sections.items()
    }
    with_findings = [unit for unit, result in found if result.findings]
    required = required_1x((unit.path or "", unit.text) for unit in with_findings)
    entries = [entry_of(names[unit.uri], unit, result) for unit, result in found]
    return {
        **groups,
        "unread": [
            {
                "uri": unit.uri,
                "name": names[unit.uri],
                "reason": shortened(words_of(failed[unit.uri]), roots),
            }
            for unit, _ in found
            if unit.uri in failed
        ],
        "headline": summary.headline(summary.summarize(entries)),
        "files": len(with_findings),
        "requires": None if required is None else asdict(required),
    }


def _place(finding: Finding) -> tuple[str, str]:
    """The section of a finding, and the group there: a question where its fix waits for one."""
    fix = finding.fix
    if fix is None or fix.applicability is Applicability.DISPLAY:
        return BY_HAND, finding.code
    if fix.applicability is Applicability.SAFE:
        return PROVED, finding.code
    return TO_DECIDE, fix.doubts[0] if fix.doubts else finding.code


def _group(key: str, finding: Finding, rules: Mapping[str, RuleDoc]) -> dict[str, Any]:
    doubt = DOUBTS.get(key)
    if doubt is not None:
        said = {"label": doubt.question, "question": True}
    else:
        rule = rules.get(key)
        said = {"label": rule.summary if rule else finding.message, "question": False}
    return {"id": key, **said, "count": 0, "files": {}}


def _item(part: Part, finding: Finding, encoding: Encoding) -> dict[str, Any]:
    range_ = convert.range_in(part, finding.start, finding.end, encoding)
    ends = {"start": range_.start, "end": range_.end}
    return {
        "uri": part.snapshot.uri,
        "cell": part.cell,
        "range": {end: {"line": at.line, "character": at.character} for end, at in ends.items()},
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "fix": title(finding.fix) if finding.fix is not None else "",
        "reason": finding.fix.reason if finding.fix is not None else finding.remedy,
    }


async def apply_fix(session: Session, *arguments: Any) -> dict[str, Any]:
    """`applyFix(uri, code, position)`: has the client make the preferred fix of one finding of an
    open document; `{applied}`. Of several findings of one document, with a list of such arguments:
    `{applied, made}`."""
    return await _make(session, arguments, "fix")


async def ignore(session: Session, *arguments: Any) -> dict[str, Any]:
    """`ignore(uri, code, position)`: the same with a comment that suppresses the finding."""
    return await _make(session, arguments, "ignore")


async def _make(session: Session, arguments: Sequence[Any], what: str) -> dict[str, Any]:
    _check_free(session)
    async with session.editing:
        if arguments and isinstance(arguments[0], list | tuple):
            made = await _make_all(session, arguments[0], what)
            return {"applied": made == len(arguments[0]), "made": made}
        analysis, plan = await _chosen(session, arguments, what)
        return {"applied": await _made(session, analysis, plan)}


async def _make_all(session: Session, items: Sequence[Any], what: str) -> int:
    """How many of these were made, one after the other, each in the text that the others left."""
    chosen = [await _chosen(session, _listed(item), what) for item in items]
    units = {id(analysis.unit) for analysis, _ in chosen}
    if len(units) > 1:
        raise _changed()
    found = [plan.finding for _, plan in chosen if plan.finding is not None]
    places = sorted((finding.start, finding.code) for finding in found)
    analysis: UnitAnalysis | None = chosen[0][0] if chosen else None
    made = 0
    while places and analysis is not None:
        at, code = places.pop()
        plan = _plan_of(analysis.unit, analysis.result, code, at, what)
        if plan is None or plan.finding is None:
            left = any((one.code, one.start) == (code, at) for one in analysis.result.findings)
            made += not left  # else it went along with another
            continue
        edits = code_action_resolve.own_edits(plan, plan.finding)
        if not await _made(session, analysis, plan):
            break
        made += 1
        after = Shift(edits)
        spans = [(after.span(at, at + 1), code) for at, code in places]
        made += sum(span is None for span, _ in spans)  # replaced along with this one
        places = [(span[0], code) for span, code in spans if span is not None]
        unit = analysis.unit
        analysis = await _become(session, unit.uri, apply(unit.text, edits)) if places else None
    return made


def _listed(item: Any) -> Sequence[Any]:
    return item if isinstance(item, list | tuple) else ()


async def _become(session: Session, uri: str, text: str) -> UnitAnalysis | None:
    """The analysis of a document as an edit leaves it; None if it becomes something else. A client
    may answer before it tells of the change."""
    end = asyncio.get_running_loop().time() + _TELLING
    while (unit := session.documents.get(uri)) is not None:
        if plain(unit.text) == plain(text):
            analysis = await reexport_index.informed(session, uri)
            same = analysis is not None and plain(analysis.unit.text) == plain(text)
            return analysis if same and analysis is not None and not analysis.stale else None
        if asyncio.get_running_loop().time() > end:
            return None
        await asyncio.sleep(0.02)
    return None


async def _made(session: Session, analysis: UnitAnalysis, plan: Plan) -> bool:
    """Whether the client made what is planned for one finding."""
    edit = await code_action_resolve.edit(session, analysis, plan)
    if edit is None or plan.finding is None:
        return False
    label = plan.fix.message if plan.fix is not None else f"Ignore {plan.finding.code}"
    params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
    done = await _applied(session, params, "fix" if plan.fix is not None else "comment")
    return bool(done["applied"])


async def preview_fix(session: Session, *arguments: Any) -> dict[str, Any]:
    """`previewFix(uri, code, position, cell?)`: the text of an open document, or of a cell of a
    notebook that is not open, after the preferred fix of one finding, and what the fix is."""
    cell = arguments[3] if len(arguments) > 3 else None
    if cell is not None:
        return await _preview_closed(session, arguments, cell)
    analysis, plan = await _chosen(session, arguments, "fix")
    assert plan.fix is not None
    parts = convert.changes(analysis.unit, plan.fix.edits) or []
    after = {place.uri: apply(place.lines.text, edits) for place, edits, _ in parts}
    return {"title": title(plan.fix), "reason": plan.fix.reason, "after": after}


async def _preview_closed(session: Session, arguments: Sequence[Any], cell: Any) -> dict[str, Any]:
    """The same of a file as it was looked at last, if it still is."""
    uri, code, position = _named(arguments)
    path = path_of(uri)
    known = session.cache.files.get(path) if path is not None else None
    if known is None or session.documents.get(uri) is not None:
        raise _changed()
    unit, digest = known.analyzed.unit, await asyncio.to_thread(file_state.digest, path or "")
    part = next((part for part in unit.parts if part.cell == cell), None)
    if part is None or digest != known.digest:
        raise _changed()
    plan = _plan_at(session, unit, known.analyzed.result, part, code, position, "fix")
    if plan is None or plan.fix is None:
        raise _changed()
    own = [edit for one, edit in unit.pieces(plan.fix.edits) or () if one.cell == cell]
    moved = [Edit(one.start - part.start, one.end - part.start, one.text) for one in own]
    before = part.snapshot.text
    said = {"title": title(plan.fix), "reason": plan.fix.reason}
    return {**said, "before": {uri: before}, "after": {uri: apply(before, moved)}}


async def assume(session: Session, *arguments: Any) -> dict[str, Any]:
    """`assume(uris, doubt)`: has the client answer a doubt with yes in the pyproject.toml of each
    of some files, open or not; `{applied, uris}`."""
    given, code = [*arguments, None, None][:2]
    uris = [given] if isinstance(given, str) else given
    named = isinstance(uris, list | tuple) and all(isinstance(uri, str) for uri in uris)
    if not named or not uris or not isinstance(code, str) or code not in DOUBTS:
        raise JsonRpcInvalidParams("expected the URIs of files and a doubt")
    _check_free(session)
    async with session.editing:
        known = project_settings.ASSUME
        changes, reasons = await project_settings.additions(session, uris, known, code)
        if not changes and reasons:
            raise JsonRpcException("; ".join(reasons), types.LSPErrorCodes.RequestFailed)
        if not changes:
            return {"applied": True, "uris": []}
        edit = convert.workspace_edit(changes, session.client)
        params = types.ApplyWorkspaceEditParams(edit=edit, label=f"Assume {code}")
        done = await _applied(session, params, "setting")
    if done["applied"] and reasons:
        session.show(f"Some fixes are still waiting for this answer: {'; '.join(reasons)}")
    return {**done, "uris": [target.uri for target, _, _ in changes]}


def _check_free(session: Session) -> None:
    """Raise JsonRpcException while a person is asked about another edit."""
    if session.confirming:
        raise JsonRpcException(apply_edit.CONFIRMING, types.LSPErrorCodes.RequestFailed)


async def _applied(
    session: Session, params: types.ApplyWorkspaceEditParams, what: str
) -> dict[str, Any]:
    if not session.client.apply_edit:
        raise JsonRpcException("this editor cannot apply edits", types.LSPErrorCodes.RequestFailed)
    answer = await answered(session.server.workspace_apply_edit_async(params), _PATIENCE)
    applied = answer is not None and answer.applied
    if not applied:
        session.show(apply_edit.refusal(what, answer.failure_reason if answer else None))
    return {"applied": applied}


async def _chosen(
    session: Session, arguments: Sequence[Any], what: str
) -> tuple[UnitAnalysis, Plan]:
    """What is done about the finding that a person chose, as the document is now. Raises
    JsonRpcException where it is no longer there."""
    uri, code, position = _named(arguments)
    analysis = await reexport_index.informed(session, uri)
    part = analysis.unit.part(uri) if analysis is not None else None
    if analysis is not None and part is not None and not analysis.stale:
        unit, result = analysis.unit, analysis.result
        plan = _plan_at(session, unit, result, part, code, position, what)
        if plan is not None:
            return analysis, plan
    raise _changed()


def _changed() -> JsonRpcException:
    words = "the document changed since; look for uses again"
    return JsonRpcException(words, types.LSPErrorCodes.ContentModified)


def _named(arguments: Sequence[Any]) -> tuple[str, Any, types.Position]:
    uri, code, place = [*arguments, None, None, None][:3]
    try:
        position = types.Position(place["line"], place["character"])
    except (KeyError, TypeError, ValueError):
        position = None
    if not isinstance(uri, str) or position is None:
        raise JsonRpcInvalidParams("expected the URI of a document, a rule's code and a position")
    return uri, code, position


def _plan_at(
    session: Session,
    unit: Unit,
    result: CheckResult,
    part: Part,
    code: Any,
    position: types.Position,
    what: str,
) -> Plan | None:
    """What is done about the finding of a rule that begins at a position."""
    at, _ = convert.span(part, types.Range(position, position), session.client.encoding)
    return _plan_of(unit, result, code, at, what)


def _plan_of(unit: Unit, result: CheckResult, code: Any, at: int, what: str) -> Plan | None:
    """The same at an offset of a text."""
    for finding in touching(result.findings, at, at):
        if (finding.code, finding.start) == (code, at):
            for plan in code_action_resolve.plans(unit, finding):
                if plan.what == what:
                    return plan
    return None
