"""Names of the SDK that a project's own modules re-export: `from app.obs import push_scope`.

Owns telling which those are, from what the modules import, and which of them another file gets.
Refuses to know how modules are read, and what is wrong with a name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sentry_migrate.project.given_parameters import INSTANCES, given_parameters, matters
from sentry_migrate.project.handed_values import PARAMETER
from sentry_migrate.project.held_names import ALIASES, HOLDING
from sentry_migrate.project.held_options import OPTIONS
from sentry_migrate.project.modules import (
    LEGACY,
    SDK,
    Imports,
    Module,
    directory_of,
    exists,
    imports_of,
    is_python,
    module,
    module_of,
    named_place,
    place_of,
)
from sentry_migrate.project.repository import is_within
from sentry_migrate.project.taken_names import Demand

_DJANGO = "django.conf.settings"
_WORD = re.compile(rb"[\w\x80-\xff]+")


@dataclass(frozen=True, slots=True, order=True)
class Reexport:
    """What a name is in a module that re-exports it, or in another of the same dotted name."""

    module: str
    """Dotted: `app.obs`."""
    name: str
    """`push_scope`, or what the module calls it."""
    place: str
    """See `place_of`."""
    origin: str
    """`sentry_sdk.push_scope`, or what the name holds (`held_names.py`); empty for nothing known,
    which speaks against the others."""


def resolve(modules: Mapping[str, Module], demand: Demand | None) -> tuple[Reexport, ...]:
    """What the modules, by path, re-export, through each other too.

    Nearly every file that uses the SDK has `sentry_sdk` to re-export: it counts only where others
    take it from, which `demand` knows.
    """
    found: dict[tuple[str, str], str] = {}
    chains: list[tuple[str, str, str, str]] = []
    takes = tuple(_parameters(modules))
    for path, one in modules.items():
        for local, home, name in one.imports:
            if local.startswith(PARAMETER):
                continue
            if local == SDK and not (demand is not None and demand.takes(local, path)):
                continue
            if home.partition(".")[0] == SDK and name in LEGACY:
                found[path, local] = f"{home}.{name}"
            elif not home and (name == SDK or name in ALIASES or name.startswith(HOLDING)):
                found[path, local] = name
            elif home:
                chains.append((path, local, home, name))
    while True:
        index = ReexportIndex(_reexports(modules, found))
        spelled = {one.name for one in index.names}
        fresh = {
            (path, local): origin
            for path, local, home, name in chains
            if name in spelled
            and (path, local) not in found
            and (origin := index.origin(directory_of(path), home, name))
        }
        by_module: dict[str, set[str]] = {}
        for given in index.names:
            for last in (os.path.basename(given.place), given.name.partition(".")[0]):
                by_module.setdefault(last, set()).add(given.name)
        for path, local, home, name in chains:
            names = by_module.get(name, ())
            for rest, origin in _of_module(index, names, directory_of(path), home, name):
                if (path, f"{local}.{rest}") not in found:
                    fresh[path, f"{local}.{rest}"] = origin
        if not fresh:
            return tuple(sorted((*index.names, *takes)))
        found.update(fresh)


def _parameters(modules: Mapping[str, Module]) -> Iterator[Reexport]:
    """What functions of modules are given, as names by which the index has it."""
    for given, held, path in given_parameters(modules):
        name = f"{PARAMETER}{given.parameter}.{given.function}"
        yield Reexport(modules[path].name, name, given.place, held)


_DEEPEST = 3
"""Modules in a row that are re-exported, so that two which import each other come to an end."""


def _of_module(
    index: ReexportIndex, names: Collection[str], directory: str, home: str, name: str
) -> Iterator[tuple[str, str]]:
    """What a module has to re-export which is imported itself, or by another name that it has:
    `from app import obs as o`."""
    whole = home + name if home.endswith(".") else f"{home}.{name}"
    for one in names:
        if one.count(".") < _DEEPEST and (origin := index.origin(directory, whole, one)):
            yield one, origin
        elif one.startswith(f"{name}.") and (origin := index.origin(directory, home, one)):
            yield one.removeprefix(f"{name}."), origin


def _reexports(
    modules: Mapping[str, Module], found: Mapping[tuple[str, str], str]
) -> Iterator[Reexport]:
    paths: dict[str, list[str]] = {}
    for path, one in modules.items():
        paths.setdefault(one.name, []).append(path)
    for name, local in {(modules[path].name, local) for path, local in found}:
        for path in paths[name]:
            yield Reexport(name, local, place_of(path), found.get((path, local), ""))


def collect(
    files: Iterable[tuple[str, bytes]],
    others: Iterable[str] = (),
    imported: Callable[[bytes], Imports] = imports_of,
    demand: Demand | None = None,
) -> ReexportIndex:
    """What the modules among `files` (path and bytes) re-export, through each other too.

    `others` are paths of files that do not spell any of the names. `imported` may know of some
    texts what they import, `demand` what all take from each other.
    """
    modules: dict[str, Module] = {}
    rest = list(others)
    for path, data in files:
        found = module(path, data, imported)
        if found is not None and found.imports:
            modules[path] = found
        else:
            rest.append(path)
    modules.update(alike(rest, {one.name for one in modules.values()}))
    return ReexportIndex(resolve(modules, demand))


def alike(paths: Iterable[str], names: Collection[str]) -> Iterator[tuple[str, Module]]:
    """Those of `paths` whose dotted name is one of `names`, as modules that re-export nothing."""
    last = {name.rpartition(".")[2] for name in names}
    for path in paths:
        if is_python(path) and os.path.basename(place_of(path)) in last:
            name = module_of(path)
            if name in names:
                yield path, Module(name)


def has_instances(names: Iterable[Reexport]) -> bool:
    """Whether there are scopes or spans that files may get which do not mention the SDK."""
    return any(one.origin.endswith(INSTANCES) for one in names)


class ReexportIndex:
    """What a project's modules re-export, seen from one of its files.

    A relative import means one place. An absolute one starts from a directory above the file, or
    from `src` in one; only if there is nothing, from anywhere. Modules in several such places
    must agree: which of them is meant depends on how Python is started.
    """

    def __init__(self, names: Iterable[Reexport]) -> None:
        self.names = tuple(names)
        self._at: dict[tuple[str, str], list[Reexport]] = {}
        self._named: dict[tuple[str, str], set[str]] = {}
        self._places: dict[str, list[Reexport]] = {}
        self._ending: dict[bytes, set[str]] = {}
        self._taking: dict[str, list[Reexport]] = {}
        """By place, what the functions of modules are given."""
        for one in self.names:
            if one.name.startswith(PARAMETER):
                self._taking.setdefault(one.place, []).append(one)
                continue
            self._at.setdefault((one.place, one.name), []).append(one)
            self._named.setdefault((one.module, one.name), set()).add(one.origin)
            self._places.setdefault(one.place, []).append(one)
            self._ending.setdefault(os.fsencode(os.path.basename(one.place)), set()).add(one.place)

    def origin(self, directory: str, home: str, name: str) -> str:
        """What `from home import name` gives in a file in `directory`; empty if that is unknown."""
        if home.startswith("."):
            near = {one.origin for one in self._at.get((named_place(directory, home), name), ())}
        else:
            rest = home.replace(".", os.sep)
            near = {
                one.origin
                for root in _roots(directory)
                for one in self._at.get((os.path.join(root, rest), name), ())
                if _deep(one.module) <= _deep(home)  # else the root is a package itself
            } or self._named.get((home, name), set())
        return next(iter(near)) if len(near) == 1 else ""

    def concerning(self, path: str, data: bytes) -> dict[str, str]:
        """By how the file at `path` may spell them, the names it may use and their origins; also
        what others give to the parameters of its functions."""
        found = {spelled: origin for spelled, origin, _ in self.spelled(path, data)}
        taking = self._taking.get(place_of(path), ()) if self._taking else ()
        given = (one for one in taking if matters(one.name, one.origin, data))
        return found | {one.name: one.origin for one in given}

    def spelled(self, path: str, data: bytes) -> Iterator[tuple[str, str, Reexport]]:
        """The names that the file at `path` may use: how it may spell them, their origins, and
        whose they are."""
        directory, words = directory_of(path), set(_WORD.findall(data))
        if words.issuperset(_DJANGO.encode().split(b".")):
            yield from self._of_django(words)
        above = frozenset(_above(directory))
        places = {place for place in above if place in self._places}
        for word in words & self._ending.keys():
            places |= self._ending[word]
        for place in places - {place_of(path)}:
            parent, _ = os.path.split(place)
            known = parent in above or os.fsencode(os.path.basename(parent)) in words
            for one in self._places[place]:
                if not one.origin or not words.issuperset(one.name.encode().split(b".")):
                    continue
                if not known and "." in one.module:
                    continue  # a first, cheap look
                for home in {one.module, *_spellings(one, directory)}:
                    if not words.issuperset(part.encode() for part in home.split(".") if part):
                        continue
                    origin = self.origin(directory, home, one.name)
                    if origin and not self._hidden(one, home, directory):
                        spelled = home + one.name if home.endswith(".") else f"{home}.{one.name}"
                        yield spelled, origin, one

    def _of_django(self, words: Collection[bytes]) -> Iterator[tuple[str, str, Reexport]]:
        """The dictionaries of modules for Django's settings, which it gives by another name."""
        for one in self.names:
            if one.origin.startswith(OPTIONS) and one.name.encode() in words:
                if "settings" in one.place.split(os.sep)[-2:]:
                    yield f"{_DJANGO}.{one.name}", one.origin, one

    def _hidden(self, one: Reexport, home: str, directory: str) -> bool:
        """Whether a file nearer than `one`, of which nothing else is known, may be meant."""
        if home.startswith("."):
            return False
        for above in _above(directory):
            for root in (above, _source(above)):
                place = named_place(root, home)
                if (place, one.name) not in self._at and exists(place):
                    return True
            if is_within(one.place, above):
                return False
        return False


def _spellings(one: Reexport, directory: str) -> Iterator[str]:
    """The module of a name as imports in `directory` may spell it."""
    own, other = directory.split(os.sep), one.place.split(os.sep)
    differ = (at for at, (a, b) in enumerate(zip(own, other, strict=False)) if a != b)
    shared = next(differ, min(len(own), len(other)))
    yield "." * (len(own) - shared + 1) + ".".join(other[shared:])
    for root in _roots(directory):
        if one.place != root and is_within(one.place, root):
            home = os.path.relpath(one.place, root).replace(os.sep, ".")
            if _deep(one.module) <= _deep(home):
                yield home


def _deep(module: str) -> int:
    return module.count(".")


def _above(directory: str) -> Iterator[str]:
    yield directory
    while (parent := os.path.dirname(directory)) != directory:
        yield (directory := parent)


@lru_cache(maxsize=1024)
def _roots(directory: str) -> tuple[str, ...]:
    """Where the modules may lie that an absolute import in `directory` means."""
    return tuple(root for above in _above(directory) for root in (above, _source(above)))


def _source(directory: str) -> str:
    return os.path.join(directory, "src")
