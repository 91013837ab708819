"""The commands that change files: one document, or the whole workspace.

Owns gathering the fixes of open documents and of files that are not open into one edit, and having
the client make it. Writes nothing to disk itself.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from sentry_migrate.config import no_rule
from sentry_migrate.frames import RuleDoc
from sentry_migrate.lsp import convert, handed, selectors, workspace
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.convert import Annotation, Change
from sentry_migrate.lsp.documents import Unit
from sentry_migrate.lsp.editor import SECTION, Editor
from sentry_migrate.lsp.progress import Work, progress
from sentry_migrate.lsp.protocol import answered
from sentry_migrate.lsp.session import Session, known_rules
from sentry_migrate.lsp.workers import LostError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which fixes a person asked for."""

    known: tuple[RuleDoc, ...]
    selectors: tuple[str, ...] | None
    unsafe: bool

    def rules(self, editor: Editor) -> tuple[str, ...] | None:
        """Names of the rules; None for all that settings let fix-all fix.

        What they do not is fixed only if its own code or name asks for it.
        """
        if self.selectors is None:
            return None
        return tuple(rule.name for rule in self.known if self._means(rule, editor))

    def _means(self, rule: RuleDoc, editor: Editor) -> bool:
        chosen = self.selectors or ()
        if rule.code in chosen or rule.name in chosen:
            return True
        wide = any(selectors.means(selector, rule.code, rule.name) for selector in chosen)
        return wide and editor.autofix(rule.code, rule.name)


async def fix_file(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixFile(uri, {unsafe?, rules?})`: the document with its fixes applied, by an edit."""
    uri = arguments[0] if arguments else None
    if isinstance(uri, dict):
        uri = uri.get("uri")
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("fixFile wants the document's URI")
    choice = await _choice(session, arguments[1:])
    analysis = await session.analyses.get(uri)
    if analysis is None:
        raise JsonRpcInvalidParams(f"{uri} is not open")
    reason = _hindrance(analysis)
    if not reason:
        try:
            return await _apply(session, *await _fixed(session, analysis, choice))
        except LostError as error:
            reason = str(error)
    session.show(f"{_name(analysis.unit)} is not migrated: {reason}")
    return {"applied": False, "fixed": 0, "found": 0, "reason": reason}


def _hindrance(analysis: Analysis) -> str:
    """Why nothing is known of a document's uses; empty if it was looked at."""
    if not analysis.resolved.editor.enable:
        return f"the setting {SECTION}.enable is off"
    if analysis.report.left_out:
        return "the settings exclude it"
    failure = analysis.report.failure
    if failure is None:
        return ""
    return (
        f"it is not valid Python: {failure.message}"
        if failure.kind == "syntax"
        else failure.message
    )


def _name(unit: Unit) -> str:
    return Path(unit.path).name if unit.path else unit.uri


async def fix_workspace(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixWorkspace({unsafe?, rules?})`: one edit over all files, each to be confirmed."""
    choice = await _choice(session, arguments)
    changes: list[Change] = []
    total = 0
    async with progress(session, "Migrating to sentry-sdk 2.x") as work:
        async for part, count in _everything(session, choice, work):
            changes += part
            total += count
        if work.cancelled:
            return {"applied": False, "fixed": 0, "cancelled": True}
    return await _apply(session, changes, total)


async def _everything(session: Session, choice: _Choice, work: Work) -> Any:
    await handed.ready(session)
    units = list(session.documents)
    files = await workspace.paths(session)
    total = len(units) + len(files)
    for done, unit in enumerate(units, 1):
        analysis = await session.analyses.get(unit.uri)
        if analysis is not None and not work.cancelled and not _hindrance(analysis):
            try:
                yield await _fixed(session, analysis, choice, confirm=True)
            except LostError as error:
                logger.warning("%s: cannot be fixed: %s", unit.uri, error)
        work.report(unit.uri, done, total)
    for done, path in enumerate(files, len(units) + 1):
        if work.cancelled:
            return
        fixed = await workspace.fix(session, path, choice.rules, choice.unsafe)
        work.report(path, done, total)
        if fixed is not None and session.documents.get(workspace.uri_of(path)) is None:
            unit, outcome = fixed
            note = _annotation(choice.unsafe, confirm=True)
            changes = convert.changes(unit, outcome.edits, note) or []
            closed = [(place.closed(), edits, note) for place, edits, note in changes]
            yield closed, len(outcome.applied)


async def _fixed(
    session: Session, analysis: Analysis, choice: _Choice, confirm: bool = False
) -> tuple[list[Change], int]:
    """The edits and how many fixes they are. Raises LostError."""
    rules = choice.rules(analysis.resolved.editor)
    outcome = await session.analyses.fix(analysis, rules, choice.unsafe)
    changes = convert.changes(analysis.unit, outcome.edits, _annotation(choice.unsafe, confirm))
    return changes or [], len(outcome.applied) if changes else 0


def _annotation(unsafe: bool, confirm: bool) -> Annotation:
    """`confirm` makes an editor show the edit before it is made; unsafe ones are always shown."""
    if unsafe:
        return Annotation("sentry-sdk 2.x", "Safe and unsafe fixes", confirm=True)
    return Annotation("sentry-sdk 2.x", "Safe fixes: what reaches Sentry stays the same", confirm)


async def _apply(session: Session, changes: list[Change], count: int) -> dict[str, Any]:
    """Have the client make the edits, too many for one turn of the loop, so built in a thread.

    A refusal is no error; a reason it gives is said.
    """
    not_applied = {"applied": False, "fixed": 0, "found": count}
    if not changes:
        return not_applied
    if not session.client.apply_edit:
        session.show("This editor cannot apply edits; run `sentry-migrate check --fix` instead")
        return not_applied
    edit = await asyncio.to_thread(convert.workspace_edit, changes, session.client)
    label = f"Migrate {count} use{'s' * (count != 1)} to sentry-sdk 2.x"
    params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
    answer = await answered(session.server.workspace_apply_edit_async(params))
    if answer is None or not answer.applied:
        if reason := getattr(answer, "failure_reason", None):  # none: a person turned it down
            session.show(f"The editor did not apply the migration: {reason}")
        return not_applied
    return {"applied": True, "fixed": count}


async def _choice(session: Session, arguments: tuple[Any, ...]) -> _Choice:
    """Read the options of a command."""
    options = arguments[0] if arguments and arguments[0] is not None else {}
    chosen = options.get("rules") if isinstance(options, dict) else 0
    if chosen is None:
        return _Choice((), None, options.get("unsafe") is True)
    if not isinstance(chosen, list | tuple) or not all(isinstance(one, str) for one in chosen):
        raise JsonRpcInvalidParams("options are {unsafe: boolean, rules: selectors}")
    known = await known_rules(session)
    if wrong := selectors.unknown(chosen, known):
        raise JsonRpcInvalidParams(no_rule(wrong[0]))
    return _Choice(tuple(known), tuple(chosen), options.get("unsafe") is True)
