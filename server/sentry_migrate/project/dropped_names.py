"""Names that modules may lose because the fixes of a run have others no longer take them.

Owns telling which modules are to be looked at again, and which files are written together and in
which order: who takes a name before the module that loses it. Refuses to know how a text is fixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sentry_migrate.project.taken_names import Demand, Taken, TakenNames


class DroppedNames:
    """What the files of a run take from each other, as the run leaves them.

    A module is told of fewer and fewer names, at most once for each; of one that is taken again,
    because a fix was taken back, for good.
    """

    def __init__(self, demand: Demand, modules: Iterable[str]) -> None:
        """`demand` is what all files take before the run, and is kept up. `modules` are the paths
        of those that the run fixes."""
        self._demand = demand
        self._before: dict[str, Taken] = {}
        """By path, what files took before the run that take something else by now."""
        self._told = {path: demand.names(path) for path in modules}
        self._again: dict[str, frozenset[str]] = {}
        """By path, names that were not taken once, and then were."""
        self._known: dict[str, list[str]] = {}
        """By what they are known as, the modules."""
        for path in self._told:
            for name in demand.known_as(path):
                self._known.setdefault(name, []).append(path)
        self._concerned: set[str] = set()
        self._recounted: set[str] = set()

    def becomes(self, path: str, taken: Taken) -> None:
        """A file takes this, as its fixes leave it."""
        before = self._demand.files.get(path, Taken())
        if before != taken:
            self._before.setdefault(path, before)
            self._concerned.update(self._meant(self._demand.renew(path, taken)))

    def changes(self, path: str) -> bool:
        """Whether a file takes something else than before the run."""
        return path in self._before

    def outdated(self) -> Iterator[tuple[str, TakenNames]]:
        """The modules to be looked at again, and the names that others take now.

        That fewer files take a name is said once no module loses further names.
        """
        fewer = []
        for path in sorted(self._concerned):
            told, now = self._told[path], self._demand.names(path)
            self._again[path] = self._again.get(path, frozenset()) | (now - told)
            now |= self._again[path]
            if now != told:
                self._told[path] = now
                fewer.append(path)
        self._recounted |= self._concerned.difference(fewer)
        self._concerned.clear()
        if not fewer:
            fewer = sorted(self._recounted)
            self._recounted.clear()
        for path in fewer:
            yield path, self.taken_from(path)

    def taken_from(self, path: str) -> TakenNames:
        """The names that others take from the module at `path`, and those that were taken again."""
        found = self._demand.from_module(path)
        again = self._again.get(path, frozenset()).difference(name for name, *_ in found)
        return tuple(sorted([*found, *((name, 1, "") for name in again)]))

    def takers(self) -> dict[str, set[str]]:
        """By module, the files that took names from it and take others now, if any."""
        found: dict[str, set[str]] = {}
        for path, before in self._before.items():
            now = self._demand.files[path]
            for module in self._meant(self._demand.renew(path, before)):
                if module != path:
                    found.setdefault(module, set()).add(path)
            self._demand.renew(path, now)
        return found

    def _meant(self, names: Iterable[str]) -> set[str]:
        return {path for name in names for path in self._known.get(name, ())}


def needs_of(
    dropped: DroppedNames | None, together: Iterable[tuple[str, str]]
) -> dict[str, set[str]]:
    """By path, the files that must change before the one there: who takes names that it loses, and
    the second of each pair that changes `together`."""
    needs = {} if dropped is None else dropped.takers()
    for path, other in together:
        needs.setdefault(path, set()).add(other)
    return needs


def written_together(
    paths: Iterable[str], needs: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, ...]]:
    """All `paths`, in groups that are written wholly or not at all, each after what it `needs`.

    Files that need each other are in one group.
    """
    order = _needed_first(dict.fromkeys(paths), needs)
    at = {path: number for number, path in enumerate(order)}
    start = last = 0
    for end, path in enumerate(order):
        last = max(last, end, *(at.get(one, 0) for one in needs.get(path, ())))
        if last == end:
            yield tuple(order[start : end + 1])
            start = end + 1


def _needed_first(paths: Collection[str], needs: Mapping[str, Collection[str]]) -> list[str]:
    """The paths in an order in which each comes after what it needs, as far as there is one."""
    order: list[str] = []
    seen: set[str] = set()
    for start in paths:
        waiting = [(start, iter(sorted(needs.get(start, ()))))] if start not in seen else []
        seen.add(start)
        while waiting:
            path, rest = waiting[-1]
            following = next((one for one in rest if one in paths and one not in seen), None)
            if following is None:
                order.append(path)
                waiting.pop()
            else:
                seen.add(following)
                waiting.append((following, iter(sorted(needs.get(following, ())))))
    return order
