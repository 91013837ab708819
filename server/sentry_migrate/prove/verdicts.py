"""What the runs say of each fix.

Pure: recordings in, verdicts out. Refuses to know how tests are run and fixes are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sentry_migrate.prove.recordings import (
    Recording,
    Test,
    Unsteady,
    by_hand,
    changes_no_more,
    equal,
    unsteady,
)

Kind = Literal["different", "equal", "untold", "nothing-sent", "never-ran"]

_NO_TEST = Test()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one fix."""

    kind: Kind
    tests: tuple[str, ...] = ()
    """Where it is different; else where it ran, and if it is equal, something was sent after it."""


@dataclass(frozen=True)
class Comparison:
    """The old side, which ran twice, and the new one."""

    old: Recording
    again: Recording
    new: Recording
    left: Recording = field(default_factory=dict)
    """Of tests that differ: the code as it is, with the new SDK."""
    left_again: Recording = field(default_factory=dict)
    """The same once more, of tests that differ from that, too."""
    new_again: Recording = field(default_factory=dict)
    """The new side once more, of tests that differ without a fix that is at fault."""
    own: frozenset[str] = frozenset()
    """Tests that were found to differ only by what the SDK tells of its own accord."""

    def names(self) -> list[str]:
        """All tests, and the empty name for the code outside of tests."""
        return sorted(self.old.keys() | self.new.keys())

    def unsteady(self, name: str) -> Unsteady:
        """What the old code does not repeat in a test, on either SDK."""
        if self._is_named_once(name):
            return Unsteady(whole=True)
        found = unsteady(self.old.get(name, _NO_TEST), self.again.get(name, _NO_TEST))
        if name in self.left_again:
            found |= unsteady(self.left.get(name, _NO_TEST), self.left_again[name])
        again = self.new_again.get(name)
        if again is not None and any(
            equal(side.get(name, _NO_TEST), again, found) for side in (self.old, self.left)
        ):
            return Unsteady(whole=True)  # it differed once
        return found

    def _is_named_once(self, name: str, *others: Recording) -> bool:
        """Whether a test is missing in a run only because tests of its function get other names
        each time, as with `parametrize("x", [random()])`."""
        sides = (self.old, self.again, self.new, *others)
        return _function(name) in self._renamed and not all(name in side for side in sides)

    @cached_property
    def _renamed(self) -> frozenset[str]:
        """The functions of tests that did not run under the same names twice."""
        return frozenset(map(_function, self.old.keys() ^ self.again.keys()))

    def untold(self) -> list[str]:
        """Tests that say nothing, because the old code itself does not repeat them."""
        return [name for name in self.names() if self.unsteady(name).whole]

    def different(self, new: Recording | None = None) -> list[str]:
        """Tests in which the new side, or another, ends in another way or sends something else."""
        return [name for name in self.names() if self.is_different(name, new)]

    def is_different(self, name: str, new: Recording | None = None) -> bool:
        """The same of one test."""
        there = self.new if new is None else new
        return not (
            self.unsteady(name).whole
            or self._is_named_once(name, there)
            or self.alike(name, self.old, there)
            or (there is self.new and self.is_traced_differently(name))
        )

    def is_worse(self, name: str, new: Recording) -> bool:
        """Whether some fixes make a test different, and it is not only that the code as it is fails
        with the new SDK, and shows what integrations send there only where they mend it."""
        return not (
            not self.is_different(name, new)
            or self.is_as_without(name, new)
            or (self.fails_without(name) and self._is_told(name, new))
        )

    def fails_without(self, name: str) -> bool:
        """Whether a test ends in another way with the new SDK and the code as it is."""
        old, left = (side.get(name, _NO_TEST) for side in (self.old, self.left))
        return name in self.left and old.outcome != left.outcome

    def is_as_without(self, name: str, new: Recording) -> bool:
        """Whether all that differs in a test on one side does so without the fixes as well."""
        if self.alike(name, self.left, new):
            return True
        old, left, there = (side.get(name, _NO_TEST) for side in (self.old, self.left, new))
        if name not in self.left or not old.outcome == left.outcome == there.outcome:
            return False
        return changes_no_more(old, there, left, self.unsteady(name))

    def is_traced_differently(self, name: str) -> bool:
        """Whether a test differs only in what the SDK sends of its own accord, and does so without
        the fixes as well, or only does not get as far without them."""
        if name not in self.left or self.alike(name, self.old, self.new):
            return False
        if self.is_as_without(name, self.new):
            # What is left in the SDK is its own doing where it is left without fixes too.
            return self._is_told(name, self.new, states=False)
        mended = name in self.own or self.fails_without(name)
        return mended and self._is_told(name, self.new)

    def is_unsure(self, name: str) -> bool:
        """Whether the code as it is does not tell all by hand that it does with the old SDK: what
        the new one does of its own accord in the rest, it does not say."""
        return name in self.left and not self._is_told(name, self.left)

    def needs(self, name: str, without: Recording) -> bool:
        """Whether a test that is unsure differs from what it is with all fixes if it is without
        one of them, because that one makes the difference."""
        mends = self._is_told(name, self.new) and not self._is_told(name, without)
        return not mends and not self.alike(name, without, self.new)

    def is_cured(self, name: str, without: Recording) -> bool:
        """Whether a test that differs has all that is told by hand without some fixes."""
        return self._is_told(name, without) and not self.alike(name, without, self.new)

    def may_be_own(self, name: str) -> bool:
        """Whether a test that is unsure differs only in what the SDK sends of its own accord."""
        return self.is_unsure(name) and self._is_told(name, self.new)

    def _is_told(self, name: str, new: Recording, states: bool = True) -> bool:
        """Whether one side has all that is told by hand."""
        sides = [side.get(name, _NO_TEST) for side in (self.old, new)]
        here, there = (by_hand(test, states=states) for test in sides)
        return equal(here, there, self.unsteady(name))

    def alike(self, name: str, one: Recording, other: Recording) -> bool:
        """Whether a test is equal in two recordings, but for what it does not repeat."""
        here, there = one.get(name, _NO_TEST), other.get(name, _NO_TEST)
        return equal(here, there, self.unsteady(name))

    def ran(self, name: str) -> frozenset[str]:
        """The fixes whose old code ran in a test."""
        return self.old.get(name, _NO_TEST).ran | self.again.get(name, _NO_TEST).ran


def _function(name: str) -> str:
    """The name of a test without its parameters."""
    return name.partition("[")[0]


def verdicts(
    fixes: Iterable[str],
    compared: Comparison,
    blamed: Mapping[str, Iterable[str]],
    open_tests: Iterable[str] = (),
) -> dict[str, Verdict]:
    """One for each fix. `blamed` maps fixes to the tests in which they are at fault. In
    `open_tests`, which differ, there was no time to find the fix at fault: it may be any that ran
    there, or any at all where none did."""
    suspected = [compared.ran(name) for name in open_tests]
    untold = {*compared.untold()}
    different = {*compared.different()}
    found = {}
    for fix in fixes:
        if tests := tuple(blamed.get(fix, ())):
            found[fix] = Verdict("different", tests)
            continue
        ran = [name for name in compared.names() if fix in compared.ran(name)]
        if any(fix in those or not those for those in suspected):
            found[fix] = Verdict("untold", tuple(ran))
            continue
        told = [name for name in ran if name not in untold and name not in different]
        sent = [name for name in told if fix in compared.old[name].told]
        # What runs when modules are imported is there in all tests after it.
        sent += [
            name
            for name, test in compared.old.items()
            if fix in test.earlier and name not in {*sent, *untold, *different}
        ]
        if sent:
            found[fix] = Verdict("equal", tuple(sorted(sent)))
        elif len(told) < len(ran):
            found[fix] = Verdict("untold", tuple(ran))
        else:
            found[fix] = Verdict("nothing-sent" if ran else "never-ran", tuple(ran))
    return found
