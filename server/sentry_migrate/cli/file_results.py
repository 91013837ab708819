"""What a command that only reports has to say of each file.

Owns telling problems on standard error, and which of them fail the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.files_to_check import FAILED, Selection, files_to_check
from sentry_migrate.cli.output import error
from sentry_migrate.cli.proved import with_proof
from sentry_migrate.cli.run_to_fixpoint import results
from sentry_migrate.report.entry import Coverage, Entry
from sentry_migrate.worker import pool


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What was typed about the files to read, settings aside: the same in every command."""

    paths: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float = pool.SECONDS
    """Seconds of processor time for each file."""
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""
    owners: tuple[str, ...] = ()
    """Those whose files they are, by CODEOWNERS; empty for all files."""

    @property
    def home(self) -> str:
        """The absolute directory of the first path, or the working directory without any."""
        first = os.path.abspath(next(iter(self.paths), "."))
        return first if os.path.isdir(first) else os.path.dirname(first)

    def selection(self, fix: bool = False, again: bool = False) -> Selection:
        """The files to look at; `fix` says whether each is to be fixed too, and `again` whether
        what an earlier run said may be said again."""
        return Selection(self.paths, self.exclude, fix, self.cache, self.owners, again)


@dataclass(frozen=True, slots=True)
class FileResults:
    """What came of the files that were asked for."""

    entries: Sequence[Entry]
    failed: bool
    """Whether a file could not be read or analysed."""
    coverage: Coverage


def file_results(options: ReadingOptions, choose: Choose) -> FileResults:
    """Read and analyse. Raises ConfigError."""
    selection = options.selection(again=True)
    with pool.Pool(options.jobs, options.timeout) as workers:
        asked = files_to_check(selection, choose, workers)
        done = results(asked, workers)
    entries = [*asked.unread, *(entry for _, _, entry in done.results)]
    return FileResults(with_proof(entries), tell_problems(entries), asked.coverage)


def tell_problems(entries: Iterable[Entry]) -> bool:
    """Say what went wrong with each file; whether one could not be read or analysed."""
    problems = [entry for entry in entries if entry.problem]
    for entry in problems:
        error(entry)
    return any(entry.problem and entry.problem.name in FAILED for entry in problems)
