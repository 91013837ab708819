"""Names that files take from modules of their own project, in whatever way.

Owns what is known of one file, and what all files together take from one module. In doubt, a name
counts as taken: one may stay without need, but none that is needed is removed. Refuses to know how
a file takes a name, and which names are of the SDK.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from sentry_migrate.project.modules import directory_of, last_part, named_place, place_of

EVERYTHING = "*"
"""In place of a name: all names of a module, as `import *` takes them."""
UNKNOWN = "?"
"""In place of a name: it is not known which."""

TakenNames: TypeAlias = tuple[tuple[str, int, str], ...]
"""Of names of one module, how many files may take each, and the first of these as a person is told
of it."""
ALL_UNKNOWN: TakenNames = ((UNKNOWN, 1, ""),)
"""Nobody knows what is taken."""

LOADING = frozenset(
    (
        *("SourceFileLoader", "exec", "execfile", "load_source", "run_path"),
        "spec_from_file_location",
    )
)
"""The last names of functions that run the code of a module by the name of its file."""
_WHOLE = re.compile(
    rb"import[\s\\]*\*|\b(?:dir|getattr|getmembers|getmembers_static|modules|setattr|vars|%s)\b"
    % "|".join(sorted(LOADING)).encode()
)
"""What takes names that it does not spell, or gives a module another name."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in files."""

    names: tuple[str, ...] = ()
    """Names that may be dropped."""
    modules: tuple[str, ...] = ()
    """The last parts of the modules that have them: `obs` for `app/obs.py`."""

    def also(self, other: Sought) -> Sought:
        """Both."""
        return Sought(
            tuple(sorted({*self.names, *other.names})),
            tuple(sorted({*self.modules, *other.modules})),
        )

    def near(self, data: bytes) -> bool:
        """Whether a file may take any of them: a first, cheap look."""
        if not any(name in data for name in _encoded(self.names)):
            if not any(name in data for name in _encoded(self.modules)):
                return False
            renamed = b" as " in data or _assigned(self.modules).search(data) is not None
            return renamed or _WHOLE.search(data) is not None
        return True


@lru_cache(maxsize=8)
def _encoded(names: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(name.encode("utf-8", "surrogateescape") for name in names)


@lru_cache(maxsize=8)
def _assigned(modules: tuple[str, ...]) -> re.Pattern[bytes]:
    """What gives one of these modules to a variable or an attribute: `compat = pk.obs`."""
    names = b"|".join(map(re.escape, _encoded(modules)))
    return re.compile(rb"=[ \t]*(?:\w+\.)*(?:%s)[ \t]*(?:[#;\r\n]|\Z)" % names)


NOTHING = Sought()
"""Nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one file takes, as far as it was looked for."""

    pairs: tuple[tuple[str, str], ...] = ()
    """(module as it is spelled, name there)."""
    copied: tuple[tuple[str, str], ...] = ()
    """Those of `pairs` that it takes when it is imported, and not again: it does not see what the
    module's name becomes later."""
    loose: tuple[str, ...] = ()
    """Names of something that may be any of `modules`: `getattr(x, "push_scope")`."""
    modules: tuple[str, ...] = ()
    """Last parts of the modules that it names."""
    anywhere: tuple[str, ...] = ()
    """Names in modules that are not known: `f"{path}.push_scope"`."""
    aliases: tuple[tuple[str, str], ...] = ()
    """(other name, last part of a module's): `import app.obs as o`, `sys.modules["o"] = obs`; empty
    for the file's own."""
    own: tuple[str, ...] = ()
    """Names of itself that it reaches by strings."""

    def without_copies(self) -> Taken:
        """What it takes in other ways than `copied`."""
        if not self.copied:
            return self
        copied = set(self.copied)
        return replace(self, pairs=tuple(one for one in self.pairs if one not in copied))


def sought(modules: Iterable[tuple[str, Collection[str]]]) -> Sought:
    """What to look for, given paths and the names that each may lose."""
    some = [(last_part(path), names) for path, names in modules if names]
    return Sought(
        tuple(sorted({name for _, names in some for name in names})),
        tuple(sorted({one for one, _ in some})),
    )


_Takers: TypeAlias = dict[str, set[str]]
"""By name, the paths of the files that take it."""

_ANY = ""
"""In place of a module: whichever it is."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What the files of a project take, by module."""

    takers: dict[str, _Takers] = field(default_factory=dict)
    """By the place of a module, or the last part of its name."""
    aliases: dict[str, _Takers] = field(default_factory=dict)
    """By the last part of a module, what else it is called."""
    files: dict[str, Taken] = field(default_factory=dict, compare=False)
    """By path, what the rest is made from."""
    name: Callable[[str], str] = field(default=str, compare=False)
    """How a person is told of a path."""

    @classmethod
    def of(cls, files: Mapping[str, Taken], name: Callable[[str], str] = str) -> Demand:
        """What files, by path, take together."""
        demand = cls(name=name)
        for path, one in files.items():
            demand.renew(path, one)
        return demand

    def renew(self, path: str, taken: Taken) -> frozenset[str]:
        """Let the file at `path` take this and nothing else. Gives the modules, as `known_as` has
        them, from which it takes something other than before."""
        before = set(_takes(path, self.files.get(path, Taken())))
        now = set(_takes(path, taken))
        for module, name in before - now:
            self.takers[module][name].discard(path)
        for module, name in now - before:
            self.takers.setdefault(module, {}).setdefault(name, set()).add(path)
        for other, last in _aliases(path, self.files.get(path, Taken())):
            self.aliases[last][other].discard(path)
        for other, last in _aliases(path, taken):
            self.aliases.setdefault(last, {}).setdefault(other, set()).add(path)
        self.files[path] = taken
        return frozenset(module for module, _ in before ^ now)

    def takes(self, name: str, path: str) -> bool:
        """Whether others may take a name from the module at `path`."""
        return not self.names(path).isdisjoint((name, EVERYTHING))

    def names(self, path: str) -> frozenset[str]:
        """The names that may be taken from the module at `path`, EVERYTHING among them."""
        modules = (self.takers.get(module, {}) for module in self.known_as(path))
        return frozenset(name for takers in modules for name, files in takers.items() if files)

    def from_module(self, path: str) -> TakenNames:
        """The same names, with who takes each; the module itself may be the only one, if it reaches
        its own names by strings."""
        files: _Takers = {}
        for module in self.known_as(path):
            for name, some in self.takers.get(module, {}).items():
                files.setdefault(name, set()).update(some)
        for some in files.values():
            some |= files.get(EVERYTHING, set())
        return tuple(
            (name, len(some), self.name(min(some - {path}, default=path)))
            for name, some in sorted(files.items())
            if some
        )

    def watching(self, path: str, name: str) -> frozenset[str]:
        """The files that may see what a name of the module at `path` becomes while it runs."""
        homes = self.known_as(path)
        takers = {
            taker
            for home in homes
            for one in (name, EVERYTHING)
            for taker in self.takers.get(home, {}).get(one, ())
        }
        return frozenset(
            taker
            for taker in takers
            if any(
                home in homes and one in (name, EVERYTHING)
                for home, one in _takes(taker, self.files[taker].without_copies())
            )
        )

    def known_as(self, path: str) -> set[str]:
        """What may refer to the module at `path`: its place, and the names that it has."""
        place = place_of(path)
        names = {os.path.basename(place)}
        rest = list(names)
        while rest:
            aliases = self.aliases.get(rest.pop(), {})
            fresh = {name for name, files in aliases.items() if files} - names
            names |= fresh
            rest.extend(fresh)
        return names | {_ANY, place}


def _aliases(path: str, taken: Taken) -> Iterator[tuple[str, str]]:
    own = last_part(path)
    for other, last in taken.aliases:
        if (other or own) != (last or own):
            yield other or own, last or own


def _takes(path: str, taken: Taken) -> Iterator[tuple[str, str]]:
    """(module, name) of what a file takes: a module by its place, or by the last part of its
    name."""
    for name in taken.anywhere:
        yield _ANY, name
    for name in taken.own:
        yield place_of(path), name
    for home, name in taken.pairs:
        relative = home.startswith(".")
        yield named_place(directory_of(path), home) if relative else home.rpartition(".")[2], name
    for last in taken.modules:
        for name in taken.loose:
            yield last, name
