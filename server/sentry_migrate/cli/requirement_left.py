"""Which dependency files of a project still exclude 2.x, whatever part of it a run looks at.

Owns looking at them, from the run's directory up to the project's. Refuses to know what excludes
2.x: a rule does.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.project import config, modules, regular_files
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.report.stages import REQUIREMENT
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker.pool import Pool


def requirement_left(options: ReadingOptions, choose: Choose) -> str:
    """What to say of the files that exclude 2.x, and how that is raised; empty where none does.
    Raises ConfigError."""
    jobs = [] if options.paths == ("-",) else list(_jobs(options, choose))
    with Pool(options.jobs, options.timeout) as workers:
        left = [
            (shown(check.path), "" if one.fix else one.remedy)
            for check in workers.run(jobs)
            for one in check.result.findings
            if one.name == REQUIREMENT
        ]
    if not left:
        return ""
    files = dict.fromkeys(path for path, _ in left)
    fixed = [path for path, remedy in left if not remedy]
    what = f"`sentry-migrate next {shlex.quote(fixed[0])}` raises that." if fixed else left[0][1]
    return f"{', '.join(files)} still excludes sentry-sdk 2.x: {what}"


def _jobs(options: ReadingOptions, choose: Choose) -> Iterator[Check]:
    directory = options.home
    root = modules.project_of(directory)
    while True:
        settings = config.overlay(choose(directory), {"select": [REQUIREMENT]}, "command line")
        for name in sorted(os.listdir(directory)):
            path = os.path.join(directory, name)
            if kind_of(path) and os.path.isfile(path):
                yield Check(path, regular_files.read(path), settings)
        if directory == root or os.path.dirname(directory) == directory:
            return
        directory = os.path.dirname(directory)
