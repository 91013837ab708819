"""Which methods of classes may do more than work out a value, in files that do not mention the SDK.

An operation of another file may run them without a name: `f"{order}"`, `order.total`. Owns
following them from call to call to code that uses the SDK, that logs, or that nobody knows. Refuses
to know who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from sentry_migrate.call_keys import module_place
from sentry_migrate.plan import Site, member_key, member_of
from sentry_migrate.project.callers import Callers
from sentry_migrate.project.modules import last_part
from sentry_migrate.project.outside_calls import UNKNOWN, VALUE_METHODS


class MemberSearch:
    """Finds members by name; each file is read once."""

    def __init__(
        self,
        modules: Callable[[str], Collection[str]],
        methods: Callable[[str], Collection[str]],
        read: Callable[[Sequence[str]], Iterable[tuple[str, Callers]]],
    ) -> None:
        """`modules` and `methods` give the paths of the files that are called so, or that define
        such a method; `read` says of files what they call."""
        self._modules = modules
        self._methods = methods
        self._read = read
        self._files: dict[str, Callers] = {}
        self._calls: dict[str, set[str]] = {}
        """By caller, what is called."""
        self._outside: dict[str, set[str]] = {}
        """By function, the modules whose code it runs."""
        self._known: dict[str, bool] = {}
        """By function, whether a call of it may do more than work out a value."""

    def sites(self, kinds: Iterable[str], apart: Collection[str]) -> Iterator[tuple[str, Site]]:
        """Where members are of these kinds, in other files than those `apart`: two files of each
        kind at most, as of two one is another than the one that is told."""
        names = {name for kind in kinds if (name := member_of(kind))}
        found = {name: sorted(set(self._methods(name)).difference(apart)) for name in sorted(names)}
        self._load({path for paths in found.values() for path in paths})
        for name, paths in found.items():
            places = filter(None, (self._place(path, name) for path in paths))
            yield from islice(places, 2)

    def acts(self, path: str, name: str) -> bool:
        """Whether a function of this name in a file may do more than work out a value."""
        self._load([path])
        module = last_part(path)
        known = {*self._calls, *self._outside}
        return any(
            self._acts(one)
            for one in sorted(known)
            if one.startswith(f"{module}.") and one.endswith(f".{name}")
        )

    def _place(self, path: str, name: str) -> tuple[str, Site] | None:
        for function, line in self._files[path].members:
            if function.endswith(f".{name}") and self._acts(function):
                return path, Site(member_key(name), line)
        return None

    def _load(self, paths: Collection[str]) -> None:
        news = sorted(set(paths) - self._files.keys())
        self._files |= dict.fromkeys(news, Callers())  # of a file that cannot be read
        for path, callers in self._read(news) if news else ():
            self._files[path] = callers
            for call in callers.calls:
                self._calls.setdefault(call.caller, set()).add(call.callee)
            for function, module in callers.outside:
                self._outside.setdefault(function, set()).add(module)

    def _acts(self, function: str) -> bool:
        """Whether a call of a function may do more than work out a value."""
        seen: set[str] = set()
        waiting = {function}
        while waiting:
            if any(map(self._acts_itself, waiting)):
                self._known[function] = True
                return True
            seen |= waiting
            called = {callee for one in waiting for callee in self._calls.get(one, ())} - seen
            if any(self._known.get(one) for one in called):
                self._known[function] = True
                return True
            waiting = {one for one in called if one not in self._known}
            self._load({path for one in waiting for path in self._having(one)})
        self._known |= dict.fromkeys(seen, False)
        return False

    def _acts_itself(self, function: str) -> bool:
        module, _, name = function.rpartition(".")
        if not module and name not in VALUE_METHODS and not self._methods(name):
            return True  # a method of a class that the project does not have
        modules = self._outside.get(function, ())
        return any(one == UNKNOWN or not self._modules(one) for one in modules)

    def _having(self, function: str) -> Collection[str]:
        """The files that may have a function."""
        if module_place(function):
            return ()
        module, _, name = function.partition(".")
        return self._modules(module) if module else self._methods(name)
