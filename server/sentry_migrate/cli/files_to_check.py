"""Finds the files to analyse for the paths on the command line, the same for every command.

Owns which files these are. Refuses to know what is done with the results.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentry_migrate.cli.agents import is_inside, within
from sentry_migrate.cli.output import say
from sentry_migrate.cli.owners import owned_by
from sentry_migrate.cli.project_context import Project, Surroundings
from sentry_migrate.cli.unchanged import Unchanged
from sentry_migrate.project import atomic_write, files
from sentry_migrate.project.candidates import candidates
from sentry_migrate.project.default_excludes import holds_code
from sentry_migrate.project.given_parameters import uses_instances
from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.project.mentions import spells_sdk
from sentry_migrate.project.modules import spells_option
from sentry_migrate.project.reexports import has_instances
from sentry_migrate.project.unread_mentions import is_worth_reading, mentions
from sentry_migrate.report.entry import Coverage, Entry, Problem
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.notebook import NotebookSource, code_of, is_cut, is_notebook, source_of
from sentry_migrate.text.source import DecodeError
from sentry_migrate.worker.frames import Check
from sentry_migrate.worker.pool import Pool

if TYPE_CHECKING:
    from sentry_migrate.cli.choose import Choose

FAILED = frozenset(("internal-error", "io-error", "timeout", "too-large", "unsupported-syntax"))
"""Problems that are not the checked code's fault: the run could not do its work."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files were asked for."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    fix: bool = False
    """Whether each is to be fixed too."""
    cache: str | None = None
    """The directory for what earlier runs found out about files; None for none."""
    owners: tuple[str, ...] = ()
    """Those whose files they are; empty for all files."""
    again: bool = False
    """Whether what an earlier run said of the same files may be said again."""


@dataclass(frozen=True, slots=True)
class FilesToCheck:
    """The files of a run, read but not analysed."""

    jobs: list[Check] = field(default_factory=list)
    """The files that can have findings, by path."""
    unread: list[Entry] = field(default_factory=list)
    """Those that cannot be read."""
    project: Project | None = None
    """The rest of the project."""
    coverage: Coverage = field(default_factory=Coverage)
    unchanged: Unchanged = field(default_factory=Unchanged)
    """What an earlier run said, if nothing has changed since: then there is no `project`."""


def files_to_check(selection: Selection, choose: Choose, workers: Pool) -> FilesToCheck:
    """Walk the paths that were asked for, and read what can have findings. Raises ConfigError."""
    unread: list[Entry] = []
    coverage = Coverage()

    def failed(path: str, error: OSError) -> None:
        if error.errno == errno.ELOOP:  # nobody can read that, and no code is missed
            say(f"warning: {shown(path)} is skipped: {error.strerror}", sys.stderr)
            return
        problem = Problem("io-error", error.strerror or str(error))
        unread.append(Entry(shown(path), LineIndex(""), (), problem))

    jobs: dict[str, Check] = {}
    others: list[tuple[files.Found, bytes]] = []
    known: list[tuple[str, bytes]] = []
    rest: list[tuple[files.Found, bytes]] = []
    by_default: list[str] = []
    beside: list[files.Found] = []
    named = {os.path.dirname(os.path.abspath(path)): path for path in selection.paths}

    def left_behind(path: str) -> None:
        if selection.fix:  # a run that only reports removes nothing
            atomic_write.sweep(path)

    for path in named.values() if selection.fix else ():
        if not os.path.isdir(path):
            atomic_write.sweep_beside(os.path.abspath(path))
    walk = files.discover(
        selection.paths,
        choose,
        selection.exclude,
        failed,
        left_behind,
        coverage.excluded.add,
        notebooks=True,
        scripts=True,
        by_default=by_default.append,
        other=beside.append if not selection.owners else None,
    )
    owned = owned_by(selection.owners, selection.paths) if selection.owners else None
    wanted = (found for found in walk if _allowed(found) and (owned is None or owned(found.path)))
    for found, data, kind in candidates(wanted, failed):
        if is_notebook(found.path):
            beside.append(found)
        if kind != "none" and _is_foreign(found.path, data):
            if kind == "own":
                coverage.notebooks.add(found.path)
            continue
        if kind == "none" and is_notebook(found.path) and is_cut(data):
            if not found.skipped():
                coverage.cut.add(found.path)
            continue
        if kind == "excluded":
            coverage.excluded.add(found.path)
        elif kind != "ignored":
            coverage.files.add(found.path)
        if kind == "own":
            known.append((found.path, data))
            _add(jobs, found, data, selection, choose, coverage)
        elif kind == "passed on":
            known.append((found.path, data))
            others.append((found, data))
        else:
            rest.append((found, data))
    coverage.by_default.update(filter(holds_code, by_default))
    mentioned = [*_mentions(beside)]
    coverage.mentions += (f"{word} in {shown(path)}:{line}" for path, line, word in mentioned)
    surroundings = Surroundings.of(known, [(found.path, data) for found, data in rest])
    unchanged = Unchanged()
    if selection.again and selection.cache is not None:
        settings = [choose(os.path.dirname(path)) for path, _ in known]
        unchanged = Unchanged.of(
            selection.cache, repr(selection), repr((settings, mentioned)), surroundings
        )
        if unchanged.answers:
            for found, data in (*others, *rest):
                if found.path in unchanged.answers:
                    _add(jobs, found, data, selection, choose, coverage)
            asked = sorted(jobs.values(), key=lambda job: job.path)
            if {job.path for job in asked} == unchanged.answers.keys():
                return FilesToCheck(asked, unread, None, coverage, unchanged)
            unchanged = Unchanged()
    project = Project.around(surroundings, selection.cache, workers, shown)
    project.options.extend(one for one in mentioned if one[2] in REFUSED)
    for found, data in others:
        code = code_of(found.path, data)
        if spells_option(code) or spells_sdk(code) or project.index.concerning(found.path, code):
            _add(jobs, found, data, selection, choose, coverage)
    for found, data in rest if has_instances(project.index.names) else ():
        code = code_of(found.path, data)
        if not uses_instances(code) or found.skipped():
            continue
        if project.index.concerning(found.path, code):
            _add(jobs, found, data, selection, choose, coverage)
    told = sorted(map(project.told, jobs.values()), key=lambda job: job.path)
    return FilesToCheck(told, unread, project, coverage, unchanged)


def _mentions(beside: Iterable[files.Found]) -> Iterator[tuple[str, int, str]]:
    """What files that nobody here understands say of sentry-sdk 1.x: paths, lines and words."""
    for found in sorted(beside):
        if not is_worth_reading(found.path) or not is_inside(found.path):
            continue
        said = list(mentions(found.path))
        if said and not found.skipped():
            yield from ((found.path, line, word) for line, word in said)


def _allowed(found: files.Found) -> bool:
    """Whether the run may look at a file; a person is told of those that it skips."""
    if is_inside(found.path):
        return True
    say(f"warning: {shown(found.path)} is skipped: it leads out of {within()}", sys.stderr)
    return False


def _is_foreign(path: str, data: bytes) -> bool:
    """Whether a file is a notebook in another language."""
    if not is_notebook(path):
        return False
    with suppress(DecodeError):
        source = source_of(path, data)
        return isinstance(source, NotebookSource) and not source.is_python
    return False


def _add(
    jobs: dict[str, Check],
    found: files.Found,
    data: bytes,
    selection: Selection,
    choose: Choose,
    coverage: Coverage,
) -> None:
    """Add a job for the file, unless a pattern of its own settings excludes it."""
    settings = choose(os.path.dirname(found.path))
    if not found.named and files.excluded(found.path, settings):
        coverage.files.discard(found.path)
        coverage.excluded.add(found.path)
        return
    real = os.path.realpath(found.path)  # one file may be found twice
    known = jobs.get(real)
    if known is None or _rank(found.path) < _rank(known.path):
        jobs[real] = Check(found.path, data, settings, selection.fix)


def _rank(path: str) -> tuple[bool, str]:
    """Which name of a file comes first: its own, as a patch for a link is refused; then by name,
    as the system lists directories in any order."""
    return os.path.islink(path), path


def shown(path: str) -> str:
    """`path` as a user is shown it: relative to the working directory if it is below that."""
    if not os.path.isabs(path):
        return path
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
