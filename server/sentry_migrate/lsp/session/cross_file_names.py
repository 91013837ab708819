"""What a run over the workspace does to the names that files take from each other.

Owns asking the worker what fixed files take, as `project/dropped_names.py` needs it, and telling
tests of the names that move, as `project/patched_names.py` says. Changes nothing that is known of
the files as they are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sentry_migrate.lsp.session.session import Session
from sentry_migrate.plan import Answer, Site
from sentry_migrate.project.dropped_names import DroppedNames, needs_of
from sentry_migrate.project.modules import is_python
from sentry_migrate.project.patched_names import PatchedNames
from sentry_migrate.project.reexports import ReexportIndex
from sentry_migrate.project.taken_names import Demand, Taken, TakenNames
from sentry_migrate.worker import frames
from sentry_migrate.worker.lane import LostError

logger = logging.getLogger(__name__)

_BUDGET = 30.0
"""Seconds for reading what some files take."""
_BATCH = 20


@dataclass(slots=True, eq=False)
class CrossFileNames:
    """What becomes of names in one run; nothing as long as it is unknown who takes what."""

    dropped: DroppedNames | None = None
    patched: PatchedNames | None = None
    _taken: dict[str, TakenNames] = field(default_factory=dict)
    _moves: dict[str, frames.Moves] = field(default_factory=dict)

    @classmethod
    async def before(cls, session: Session, sides: Iterable[str]) -> CrossFileNames:
        """What the files are to each other before the run that fixes those at `sides`."""
        index = session.index
        if index.demand is None:
            return cls()
        modules, taken, names = list(filter(is_python, sides)), dict(index.taken), index.names

        def make() -> CrossFileNames:
            demand = Demand.of(taken, index.plan.name)
            return cls(DroppedNames(demand, modules), PatchedNames(ReexportIndex(names), demand))

        return await asyncio.to_thread(make)

    def told(self, side: str) -> tuple[TakenNames | None, frames.Moves]:
        """What a file is told: the names that others take from it, None for those that they took
        before the run; and those of others that move."""
        return self._taken.get(side), self._moves.get(side, ())

    def tell(self, texts: Mapping[str, str], fresh: Mapping[str, Answer]) -> list[str]:
        """Some files were fixed, out of all `texts` as they were before the run: whom else this
        moves names of."""
        if self.patched is None:
            return []
        news = [self.patched.offer(path, answer.moves) for path, answer in fresh.items()]
        due = []
        for path in texts if any(news) else fresh:
            told = self.patched.told(path, texts[path].encode("utf-8", "replace"))
            if told != self._moves.get(path, ()):
                self._moves[path] = told
                due.append(path)
        return due

    def follow(self, fresh: Mapping[str, Answer]) -> None:
        """Files were fixed, told of all that moves."""
        if self.patched is not None:
            for path, answer in fresh.items():
                self.patched.follow(path, answer.followed)

    def stay(self) -> Iterator[tuple[str, Site]]:
        """Where a name stays that other files would have move."""
        return iter(()) if self.patched is None else self.patched.stay()

    async def become(self, session: Session, texts: Mapping[str, str]) -> None:
        """Files are fixed: by path, their texts. One that cannot be read takes what it took."""
        dropped = self.dropped
        paths = [path for path in texts if is_python(path)] if dropped is not None else []
        for at in range(0, len(paths), _BATCH):
            batch = tuple(paths[at : at + _BATCH])
            given = tuple((path, texts[path]) for path in batch)
            ask = frames.Read(batch, given, session.index.sought)
            try:
                answer = await session.background_lane.ask(ask, _BUDGET)
            except LostError as error:
                logger.error("cannot read what fixed files take: %s", error)
                continue
            assert isinstance(answer, frames.Modules)
            for path, taken in zip(batch, answer.taken, strict=True):
                if dropped is not None:
                    dropped.becomes(path, taken or Taken())

    def outdated(self) -> list[str]:
        """Of whom fewer names are taken now."""
        fewer = dict(self.dropped.outdated()) if self.dropped is not None else {}
        self._taken |= fewer
        return list(fewer)

    def needs(self) -> dict[str, set[str]]:
        """By file, those that it must not change without."""
        return needs_of(self.dropped, () if self.patched is None else self.patched.needs())
