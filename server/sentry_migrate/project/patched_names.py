"""Names that tests patch in other modules, and what a run of fixes does to them.

A fix that has `app/views.py` call another name, and those of the tests that patch it there, are
made all or none. Owns which test is told of which name, and what happens to a name of which some
mock stays. Refuses to know how a text is fixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sentry_migrate.plan import Move, Site, stand_in_key
from sentry_migrate.project.modules import last_part, place_of
from sentry_migrate.project.reexports import ReexportIndex
from sentry_migrate.project.taken_names import Demand

_PATCHES = re.compile(rb"patch|setattr")

_Name = tuple[str, str]
"""The path of a module, and a name there."""


class PatchedNames:
    """What becomes of the names that tests may patch, as far as it is known.

    A name that its module does not let move, or no more, does not move again.
    """

    def __init__(self, index: ReexportIndex, demand: Demand) -> None:
        """`demand` is what files take from each other, the first time that a module says what its
        fixes do."""
        self._index = index
        self._demand = demand
        self._moves: dict[str, dict[str, Move]] = {}
        """By path of the module and name there, what it does."""
        self._takers: dict[_Name, frozenset[str]] = {}
        """The files that saw what became of a name, before the run."""
        self._modules: dict[str, str] = {}
        """By place, paths of modules that have names that move."""
        self._tests: set[str] = set()
        """Paths of the files that reach any of them."""
        self._told: dict[str, tuple[tuple[str, _Name], ...]] = {}
        """By path of a test file, the names that it was told of, as it spells them."""
        self._followed: dict[str, frozenset[_Name]] = {}
        """By path of a test file, those of which all mocks in it move along."""

    def offer(self, path: str, moves: Sequence[Move]) -> bool:
        """What the fixes of a module do to its names, by its newest analysis. Whether tests are to
        be told something else now."""
        before = self._moves.get(path)
        if before is not None:
            self._moves[path] = {old: move for old, move in before.items() if move in moves}
            return len(self._moves[path]) < len(before)
        own = self._moves[path] = {}
        for move in moves:
            takers = self._demand.watching(path, move.old)
            if path not in takers:  # else it reaches its own name by a string
                own[move.old] = move
                self._takers[path, move.old] = takers
                self._tests |= takers
                self._modules[place_of(path)] = path
        return bool(own)

    def told(self, path: str, data: bytes) -> tuple[tuple[str, Move], ...]:
        """The names that move of which a file may have mocks, as it spells them."""
        found: dict[str, set[_Name]] = {}
        if path in self._tests and _PATCHES.search(data):
            for spelled, _, one in self._index.spelled(path, data):
                found.setdefault(spelled, set()).add((self._modules.get(one.place, ""), one.name))
        sure = ((spelled, next(iter(names))) for spelled, names in found.items() if len(names) == 1)
        told = [(spelled, name) for spelled, name in sorted(sure) if self._moving(name)]
        self._told[path] = tuple(told)
        return tuple((spelled, self._moves[module][old]) for spelled, (module, old) in told)

    def follow(self, path: str, followed: Sequence[str]) -> None:
        """The names, as a test file spells them, all of whose mocks in it move along."""
        names = (name for spelled, name in self._told.get(path, ()) if spelled in followed)
        self._followed[path] = frozenset(names)

    def stay(self) -> Iterator[tuple[str, Site]]:
        """Where a name that some mocks follow is reached by a file that does not."""
        for name in frozenset().union(*self._followed.values()):
            for path in self._takers[name] if self._moving(name) else ():
                if name not in self._followed.get(path, ()):
                    yield path, Site(stand_in_key(name[1], last_part(name[0])), 1)

    def needs(self) -> Iterator[tuple[str, str]]:
        """Pairs of files that change together."""
        for path, names in self._followed.items():
            for module, _ in filter(self._moving, names):
                yield path, module
                yield module, path

    def _moving(self, name: _Name) -> bool:
        module, old = name
        return old in self._moves.get(module, ())
