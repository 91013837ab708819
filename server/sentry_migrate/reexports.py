"""Names of the SDK that a project's own modules hand on: `from app.obs import push_scope`.

Owns telling which those are, from what the modules import, and which of them another file gets.
Refuses to know how modules are read, and what is wrong with a name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sentry_migrate.modules import LEGACY, Module, alike, directory_of, module, place_of

MARKS = ("sentry_sdk", "raven-sentry", "sentry-migrate:")
"""A Python text that holds none of these has no findings and need not be parsed,
unless it spells a name that is handed on."""


_WORD = re.compile(rb"[\w\x80-\xff]+")


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """What a name is in a module that hands it on, or in another of the same dotted name."""

    module: str
    """Dotted: `app.obs`."""
    name: str
    """`push_scope`, or what the module calls it."""
    place: str
    """See `place_of`."""
    origin: str
    """`sentry_sdk.push_scope`; empty for nothing known, which speaks against the others."""


def resolve(modules: Mapping[str, Module]) -> tuple[Name, ...]:
    """What the modules, by path, hand on, through each other too."""
    found: dict[tuple[str, str], str] = {}
    chains: list[tuple[str, str, str, str]] = []
    for path, one in modules.items():
        for local, home, name in one.imports:
            if home.partition(".")[0] == "sentry_sdk" and name in LEGACY:
                found[path, local] = f"{home}.{name}"
            elif (home, name) == ("", "sentry_sdk"):
                found[path, local] = name
            elif home:
                chains.append((path, local, home, name))
    while True:
        handed = Handed(_names(modules, found))
        spelled = {one.name for one in handed.names}
        fresh = {
            (path, local): origin
            for path, local, home, name in chains
            if name in spelled
            and (path, local) not in found
            and (origin := handed.origin(directory_of(path), home, name))
        }
        if not fresh:
            return tuple(sorted(handed.names))
        found.update(fresh)


def _names(modules: Mapping[str, Module], found: Mapping[tuple[str, str], str]) -> Iterator[Name]:
    paths: dict[str, list[str]] = {}
    for path, one in modules.items():
        paths.setdefault(one.name, []).append(path)
    for name, local in {(modules[path].name, local) for path, local in found}:
        for path in paths[name]:
            yield Name(name, local, place_of(path), found.get((path, local), ""))


def collect(files: Iterable[tuple[str, bytes]], others: Iterable[str] = ()) -> Handed:
    """What the modules among `files` (path and bytes) hand on, through each other too.

    `others` are paths of files that do not spell any of the names.
    """
    modules: dict[str, Module] = {}
    rest = list(others)
    for path, data in files:
        found = module(path, data)
        if found is not None and found.imports:
            modules[path] = found
        else:
            rest.append(path)
    modules.update(alike(rest, {one.name for one in modules.values()}))
    return Handed(resolve(modules))


def may_use(names: Iterable[str], text: str) -> bool:
    """Whether a text spells the last part of any of `names`: a first, cheap look."""
    return any(name.rpartition(".")[2] in text for name in names)


class Handed:
    """What a project's modules hand on, seen from one of its files.

    A relative import means one place. An absolute one starts from a directory above the file, or
    from `src` in one; only if there is nothing, from anywhere. Modules in several such places
    must agree: which of them is meant depends on how Python is started.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = tuple(names)
        self._at: dict[tuple[str, str], list[Name]] = {}
        self._named: dict[tuple[str, str], set[str]] = {}
        self._places: dict[str, list[Name]] = {}
        self._ending: dict[bytes, set[str]] = {}
        for one in self.names:
            self._at.setdefault((one.place, one.name), []).append(one)
            self._named.setdefault((one.module, one.name), set()).add(one.origin)
            self._places.setdefault(one.place, []).append(one)
            self._ending.setdefault(os.path.basename(one.place).encode(), set()).add(one.place)

    def origin(self, directory: str, home: str, name: str) -> str:
        """What `from home import name` gives in a file in `directory`; empty if that is unknown."""
        if home.startswith("."):
            near = {one.origin for one in self._at.get((_place(directory, home), name), ())}
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
        """By how the file at `path` may spell them, the names it may use and their origins."""
        directory, words = directory_of(path), set(_WORD.findall(data))
        above = frozenset(_above(directory))
        places = {place for place in above if place in self._places}
        for word in words & self._ending.keys():
            places |= self._ending[word]
        result: dict[str, str] = {}
        for place in places - {place_of(path)}:
            parent, _ = os.path.split(place)
            known = parent in above or os.path.basename(parent).encode() in words
            for one in self._places[place]:
                if not one.origin or one.name.encode() not in words:
                    continue
                if not known and "." in one.module:
                    continue  # a first, cheap look
                for home in {one.module, *_spellings(one, directory)}:
                    if not words.issuperset(part.encode() for part in home.split(".") if part):
                        continue
                    origin = self.origin(directory, home, one.name)
                    if origin and not self._hidden(one, home, directory):
                        spelled = home + one.name if home.endswith(".") else f"{home}.{one.name}"
                        result[spelled] = origin
        return result

    def _hidden(self, one: Name, home: str, directory: str) -> bool:
        """Whether a file nearer than `one`, of which nothing else is known, may be meant."""
        if home.startswith("."):
            return False
        for above in _above(directory):
            for root in (above, _source(above)):
                place = _place(root, home)
                if (place, one.name) not in self._at and _exists(place):
                    return True
            if _under(one.place, above):
                return False
        return False


def _spellings(one: Name, directory: str) -> Iterator[str]:
    """The module of a name as imports in `directory` may spell it."""
    own, other = directory.split(os.sep), one.place.split(os.sep)
    differ = (at for at, (a, b) in enumerate(zip(own, other, strict=False)) if a != b)
    shared = next(differ, min(len(own), len(other)))
    yield "." * (len(own) - shared + 1) + ".".join(other[shared:])
    for root in _roots(directory):
        if one.place != root and _under(one.place, root):
            home = os.path.relpath(one.place, root).replace(os.sep, ".")
            if _deep(one.module) <= _deep(home):
                yield home


def _deep(module: str) -> int:
    return module.count(".")


def _under(path: str, directory: str) -> bool:
    return os.path.join(path, "").startswith(os.path.join(directory, ""))


def _place(directory: str, home: str) -> str:
    """The place of a module that is spelled `home` from `directory`."""
    name = home.lstrip(".")
    for _ in range(len(home) - len(name) - 1):
        directory = os.path.dirname(directory)
    return os.path.join(directory, *name.split(".")) if name else directory


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


def _exists(place: str) -> bool:
    return os.path.isfile(place + ".py") or os.path.isfile(os.path.join(place, "__init__.py"))
