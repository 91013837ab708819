"""What a code action will do, and its edit.

Owns the few words that travel to the client and back between an action and its resolution, and
making the edit from them: always on the very text the action was offered for.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Literal

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sentry_migrate.lsp import convert
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.convert import Annotation
from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.session import Session
from sentry_migrate.lsp.workers import LostError
from sentry_migrate.model import Applicability, Finding, Fix
from sentry_migrate.text.edits import Edit

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds a person may have to wait for saving because of us."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`fix` one finding, fix a whole `rule`, `all` rules, or `ignore` one finding."""

    what: Literal["fix", "rule", "all", "ignore"]
    unit: Unit
    finding: Finding | None = None
    index: int = 0
    """Which of the finding's fixes: the preferred one first, then the alternatives."""
    name: str = ""


def to_data(plan: Plan, analysis: Analysis) -> dict[str, Any]:
    """The plan as `CodeAction.data`."""
    data: dict[str, Any] = {
        "uri": plan.unit.uri,
        "serial": plan.unit.serial,
        "what": plan.what,
    }
    if plan.finding is not None:
        data["finding"] = analysis.report.findings.index(plan.finding)
        data["index"] = plan.index
    if plan.name:
        data["name"] = plan.name
    return data


async def from_data(session: Session, data: Any) -> tuple[Analysis, Plan]:
    """The plan, and the analysis it is for. Raises JsonRpcException if the text has changed."""
    data = _plain(data)
    try:
        unit = session.documents.get(data["uri"])
        if unit is None or unit.serial != data["serial"]:
            raise JsonRpcException(
                "the document changed after the action was offered",
                types.LSPErrorCodes.ContentModified,
            )
        analysis = await session.analyses.get(unit.uri)
        if analysis is None or analysis.unit is not unit:
            raise JsonRpcException(
                "the document changed meanwhile", types.LSPErrorCodes.ContentModified
            )
        return analysis, _plan(analysis, data)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise JsonRpcInvalidParams(f"not an action of this server: {error}") from error


def _plan(analysis: Analysis, data: dict[str, Any]) -> Plan:
    """The plan that `data` spells. Raises KeyError, IndexError or ValueError for any other."""
    what, unit = data["what"], analysis.unit
    if what in ("fix", "ignore"):
        finding = analysis.report.findings[_number(data["finding"])]
        index = _number(data["index"])
        if what == "fix":
            fixes(unit, finding)[index]
        return Plan(what, unit, finding, index)
    if what == "all":
        return Plan("all", unit)
    if what == "rule" and isinstance(data["name"], str):
        return Plan("rule", unit, name=data["name"])
    raise ValueError("no such plan")


def _number(value: Any) -> int:
    if isinstance(value, int) and value >= 0:
        return value
    raise ValueError("not a place in a list")


def _plain(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


async def edit(session: Session, analysis: Analysis, plan: Plan) -> types.WorkspaceEdit | None:
    """The plan's edit; None if nothing would change, or the result would not parse."""
    annotation: Annotation | None = None
    edits: tuple[Edit, ...] = ()
    if plan.what == "fix" and plan.finding is not None:
        fix = fixes(analysis.unit, plan.finding)[plan.index]
        edits = fix.edits
        if fix.applicability is Applicability.UNSAFE:
            annotation = Annotation(fix.message, fix.reason, confirm=True)
    elif plan.what == "ignore" and plan.finding is not None:
        edits = suppression(plan.finding)
    elif plan.what in ("rule", "all"):
        edits = await fixed(session, analysis, (plan.name,) if plan.name else None)
    if plan.finding is not None and not await session.analyses.holds(analysis, edits):
        code, start = plan.finding.code, plan.finding.start
        logger.error("%s: %s of %s at %d does not parse", plan.unit.uri, plan.what, code, start)
        return None
    parts = convert.changes(analysis.unit, edits, annotation)
    if not parts:
        return None
    return convert.workspace_edit(parts, session.client)


async def fixed(
    session: Session, analysis: Analysis, rules: tuple[str, ...] | None, unsafe: bool = False
) -> tuple[Edit, ...]:
    """The edits of fixing to the fixed point; none if the worker is lost over it, or too slow.

    What was begun goes on, and the next request finds it done.
    """
    if analysis.stale:
        return ()
    try:
        outcome = await asyncio.wait_for(session.analyses.fix(analysis, rules, unsafe), PATIENCE)
    except (LostError, asyncio.TimeoutError) as error:
        logger.warning("%s: cannot be fixed: %s", analysis.unit.uri, error or "not in time")
        return ()
    return outcome.edits


def fixes(unit: Unit, finding: Finding) -> list[Fix]:
    """The finding's fixes that can be made in the unit's documents, the preferred one first."""
    known = [fix for fix in (finding.fix, *finding.alternatives) if fix is not None]
    return [fix for fix in known if convert.changes(unit, fix.edits, None) is not None]


def suppression(finding: Finding) -> tuple[Edit, ...]:
    """The edits after which a comment silences the finding; none where no comment has a place."""
    return (finding.suppression,) if finding.suppression is not None else ()
