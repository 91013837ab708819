"""What a baseline accepts where this program's own fixes have changed the lines.

Owns that findings of all rules are looked for before and after, whichever a run is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sentry_migrate.cli.baseline import Baselines
from sentry_migrate.cli.project_context import Project
from sentry_migrate.cli.run_to_fixpoint import run_to_fixpoint
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker.pool import Pool


def follow(
    baselines: Baselines,
    changed: Iterable[tuple[Check, bytes]],
    workers: Pool,
    project: Project | None,
) -> bool:
    """Have what is accepted follow to the new texts of jobs; whether anything moved."""
    jobs = [(_of_all_rules(job), new) for job, new in changed] if baselines.any else []
    if not jobs:
        return False
    texts = [job for job, _ in jobs], [replace(job, data=new) for job, new in jobs]
    before, after = (run_to_fixpoint(each, workers, project) for each in texts)
    return baselines.follow(*([entry for *_, entry in one.results] for one in (before, after)))


def _of_all_rules(job: Check) -> Check:
    settings = replace(job.settings, select=("ALL",), extend_select=(), ignore=())
    return replace(job, fix=False, settings=settings)
