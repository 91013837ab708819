"""What a code action will do, and its edit.

Owns the few words that travel to the client and back between an action and its resolution, and
making the edit from them: always on the very text the action was offered for.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.features import project_settings, with_tests
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.model import Finding, Fix
from sentry_migrate.text.edits import Edit
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that saving may be delayed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action does: `fix` one finding, fix a whole `rule`, `all` rules or what is `within` a
    span, or a rule `with-tests` that patch what it fixes; `ignore` a rule at one finding, in the
    `file` or in the `project`, or `assume` what keeps a fix from being safe."""

    what: Literal[
        "fix", "rule", "all", "within", "with-tests", "ignore", "file", "project", "assume"
    ]
    unit: Unit
    finding: Finding | None = None
    fix: Fix | None = None
    name: str = ""
    """Of the rule, or its code, or of the doubt."""
    span: tuple[int, int] | None = None
    """Of the unit's text."""


SETTINGS = {"assume": project_settings.ASSUME, "project": project_settings.IGNORE}
"""Lists of the project's settings, by what adds to them."""


def to_data(plan: Plan) -> dict[str, Any]:
    """The plan as `CodeAction.data`."""
    data: dict[str, Any] = {
        convert.SOURCE: plan.unit.serial,
        "uri": plan.unit.uri,
        "what": plan.what,
    }
    if plan.finding is not None:
        data["finding"] = _spelled(plan.finding)
        data["edit"] = _digest(plan)
    if plan.name:
        data["name"] = plan.name
    if plan.span is not None:
        data["span"] = list(plan.span)
    return data


async def from_data(session: Session, data: dict[str, Any]) -> tuple[UnitAnalysis, Plan]:
    """The plan, and the analysis it is for. Raises JsonRpcException if the text has changed."""
    try:
        uri = data["uri"]
        if not isinstance(uri, str):
            raise ValueError("names no document")
        unit = session.documents.get(uri)
        if unit is None or unit.serial != data[convert.SOURCE]:
            raise JsonRpcException(
                "the document changed after the action was offered",
                types.LSPErrorCodes.ContentModified,
            )
        analysis = await session.analyses.get(unit.uri)
        if analysis is None or analysis.unit is not unit:
            raise JsonRpcException(
                "the document changed in the meantime", types.LSPErrorCodes.ContentModified
            )
        return analysis, _plan(analysis, data)
    except (KeyError, TypeError, ValueError) as error:
        raise JsonRpcInvalidParams(f"not an action of this server: {error}") from error


def _plan(analysis: UnitAnalysis, data: dict[str, Any]) -> Plan:
    """The plan that `data` spells. Raises KeyError or ValueError for what spells none, and
    JsonRpcException where settings or other files have changed it since."""
    what, unit = data["what"], analysis.unit
    if what in ("fix", "ignore", "file", "project", "assume"):
        named, digest = data["finding"], data["edit"]
        if not isinstance(named, list) or len(named) != 3 or not isinstance(digest, str):
            raise ValueError("names no finding")
        for finding in analysis.result.findings if not analysis.stale else ():
            if _spelled(finding) != named:
                continue
            for plan in (*plans(unit, finding), *answers(unit, finding)):
                if plan.what == what and _digest(plan) == digest:
                    return plan
        raise JsonRpcException(
            "the findings here changed after the action was offered",
            types.LSPErrorCodes.ContentModified,
        )
    if what == "all":
        return Plan("all", unit)
    if what == "rule" and isinstance(data["name"], str):
        return Plan("rule", unit, name=data["name"])
    if what in ("within", "with-tests"):
        name, (start, end) = data.get("name", ""), data["span"]
        if not isinstance(start, int) or not isinstance(end, int) or not isinstance(name, str):
            raise ValueError("names no span")
        return Plan(what, unit, name=name, span=(start, end))
    raise ValueError("unknown plan")


def plans(unit: Unit, finding: Finding) -> Iterator[Plan]:
    """What can be done about one finding alone: its fixes, the preferred one first, and its
    suppressions, that on its line first."""
    for fix in (finding.fix, *finding.alternatives):
        if fix is not None and convert.changes(unit, fix.edits) is not None:
            yield Plan("fix", unit, finding, fix)
    for what in SUPPRESSIONS:
        if what == "project" or convert.changes(unit, suppression(finding, what)):
            yield Plan(what, unit, finding, name=finding.code if what == "project" else "")


SUPPRESSIONS: tuple[Literal["ignore", "file", "project"], ...] = ("ignore", "file", "project")


def answers(unit: Unit, finding: Finding) -> Iterator[Plan]:
    """What can be assumed so that the finding's fix becomes safe."""
    for code in finding.fix.doubts if finding.fix is not None else ():
        yield Plan("assume", unit, finding, name=code)


def _spelled(finding: Finding) -> list[Any]:
    """Names a finding of one text, whatever else is found in it."""
    return [finding.code, finding.start, finding.end]


def _digest(plan: Plan) -> str:
    """A digest of what was offered: the same edit is another one if it is no longer safe."""
    assert plan.finding is not None
    offered = plan.fix or plan.name or suppression(plan.finding, plan.what)
    return hashlib.blake2b(repr(offered).encode("utf-8", "replace"), digest_size=4).hexdigest()


def ours(data: Any) -> dict[str, Any] | None:
    """`CodeAction.data` if it is this server's; None if it is another one's, or nobody's."""
    return data if isinstance(data, dict) and convert.SOURCE in data else None


async def edit(session: Session, analysis: UnitAnalysis, plan: Plan) -> types.WorkspaceEdit | None:
    """The plan's edit; None if nothing would change, or the result would not parse."""
    key = SETTINGS.get(plan.what)
    if key is not None:
        answer = await project_settings.edit(session, analysis, key, plan.name)
        check_current(session, analysis)
        return answer
    if plan.what == "with-tests" and plan.span is not None:
        return await with_tests.edit(session, analysis, plan.name, plan.span)
    if plan.finding is not None:
        edits = own_edits(plan, plan.finding)
    else:
        rules = (plan.name,) if plan.name else None
        edits = await fixed(session, analysis, rules, within=plan.span)
    if plan.finding is not None and not await session.analyses.holds(analysis, edits):
        code, start = plan.finding.code, plan.finding.start
        logger.error("%s: %s of %s at %d does not parse", plan.unit.uri, plan.what, code, start)
        return None
    parts = convert.changes(analysis.unit, edits)
    if not parts:
        return None
    check_current(session, analysis)
    return convert.workspace_edit(parts, session.client)


def own_edits(plan: Plan, finding: Finding) -> tuple[Edit, ...]:
    """The edits of a plan for one finding. Whoever read the title of its fix has confirmed it."""
    return suppression(finding, plan.what) if plan.fix is None else plan.fix.edits


def check_current(session: Session, analysis: UnitAnalysis) -> None:
    """Raise JsonRpcException if the analysed text is no longer the newest."""
    if session.documents.get(analysis.unit.uri) is not analysis.unit:
        raise JsonRpcException(
            "the document changed in the meantime", types.LSPErrorCodes.ContentModified
        )


async def fixed(
    session: Session,
    analysis: UnitAnalysis,
    rules: tuple[str, ...] | None,
    within: tuple[int, int] | None = None,
) -> tuple[Edit, ...]:
    """The edits of fixing until nothing changes; none if the worker is lost or takes too long.

    The analysis continues, so that the next request finds it done.
    """
    if analysis.stale:
        return ()
    try:
        fixing = session.analyses.fix(analysis, rules, within=within)
        outcome = await asyncio.wait_for(fixing, PATIENCE)
    except (LostError, asyncio.TimeoutError) as error:
        logger.warning("%s: cannot fix the file: %s", analysis.unit.uri, error or "not in time")
        return ()
    return outcome.edits


def suppression(finding: Finding, what: str = "ignore") -> tuple[Edit, ...]:
    """The edits after which a comment suppresses the finding, or its rule in the `file`; none where
    no comment has a place."""
    edit = finding.file_suppression if what == "file" else finding.suppression
    return (edit,) if edit is not None else ()
