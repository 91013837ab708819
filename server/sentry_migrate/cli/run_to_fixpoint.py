"""Analyses files until nothing that they leave to each other, or take from each other, changes.

Owns the order of the rounds. Refuses to know which files there are, and what is done with the
results.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sentry_migrate.cli.earlier_answers import EarlierAnswers
from sentry_migrate.cli.facts_cache import Facts, digest
from sentry_migrate.cli.files_to_check import FilesToCheck, shown
from sentry_migrate.cli.progress import progress
from sentry_migrate.cli.project_context import Project
from sentry_migrate.plan import Plan, Site, file_option_key, function_of
from sentry_migrate.project.dropped_names import needs_of
from sentry_migrate.project.patched_names import PatchedNames
from sentry_migrate.report.entry import Entry
from sentry_migrate.text.notebook import code_of
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check

_FIRST = 16
"""Files that are analysed before any other is told what they leave: each that is told at once need
not be analysed again."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of all jobs of a run."""

    results: Sequence[tuple[Check, pool.FileCheck, Entry]]
    """Each job with what came of it, in order."""
    needs: Mapping[str, set[str]]
    """By path, the files that must be written before the one there."""


def results(asked: FilesToCheck, workers: pool.Pool) -> RunResult:
    """What comes of the files that were asked for, or came of them in an earlier run."""
    known = asked.unchanged.answers
    if known:
        made = [(job, pool.made(job, known[job.path])) for job in asked.jobs]
        return RunResult(_with_entries(made), {})
    done = run_to_fixpoint(asked.jobs, workers, asked.project)
    asked.unchanged.note((job.path, check.answer) for job, check, _ in done.results)
    return done


def run_to_fixpoint(
    jobs: Sequence[Check],
    workers: pool.Pool,
    project: Project | None = None,
) -> RunResult:
    """Run the jobs, and again those that other files concern, until nothing changes.

    `project` has the files that were not asked for; they stay as they are.
    """
    checks, needs = _run(jobs, workers, project)
    return RunResult(_with_entries([checks[job.path] for job in jobs]), needs)


def _with_entries(
    made: Sequence[tuple[Check, pool.FileCheck]],
) -> list[tuple[Check, pool.FileCheck, Entry]]:
    return [(job, check, _entry(job, check)) for job, check in made]


def _entry(job: Check, check: pool.FileCheck) -> Entry:
    entry = Entry.of(shown(job.path), check.source).with_result(check.result)
    return replace(entry, unsafe=job.settings.unsafe_fixes, strict=job.settings.strict)


_Checks: TypeAlias = dict[str, tuple[Check, pool.FileCheck]]
"""By path, what was asked and what came of it."""


def _run(
    jobs: Sequence[Check], workers: pool.Pool, project: Project | None
) -> tuple[_Checks, Mapping[str, set[str]]]:
    """By path, each job as it was last run, with its result; and the files that it needs."""
    plan = Plan(shown)
    for path, line, word in () if project is None else project.options:
        plan.leave(path, [Site(file_option_key(word), line)])
    dropped = None if project is None else project.dropped(jobs)
    patched = None if project is None else project.patched_names()
    search = project.call_search() if project is not None and jobs else None
    path_of = {os.path.abspath(job.path): job.path for job in jobs}
    checks: _Checks = {}
    waiting, again = _in_order(jobs), list[Check]()
    size, kinds, looked = _FIRST, set[str](), False
    if project is not None and jobs:
        around = list(project.mentioning(path_of, jobs[0].settings))
        if len(around) <= len(jobs):  # so that all others are told at once what is in these
            again += around
    with progress(len(jobs)) as advance:
        work = _Work(plan, workers, project, advance)
        while waiting or again:
            again += (_told(plan, job) for job in waiting[:size])
            waiting, size = waiting[size:], 2 * size
            fresh = work.done(again)
            if patched is not None:
                fresh |= _tell_of_moves(patched, work, plan, {**checks, **fresh}, fresh)
            checks |= fresh
            work.tell(fresh)
            if project is not None and dropped is not None:
                project.becomes(dropped, ((job, check.fixed) for job, check in fresh.values()))
            again = []
            if project is not None and search is not None:
                news = plan.asked()
                for path, site in search.sites(news, {*path_of, *project.beside}):
                    plan.leave(path, [site])
                kinds |= news
                if asked := {function for kind in news if (function := function_of(kind))}:
                    search.want(asked)
                    for path, answer in project.starting({*checks, *path_of}):
                        plan.take(path, {}, answer)
                search.follow(plan)
                if kinds and not (waiting and looked):
                    beside = project.beside_with(kinds, {*checks, *path_of}, jobs[0].settings)
                    again += (_told(plan, job) for job in beside)
                    kinds, looked = set(), True
            if waiting:
                continue
            waiting, size = _in_order(checks[path][0] for path, _ in plan.outdated()), _FIRST
            if not (waiting or again) and dropped is not None:
                again += (
                    replace(checks[path_of[path]][0], taken=names)
                    for path, names in dropped.outdated()
                )
    if project is not None:
        project.facts.save()
    moved = () if patched is None else patched.needs()
    return checks, needs_of(dropped, (*moved, *plan.together()))


_WORD = re.compile(r"\w+")
_IMPLICIT = re.compile(rb"def __(?!init__)\w+__")


def _in_order(jobs: Iterable[Check]) -> list[Check]:
    """The jobs, those first whose files have most methods that operations call: any file may do
    that without a name, and is told of it at once if it comes later."""
    return sorted(jobs, key=lambda job: len(_IMPLICIT.findall(job.data)), reverse=True)


def _told(plan: Plan, job: Check) -> Check:
    """The job, with all that is known of the rest by now and that it may ask about."""
    text = code_of(job.path, job.data).decode("utf-8", "replace")
    kinds = plan.kinds(set(_WORD.findall(text)))
    return replace(job, left=tuple(sorted(plan.left(job.path, kinds).items())))


def _tell_of_moves(
    patched: PatchedNames, work: _Work, plan: Plan, checks: _Checks, fresh: Collection[str]
) -> _Checks:
    """Tell tests which names the `fresh` results let move. Returns the results of the tests that
    were told something new."""
    news = False
    for path in fresh:
        job, check = checks[path]
        if not job.context:
            news |= patched.offer(os.path.abspath(path), check.result.plan.moves)
    again = []
    for job, _ in checks.values() if news else [checks[path] for path in fresh]:
        data = code_of(job.path, job.data)
        told = () if job.context else patched.told(os.path.abspath(job.path), data)
        if told != job.moves:
            again.append(replace(job, moves=told))
    found = work.done(again)
    for path, (_, check) in {**{path: checks[path] for path in fresh}, **found}.items():
        patched.follow(os.path.abspath(path), check.result.plan.followed)
    for path, site in patched.stay():
        plan.leave(path, [site])
    return found


class _Work:
    """Has jobs done, and tells the plan what they say."""

    def __init__(
        self,
        plan: Plan,
        workers: pool.Pool,
        project: Project | None,
        advance: Callable[[], None],
    ) -> None:
        """`advance` is called after each job."""
        self._plan = plan
        self._workers = workers
        self._advance = advance
        facts = Facts(None, ()) if project is None else project.facts
        listing = "" if project is None else digest(*sorted(project.paths))
        self._earlier = EarlierAnswers(facts, listing)

    def done(self, jobs: Sequence[Check]) -> _Checks:
        """The jobs with what came of them."""
        found: _Checks = {}
        for job, check in zip(jobs, self._checked(jobs), strict=True):
            found[job.path] = job, check
            self._advance()
        return found

    def tell(self, found: _Checks) -> None:
        """Tell the plan what came of some jobs."""
        for job, check in found.values():
            self._plan.take(job.path, dict(job.left), check.result.plan, job.context or job.fix)

    def _checked(self, jobs: Sequence[Check]) -> Iterator[pool.FileCheck]:
        """What comes of each job, in order; what an earlier run found out is not asked again."""
        known = {job.path: self._earlier.known(job) for job in jobs}
        unknown = [job for job in jobs if known[job.path] is None]
        fresh = self._workers.run(unknown) if unknown else iter(())
        for job in jobs:
            answer = known[job.path]
            if answer is not None:
                yield pool.made(job, answer)
                continue
            check = next(fresh)
            self._earlier.note(job, check.answer)
            yield check
