"""The quick fix of a document together with the tests that patch its names.

Owns telling for which findings there is one, and its edit: as a run over these files would make it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from lsprotocol import types

from sentry_migrate.doubts import REST_MIGRATED
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.uris import uri_of
from sentry_migrate.lsp.features import apply_edit
from sentry_migrate.lsp.features.migration import Choice, Fixed, Migration
from sentry_migrate.lsp.session import reexport_index
from sentry_migrate.lsp.session.session import Session, known_rules
from sentry_migrate.model import Applicability, Finding
from sentry_migrate.project.files import is_excluded
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a menu of fixes waits to know whether the tests can follow, at most."""


def may_have(finding: Finding) -> bool:
    """Whether only what tests patch may keep a finding's fix from being safe."""
    fix = finding.fix
    if fix is None or fix.applicability is not Applicability.UNSAFE:
        return False
    return set(fix.doubts) == {REST_MIGRATED.code}


async def files(session: Session, analysis: UnitAnalysis, code: str, span: tuple[int, int]) -> int:
    """How many files change together with the finding of a rule at `span`; 0 where the run would
    not call that safe, or nobody knows in time."""

    async def run() -> Migration:
        migration = await _migration(session, analysis, code)
        await migration.collect()
        return migration

    try:
        migration = await asyncio.wait_for(run(), PATIENCE)
    except (asyncio.TimeoutError, LostError) as error:
        logger.info("%s: no fix with its tests: %s", analysis.unit.uri, error or "not in time")
        return 0
    return len(_together(migration, analysis, span))


async def edit(
    session: Session, analysis: UnitAnalysis, code: str, span: tuple[int, int]
) -> types.WorkspaceEdit | None:
    """The edit of all these files as they are now; None where it is no longer safe."""
    migration = await _migration(session, analysis, code)
    ready, present, _ = await apply_edit.prepared(session, migration)
    together = _together(migration, analysis, span)
    if not together or not all(migration.is_current(one, present) for one in together):
        return None
    wanted = {id(one) for one in together}
    chosen = [one for one in ready if id(one.fixed) in wanted]
    documents = [part for one in chosen for part in one.documents]
    changes = [change for one in chosen for change in one.changes]
    return convert.workspace_edit(changes, session.client, documents)


async def _migration(session: Session, analysis: UnitAnalysis, code: str) -> Migration:
    """The run over a document and those who may patch its names, with the fixes of one rule."""
    await reexport_index.caught_up(session)
    path, demand = analysis.unit.path or "", session.index.demand
    listed = {path: None}
    for name in demand.names(path) if demand is not None else ():
        for taker in sorted(demand.watching(path, name)) if demand is not None else ():
            resolved = await session.settings.resolve(uri_of(taker), taker)
            if not is_excluded(taker, resolved.settings):
                listed[taker] = None
    choice = Choice(tuple(await known_rules(session)), (code,), unsafe=False)
    return Migration(session, choice, tuple(listed), beside=False)


def _together(
    migration: Migration, analysis: UnitAnalysis, span: tuple[int, int]
) -> Sequence[Fixed]:
    """The files that change; none unless the finding at `span` is among what is fixed, and others
    go along."""
    found = migration.with_needed(analysis.unit.path or "")
    own = [change for one in found if one.unit is analysis.unit for change in one.changes]
    start, end = span
    fixed = any(edit.start <= end and start <= edit.end for _, edits, _ in own for edit in edits)
    return found if fixed and len(found) > 1 else ()
