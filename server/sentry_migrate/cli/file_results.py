"""What a command that only reports has to say of each file.

Owns telling problems on standard error, and which of them fail the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.files_to_check import FAILED, Selection, files_to_check
from sentry_migrate.cli.output import error
from sentry_migrate.cli.run_to_fixpoint import run_to_fixpoint
from sentry_migrate.report.entry import Coverage, Entry


@dataclass(frozen=True, slots=True)
class FileResults:
    """What came of the files that were asked for."""

    entries: Sequence[Entry]
    failed: bool
    """Whether a file could not be read or analysed."""
    coverage: Coverage


def file_results(selection: Selection, jobs: int, timeout: float, choose: Choose) -> FileResults:
    """Read and analyse. `timeout` is in seconds of processor time for each file.

    Raises ConfigError.
    """
    asked = files_to_check(selection, choose)
    done = run_to_fixpoint(asked.jobs, jobs, timeout, asked.project)
    entries = [*asked.unread, *(entry for _, _, entry in done.results)]
    for entry in entries:
        if entry.problem:
            error(entry)
    failed = any(entry.problem and entry.problem.name in FAILED for entry in entries)
    return FileResults(entries, failed, asked.coverage)
