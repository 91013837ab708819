"""Which fix is at fault where a test differs, found with few runs of the tests.

Owns which fixes are made in a run, and which tests it is about. Refuses to know how tests are run,
and what it is to differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

Differing = Callable[[Sequence[str], Sequence[str]], Collection[str]]
"""Runs some tests with some fixes and no others: those of the tests that differ."""

TakenBack = Callable[[Sequence[str], Sequence[str]], tuple[Collection[str], Collection[str]]]
"""Runs some tests with all fixes but some: those of the tests that are not as with all of them, and
those of these that differ no more."""


def taken_back(
    tests: Sequence[str], fixes: Sequence[str], without: TakenBack
) -> Iterator[tuple[str, str]]:
    """Tests with a fix without which they differ no more, where only other fixes have them run at
    all. What changes nothing where it is gone is not at fault."""
    groups = [(half, tests) for half in _halves(fixes) if half]
    while groups:
        group, those = groups.pop(0)
        unlike, cured = without(group, those)
        if len(group) == 1:
            yield from ((test, group[0]) for test in cured)
        elif unlike:
            groups += [(half, [*unlike]) for half in _halves(group)]


def blamed(
    ran: Mapping[str, Collection[str]], fixes: Sequence[str], differing: Differing
) -> Iterator[tuple[str, str]]:
    """Tests with a fix that makes them differ alone, each as soon as it is known.

    `ran` has the tests that differ with all fixes, and the fixes whose code each runs. Those are
    at fault more often than not, so they are tried first.
    """
    at_fault: dict[str, list[str]] = {test: [] for test in ran}

    def confirmed(suspects: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
        for fix in fixes:
            tests = [test for test, suspected in suspects.items() if fix in suspected]
            for test in differing([fix], tests) if tests else ():
                at_fault[test].append(fix)
                yield test, fix

    def unexplained() -> list[str]:
        return [test for test, found in at_fault.items() if not found]

    own = {test: [fix for fix in fixes if fix in ran[test]] for test in ran}
    yield from confirmed(_narrowed(own, differing))
    # What keeps a file from being imported makes tests differ that never run it.
    guilty = {fix for found in at_fault.values() for fix in found}
    yield from confirmed(dict.fromkeys(unexplained(), guilty))
    others = guilty.union(*(ran[test] for test in unexplained()))
    rest = [fix for fix in fixes if fix not in others]
    tests = differing(rest, unexplained()) if rest and unexplained() else ()
    yield from confirmed(_narrowed(dict.fromkeys(tests, rest), differing))


def _narrowed(whole: Mapping[str, Sequence[str]], differing: Differing) -> dict[str, list[str]]:
    """Single fixes that may be at fault, by test. Each test differs with the fixes it has here.

    They are halved until they differ no more. One run serves all tests for which it is the same
    as a run with their own half: it makes nothing else of what they have here.
    """
    suspects: dict[str, list[str]] = {test: [] for test in whole}
    groups = [(test, half) for test, fixes in whole.items() for half in _halves(fixes)]
    while groups:
        asked: dict[str, Sequence[str]] = {}
        made: dict[str, None] = {}
        unmade: set[str] = set()
        later: list[tuple[str, Sequence[str]]] = []
        for test, group in groups:
            if len(group) < 2:
                suspects[test] += group
                continue
            without = {*whole[test]}.difference(group)
            if test in asked or not unmade.isdisjoint(group) or not without.isdisjoint(made):
                later.append((test, group))
                continue
            asked[test] = group
            made |= dict.fromkeys(group)
            unmade |= without
        differ = differing([*made], [*asked]) if asked else ()
        groups = later + [(test, half) for test in differ for half in _halves(asked[test])]
    return suspects


def _halves(fixes: Sequence[str]) -> Iterable[Sequence[str]]:
    middle = len(fixes) // 2
    return fixes[:middle], fixes[middle:]
