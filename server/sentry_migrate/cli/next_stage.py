"""`sentry-migrate next`: do the first stage of the migration that is not done, and commit it.

Owns what is asked before a stage, what is written besides the fixes, and the exit code. The fixes
are made as `check --fix` makes them.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from sentry_migrate import __version__
from sentry_migrate.cli import check
from sentry_migrate.cli.answers import answer_of, assume
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import file_results
from sentry_migrate.cli.files_to_check import Selection
from sentry_migrate.cli.git import GitError, Repository, repository
from sentry_migrate.cli.output import encoded, not_written, put_bytes, say
from sentry_migrate.cli.status import tell
from sentry_migrate.cli.written_files import Written
from sentry_migrate.project import atomic_write, config
from sentry_migrate.report import visible
from sentry_migrate.report.stages import REQUIREMENT, Stage, stages
from sentry_migrate.report.summary import plural
from sentry_migrate.worker import pool

_PLACES = 5
"""As many places of a question, or changed files of a repository, as are listed."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    paths: tuple[str, ...]
    yes: bool = False
    """Whether nothing is asked; questions about the project then stay open."""
    allow_dirty: bool = False
    commit: bool = True
    pr_text: str | None = None
    """The file for the text of a pull request, `-` for standard output; None for none."""
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float = pool.SECONDS
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a stage comes to."""

    title: str
    """The first line of its commit."""
    settings: Mapping[str, Any]
    """On top of the project's, for the run that makes the fixes."""
    assumed: tuple[str, ...] = ()
    """Codes of the doubts that are answered with yes."""


def run(options: Options, choose: Choose) -> int:
    """Do a stage; the exit code. Raises ConfigError before anything is written."""
    home = os.path.abspath(options.paths[0])
    home = home if os.path.isdir(home) else os.path.dirname(home)
    kept = repository(home)
    if kept is not None and not options.allow_dirty and _is_dirty(kept):
        return 2
    selection = Selection(options.paths, options.exclude, cache=options.cache)
    entries, failed = file_results(selection, options.jobs, options.timeout, choose)
    if failed:
        return 2
    found = stages(entries)
    stage = next((one for one in found if one.findings), None)
    if stage is None:
        tell(found)
        return 0
    say(f"{stage.title}: {stage.size}.", sys.stdout)
    work = _work(stage, options)
    if work is None:
        return 1
    written = Written()
    if work.assumed and not assume(home, work.assumed, written):
        return 2
    made = check.Options(
        options.paths, fix=True, fix_only=True, exclude=options.exclude, jobs=options.jobs,
        timeout=options.timeout, cache=options.cache,
    )  # fmt: skip
    code = check.run(made, _on_top(choose, work.settings), written)
    if not written.paths:
        return code or 1
    if options.commit and not _committed(kept, stage, work, written):
        return 2
    return _tell_others(options.pr_text, stage, work) or code


def _on_top(choose: Choose, settings: Mapping[str, Any]) -> Choose:
    return lambda directory: config.overlay(choose(directory), settings, "command line")


def _is_dirty(kept: Repository) -> bool:
    """Whether there are changes that the commit of a stage would be mixed with, which is said."""
    try:
        changed = kept.changed()
    except GitError as error:
        say(f"error: git: {error}", sys.stderr)
        return True
    if changed:
        listed = ", ".join(changed[:_PLACES]) + (", …" if len(changed) > _PLACES else "")
        said = f"error: {plural(len(changed), 'file')} changed since the last commit: {listed}. "
        say(f"{said}Commit or stash them first, or use --allow-dirty.", sys.stderr)
    return bool(changed)


def _work(stage: Stage, options: Options) -> _Work | None:
    """What to do in a stage, if a person agrees."""
    if stage.key == "manual":
        for line in _places(stage):
            say(line, sys.stdout)
        say("`sentry-migrate tasks` writes what to do at each place to a file.", sys.stdout)
        return None
    if stage.key == "questions":
        codes = () if options.yes else tuple(filter(None, map(answer_of, stage.questions)))
        if not codes:
            why = "Nobody was asked, because of --yes." if options.yes else "No answer was yes."
            said = f"{why} `sentry-migrate doubt` explains each question; `sentry-migrate tasks` "
            say(f"{said}lists what to do without an answer.", sys.stdout)
            return None
        listed = ", ".join(codes)
        return _Work(
            f"Migrate to sentry-sdk 2.x: fixes that assume {listed}",
            {"assume": list(codes), "unsafe-fixes": False},
            codes,
        )
    if not options.yes and not click.confirm(f"{stage.title}?", default=True):
        return None
    if stage.key == "requirement":
        return _Work("Require sentry-sdk 2.x", {"select": [REQUIREMENT], "unsafe-fixes": True})
    return _Work(f"Migrate to sentry-sdk 2.x: {stage.size}", {"unsafe-fixes": False})


def _committed(kept: Repository | None, stage: Stage, work: _Work, written: Written) -> bool:
    """Whether the stage is committed, if there is a repository."""
    if kept is None:
        say("Not committed: this is no git repository.", sys.stderr)
        return True
    paths = [os.path.abspath(path) for path in written.paths]
    try:
        name = kept.commit(paths, f"{work.title}\n\n{_message(stage, work)}")
    except (GitError, OSError) as error:
        undo = f"; `{written.undo}` takes the changes back" if written.undo else ""
        say(f"error: not committed: git: {error}{undo}", sys.stderr)
        return False
    say(f"Committed {plural(len(paths), 'file')} as {name}: {work.title}", sys.stdout)
    return True


def _message(stage: Stage, work: _Work) -> str:
    lines = [*_rules(stage), ""]
    lines += [_proof(stage, work), f"Made by sentry-migrate {__version__}."]
    return "\n".join(lines)


def _rules(stage: Stage) -> Iterator[str]:
    """How often each rule was applied, in a list."""
    counts = Counter((finding.code, finding.name) for _, finding in stage.findings)
    for (code, name), count in sorted(counts.items()):
        yield f"- {code} {name}: {count}"


def _proof(stage: Stage, work: _Work) -> str:
    if stage.key == "requirement":
        return "The code and the requirement change together: merge this with the stages after it."
    if work.assumed:
        return f"What reaches Sentry stays the same, assumed that: {', '.join(work.assumed)}."
    return "What reaches Sentry stays the same."


def _tell_others(file: str | None, stage: Stage, work: _Work) -> int:
    """Write the text of a pull request, if one is wanted; the exit code."""
    if file is None:
        return 0
    look = ["Each change with its reason: `sentry-migrate check --diff` before the commit."]
    look += [f"- {code}: `sentry-migrate doubt {code}`" for code in work.assumed]
    lines = [f"# {work.title}", "", "## What", "", *_rules(stage), ""]
    lines += ["## Proof", "", _proof(stage, work), "", "## What to look at", "", *look, ""]
    data = encoded("\n".join(lines))
    if file == "-":
        put_bytes(data, sys.stdout)
        return 0
    try:
        atomic_write.put(file, data)
    except OSError as error:
        not_written(file, error)
        return 2
    return 0


def _places(stage: Stage) -> Iterator[str]:
    """Each finding in a line."""
    for entry, finding in stage.findings:
        row, column = entry.place(finding.start)
        yield f"{visible.plain(entry.path)}:{row}:{column}: {finding.code} {finding.message}"
