"""The rest of the project, which is read for what it says about the files that were asked for.

Owns finding it, and what each analysis is told of it: the names that modules re-export, and those
that others take from the file. Nothing that is read here is reported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sentry_migrate.cli.facts_cache import Facts
from sentry_migrate.plan import THREADS, Answer
from sentry_migrate.project import (
    boundaries,
    call_search,
    callers,
    files,
    heir_search,
    modules,
    plan_words,
    reexports,
    regular_files,
    taken_names,
    takers,
)
from sentry_migrate.project.bystanders import Bystanders
from sentry_migrate.project.call_search import CallSearch
from sentry_migrate.project.candidates import may_concern
from sentry_migrate.project.config import Settings
from sentry_migrate.project.dropped_names import DroppedNames
from sentry_migrate.project.given_functions import given_functions
from sentry_migrate.project.patched_names import PatchedNames
from sentry_migrate.project.plan_words import may_have
from sentry_migrate.project.scripts import is_code
from sentry_migrate.project.thread_words import ENOUGH, imports_threads
from sentry_migrate.text.notebook import code_of, is_notebook
from sentry_migrate.worker.frames import Check, Look
from sentry_migrate.worker.pool import Pool

File = tuple[str, bytes]
"""An absolute path, and what the file holds."""


@dataclass(frozen=True, slots=True)
class _Dropped:
    """Names of a module that its fixes may drop."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All files of the project, or projects, of some files."""

    roots: Sequence[str]
    asked: Mapping[str, bytes]
    """By path, the files asked for that may have findings."""
    files: Sequence[tuple[str, bytes | None]]
    """These, the others that were asked for, and the rest; without bytes where that is too much."""
    rest: frozenset[str]
    """Paths of the others that were asked for."""

    @classmethod
    def of(cls, asked: Sequence[File], others: Sequence[File] = ()) -> Surroundings:
        """Read what was not asked for."""
        seen, rest = dict(asked), dict(others)
        roots = _roots(seen)
        files = (*seen.items(), *rest.items(), *_around(roots, {*seen, *rest}))
        return cls(roots, seen, files, frozenset(rest))


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of all files together."""

    index: reexports.ReexportIndex
    demand: taken_names.Demand | None
    """None where there is too much to read."""
    sought: taken_names.Sought = taken_names.NOTHING
    """What `demand` is about."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """By path, the files that may mention the SDK."""
    others: Sequence[str] = ()
    """Paths of the files that do not, and matter for the plan: those that may put something in the
    place of names of others, wait for an `AttributeError`, read a hub, or are the first to start
    threads."""

    paths: Sequence[str] = ()
    """Of all files, as far as they were found."""
    facts: Facts = field(default_factory=lambda: Facts(None, ()))
    """What earlier runs found out."""
    workers: Pool | None = None
    """Who reads many files."""
    options: list[tuple[str, int, str]] = field(default_factory=list)
    """Where files that nobody here understands have options that 2.x refuses: the paths, the lines
    and the options."""

    @classmethod
    def around(
        cls,
        surroundings: Surroundings,
        cache: str | None = None,
        workers: Pool | None = None,
        name: Callable[[str], str] = str,
    ) -> Project:
        """The project, or projects, of the files asked for. `cache` is the directory for facts of
        earlier runs. `workers` help to read many files. `name` is how a person is told of a path.
        """
        seen, files = dict(surroundings.asked), surroundings.files
        others = dict.fromkeys(path for path, _ in files if path in surroundings.rest)
        facts = Facts(cache, surroundings.roots)
        dropped = ((path, _dropped(facts, path, data)) for path, data in seen.items())
        what = taken_names.sought(dropped)
        found: dict[str, taken_names.Taken] = {}
        noted: list[str] = []
        passing: dict[str, bytes] = {}
        bystanders = Bystanders()
        whole = True
        near = {
            path: data for path, data in files if data is not None and _is_near(path, data, what)
        }
        if workers is not None:
            _look(workers, facts, [*near.items()], what)
        for path, data in files:
            if data is None:
                whole = False
                break
            if path in near and (one := _taken(facts, path, data, what)):
                found[path] = one
            if path not in others and path not in seen:
                if may_concern(path, data):
                    seen[path] = data
                else:
                    others[path] = None
            if path not in seen and is_code(path):
                if modules.passes_on(data):
                    passing[path] = data
                if bystanders.matters(path, data):
                    noted.append(path)
        demand = taken_names.Demand.of(found, name) if whole else None
        having = (*seen.items(), *passing.items())
        rest = [path for path in others if path not in passing]
        index = reexports.collect(having, rest, partial(_imports, facts), demand)
        return cls(index, demand, what, seen, noted, [*seen, *others], facts, workers)

    def mentioning(self, jobs: Collection[str], settings: Settings) -> Iterator[Check]:
        """What to ask of the files that may mention the SDK, besides those of the `jobs`, which are
        absolute paths."""
        for path in sorted(self.beside.keys() - jobs):
            yield self.told(Check(path, self.beside[path], settings, context=True))

    def beside_with(
        self, kinds: Iterable[str], jobs: Collection[str], settings: Settings
    ) -> Iterator[Check]:
        """What to ask of the files besides those of the `jobs`, as far as they may have such
        code."""
        every = set(kinds)
        threads = 0
        put = partial(_put, self.facts)
        for path, data in (*sorted(self.beside.items()), *_read(sorted(self.others))):
            if path in jobs:
                continue
            if may_have(every, path, code_of(path, data), path in self.beside, put):
                yield self.told(Check(path, data, settings, context=True))
                threads += imports_threads(data)
                if threads == ENOUGH:
                    every.discard(THREADS)

    def starting(self, jobs: Collection[str]) -> Iterator[tuple[str, Answer]]:
        """What `call_search.starting` says of each file besides those of the `jobs`."""
        for path in sorted(self.beside.keys() - jobs):
            if is_code(path):
                yield path, Answer(call_search.starting(path))

    def call_search(self) -> CallSearch:
        """Where functions are that other files call."""
        ahead = None if self.workers is None else partial(_look, self.workers, self.facts)
        called, heirs = partial(_callers, self.facts), partial(_heirs, self.facts)
        return CallSearch(sorted(self.paths), self._data, called, ahead, heirs)

    def _data(self, path: str) -> bytes | None:
        known = self.beside.get(path)
        return known if known is not None else next((data for _, data in _read([path])), None)

    def told(self, job: Check) -> Check:
        """The job, with what its analysis has to know."""
        path = os.path.abspath(job.path)
        code = code_of(path, job.data)
        names = {**dict(given_functions(path, code)), **self.index.concerning(path, code)}
        kept = taken_names.ALL_UNKNOWN
        if self.demand is not None:
            kept = self.demand.from_module(path)
        return replace(job, reexports=tuple(sorted(names.items())), taken=kept)

    def dropped(self, jobs: Iterable[Check]) -> DroppedNames | None:
        """What the run has files take no longer, if any of the `jobs` is to be fixed. Changes
        `demand` from then on."""
        fixed = [os.path.abspath(job.path) for job in jobs if job.fix]
        return DroppedNames(self.demand, fixed) if fixed and self.demand is not None else None

    def patched_names(self) -> PatchedNames | None:
        """What tests are to be told of the names that the run has modules call no more."""
        return PatchedNames(self.index, self.demand) if self.demand is not None else None

    def becomes(self, dropped: DroppedNames, done: Iterable[tuple[Check, bytes | None]]) -> None:
        """Jobs were done, and these are the bytes of what they fixed, if anything."""
        for job, fixed in done:
            path = os.path.abspath(job.path)
            if job.fix and not job.context and (fixed is not None or dropped.changes(path)):
                data = job.data if fixed is None else fixed
                taken = _taken(self.facts, path, data, self.sought)
                dropped.becomes(path, taken or taken_names.Taken())


def _read(paths: Iterable[str]) -> Iterator[File]:
    for path in paths:
        try:
            yield path, regular_files.read(path)
        except OSError:
            continue


_AT_ONCE = 32
"""Files that are read in one go."""
_WORTHWHILE = 4 * _AT_ONCE
"""Files that take longer to read than to have them read."""


def _look(
    workers: Pool,
    facts: Facts,
    files: Iterable[File],
    what: taken_names.Sought | None = None,
) -> None:
    """Have workers read what `_callers` says of files and, with `what`, what `_taken` says, as far
    as it is not known."""

    sought = repr(what)

    def is_news(path: str, data: bytes) -> bool:
        if not facts.has(callers.Callers, path, data):
            return True
        return what is not None and not facts.has(taken_names.Taken, sought, data)

    news = [(path, data) for path, data in files if is_code(path) and is_news(path, data)]
    if len(news) < _WORTHWHILE:
        return
    parts = [tuple(news[at : at + _AT_ONCE]) for at in range(0, len(news), _AT_ONCE)]
    for part, seen in zip(parts, workers.look([Look(part, what) for part in parts]), strict=True):
        if seen is None:
            continue  # then it is read here
        for (path, data), called in zip(part, seen.callers, strict=True):
            facts.note(called, path, data)
        for (_, data), taken in zip(part, seen.taken, strict=False):
            facts.note(taken, sought, data)


def _is_near(path: str, data: bytes, what: taken_names.Sought) -> bool:
    """Whether a file may take anything of what is looked for."""
    return (is_code(path) or is_notebook(path)) and what.near(code_of(path, data))


def _taken(
    facts: Facts, path: str, data: bytes, what: taken_names.Sought
) -> taken_names.Taken | None:
    """What `takers.read` says, remembered."""
    data = code_of(path, data)

    def find() -> taken_names.Taken:
        return takers.read(path, data, what) or taken_names.Taken()

    found = facts.recall(taken_names.Taken, find, repr(what), data)
    return None if found == taken_names.Taken() else found


def _dropped(facts: Facts, path: str, data: bytes) -> Collection[str]:
    """What `modules.names_that_fixes_change` says, remembered."""
    data = code_of(path, data)

    def find() -> _Dropped:
        return _Dropped(tuple(sorted(modules.names_that_fixes_change(data))))

    return facts.recall(_Dropped, find, data).names


def _imports(facts: Facts, data: bytes) -> modules.Imports:
    return facts.recall(modules.Imports, lambda: modules.imports_of(data), data)


def _callers(facts: Facts, path: str, data: bytes) -> callers.Callers:
    return facts.recall(callers.Callers, lambda: callers.read(path, data), path, data)


def _heirs(facts: Facts, name: str, is_class: bool, data: bytes) -> heir_search.Given:
    find = partial(heir_search.read, name, is_class, data)
    return facts.recall(heir_search.Given, find, name, str(is_class), data)


def _put(facts: Facts, data: bytes) -> plan_words.Put:
    return facts.recall(plan_words.Put, partial(plan_words.put_by, data), data)


def _roots(paths: Iterable[str]) -> list[str]:
    """The outermost projects that files are in."""
    python = (path for path in paths if is_code(path))
    roots = {modules.project_of(os.path.dirname(path)) for path in python}
    inner = {root for root in roots for other in roots if root.startswith(os.path.join(other, ""))}
    return sorted(roots - inner)


def _around(roots: Iterable[str], asked: Collection[str]) -> Iterator[tuple[str, bytes | None]]:
    """The files of projects that were not asked for; None for what is too much.

    Exclusions are ignored: an excluded file takes names like any other.
    """
    for root in roots:
        try:
            for path, data in boundaries.python_below(boundaries.project_paths(root)):
                if path not in asked:
                    yield path, data
        except files.TooManyError:
            yield root, None
