"""`sentry-migrate status`, also without a command: what is left, and what to do next.

Files are found and analysed as `check` does it; the stages are `report/`'s.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import FileResults, file_results
from sentry_migrate.cli.files_to_check import Selection
from sentry_migrate.cli.output import columns, say
from sentry_migrate.report import text
from sentry_migrate.report.stages import UNCHECKED, Key, Stage, stages
from sentry_migrate.report.summary import plural
from sentry_migrate.worker import pool

_NEXT: dict[Key, str] = {
    "requirement": "Next: `sentry-migrate next` raises the requirement.",
    "proved": "Next: `sentry-migrate next` applies the proved fixes; `sentry-migrate check --diff` "
    "shows them.",
    "questions": "Next: `sentry-migrate next` asks the questions, and applies the fixes that the "
    "answers make safe.",
    "manual": "Next: `sentry-migrate tasks` writes what to change by hand to a file.",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float = pool.SECONDS
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""


def run(options: Options, choose: Choose) -> int:
    """Analyse and tell; the exit code. Raises ConfigError."""
    selection = Selection(options.paths, options.exclude, cache=options.cache)
    found = file_results(selection, options.jobs, options.timeout, choose)
    entries, failed = found.entries, found.failed
    tell(stages(entries), found)
    return 2 if failed else 0


def tell(found: Sequence[Stage], results: FileResults) -> None:
    """Write the stages with what is left in each, and what comes next."""
    left = [stage for stage in found if stage.findings]
    if not left:
        whole, lines = text.nothing_found(results.entries, results.coverage)
        text.show(lines, sys.stdout)
        if whole:
            say("What no tool can check:", sys.stdout)
        for line in UNCHECKED if whole else ():
            say(f"- {line}", sys.stdout)
        return
    count = sum(len(stage.findings) for stage in left)
    files = {path for stage in left for path in stage.paths}
    say(f"{plural(count, 'finding')} in {plural(len(files), 'file')}:", sys.stdout)
    rows = [
        (f"{number}.", stage.title, stage.size or "done") for number, stage in enumerate(found, 1)
    ]
    columns(rows, sys.stdout)
    say(_NEXT[left[0].key], sys.stdout)
