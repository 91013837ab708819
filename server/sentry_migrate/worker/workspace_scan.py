"""Reads the files of a workspace for the server: which there are, what they take from each other.

Owns the answers to the questions of frames.py that are about files instead of findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b

from sentry_migrate.plan import Plan, function_of
from sentry_migrate.project import callers, modules, regular_files, taken_names, takers
from sentry_migrate.project.boundaries import project_paths, python_below
from sentry_migrate.project.bystanders import Bystanders
from sentry_migrate.project.call_search import CallSearch, starting
from sentry_migrate.project.candidates import candidates, may_concern
from sentry_migrate.project.config import Settings
from sentry_migrate.project.files import MANY, Found, TooManyError, discover
from sentry_migrate.project.given_parameters import uses_instances
from sentry_migrate.project.mentions import may_have_findings
from sentry_migrate.project.reexports import alike
from sentry_migrate.text.notebook import code_of
from sentry_migrate.worker import frames


def seen(ask: frames.Look) -> frames.Seen:
    """What files call and take."""
    calls: list[callers.Callers] = []
    taken: list[taken_names.Taken] = []
    for path, data in ask.files:
        calls.append(callers.read(path, data))
        if ask.sought is not None:
            taken.append(takers.read(path, data, ask.sought) or taken_names.Taken())
    return frames.Seen(tuple(calls), tuple(taken))


def discovered(ask: frames.Discover) -> frames.Files:
    """Files below a folder that concern us, as the command line would find them."""
    paths: list[str] = []
    others: list[str] = []
    rest: list[str] = []
    users: list[str] = []
    importing: dict[str, modules.Module] = {}
    losing: dict[str, frozenset[str]] = {}
    looked = project_paths(ask.root) if ask.stray else [ask.root]
    most = MANY if ask.stray else None
    walk = discover(looked, lambda _: ask.settings, most=most, notebooks=True)
    for found, data, kind in candidates(_walked(walk)):
        passing = kind == "none" and modules.passes_on(data)
        if kind in ("excluded", "ignored", "none") and not passing:
            rest.append(found.path)
            if kind == "none" and not found.skipped() and uses_instances(data):
                users.append(found.path)
            continue
        if not passing:
            (paths if kind == "own" else others).append(found.path)
        if ask.sought is not None and modules.is_python(found.path):
            losing[found.path] = modules.names_that_fixes_change(data)
        module = modules.module(found.path, data)
        if module is not None and module.imports:
            importing[found.path] = module
        else:
            rest.append(found.path)
    names = {*ask.names, *(module.name for module in importing.values())}
    known = (*importing.items(), *alike(rest, names))
    answer = frames.Files(
        tuple(sorted(paths)), tuple(sorted(others)), known, users=tuple(sorted(users))
    )
    if ask.sought is None:
        return answer
    sought = taken_names.sought(losing.items()).also(ask.sought)
    try:
        taken, concerned = _taken(looked, sought)
    except TooManyError:
        return replace(answer, sought=sought, taken=None)
    beside = sorted(concerned - {*paths, *others})
    return replace(answer, sought=sought, taken=taken, beside=tuple(beside))


def _walked(found: Iterator[Found]) -> Iterator[Found]:
    with suppress(TooManyError):
        yield from found


def _taken(
    paths: Sequence[str], sought: taken_names.Sought
) -> tuple[tuple[tuple[str, taken_names.Taken], ...], set[str]]:
    """By path, what files take, even those that settings exclude; and which of them may have
    something of the plan.

    Raises TooManyError.
    """
    found, concerned, bystanders = [], set(), Bystanders()
    for path, data in python_below(paths, notebooks=True):
        one = takers.read(path, code_of(path, data), sought) if sought.near(data) else None
        if one is not None:
            found.append((path, one))
        if bystanders.matters(path, data) or may_have_findings(path, data):
            concerned.add(path)
    return tuple(found), concerned


def modules_of(ask: frames.Read) -> frames.Modules:
    """What modules are, as their files or open documents have it."""
    texts = dict(ask.texts)
    files = [(path, _data(path, texts.get(path))) for path in ask.paths]
    there = [(path, data) for path, data in files if data is not None]
    return frames.Modules(
        tuple(None if data is None else modules.module(path, data) for path, data in files),
        tuple(
            None if data is None else takers.read(path, data, ask.sought) for path, data in files
        ),
        taken_names.sought((path, modules.names_that_fixes_change(data)) for path, data in there),
    )


def followed(ask: frames.Follow) -> frames.Followed:
    """Where functions are called early or at the start, from the calls on that are known."""
    texts = dict(ask.texts)
    plan = Plan()
    for path, site in ask.known:
        plan.leave(path, [site])
    concerned = set()
    for path in (*ask.concerned, *texts):
        data = _data(path, texts.get(path))
        if data is not None and modules.is_python(path) and may_concern(path, data):
            concerned.add(path)
            if path not in texts:
                plan.leave(path, starting(path))
    walk = _walked(discover(ask.roots, lambda _: Settings(), most=MANY))
    paths = sorted({*texts, *(found.path for found in walk)})
    search = CallSearch(paths, lambda path: _data(path, texts.get(path)), _called)
    search.want(function for kind in ask.kinds if (function := function_of(kind)))
    search.follow(plan)
    for path, site in search.sites(ask.kinds, concerned):
        plan.leave(path, [site])
    return frames.Followed(tuple(plan.places(ask.kinds)))


_MOST = 5_000
"""Files of which it is remembered what they call."""
_known: dict[str, tuple[str, callers.Callers]] = {}
"""By path, a digest of what a file held and what that calls: this is asked again whenever a file or
a document changes, and the others have not."""


def _called(path: str, data: bytes) -> callers.Callers:
    digest = blake2b(data, digest_size=16).hexdigest()
    known = _known.get(path)
    if known is None or known[0] != digest:
        if len(_known) >= _MOST:
            _known.clear()
        known = _known[path] = digest, callers.read(path, data)
    return known[1]


def _data(path: str, text: str | None) -> bytes | None:
    try:
        return (
            code_of(path, regular_files.read(path))
            if text is None
            else text.encode("utf-8", "replace")
        )
    except OSError:
        return None
