"""What a proof says, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sentry_migrate.prove.fixes import TriedFix
from sentry_migrate.prove.recordings import Test, differences
from sentry_migrate.prove.verdicts import Comparison, Kind, Verdict

Cause = Literal["fix", "sdk", "unexplained", "open"]
"""`open` where there was no time to find it."""
OUTSIDE = "outside of tests"
_MOST = 5

_HEADINGS: Mapping[Kind, str] = {
    "different": "Different",
    "equal": "Equal",
    "untold": "Ran only where nothing can be told",
    "nothing-sent": "Ran, but nothing was sent after it",
    "never-ran": "Never ran",
}
_COUNTED: Mapping[Kind, str] = {
    "equal": "ran and sent the same",
    "different": "sent something else",
    "untold": "ran where nothing can be told",
    "nothing-sent": "ran where nothing was sent after it",
    "never-ran": "never ran",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A test that ends in another way, or sends something else."""

    test: str
    cause: Cause
    fixes: tuple[str, ...]
    """IDs of those at fault; for a cause that was not found, of those that ran."""


@dataclass(frozen=True, slots=True)
class Result:
    """All that a proof found out."""

    old: str
    new: str
    """Releases of the SDK, or names of recordings."""
    fixes: Sequence[TriedFix]
    verdicts: Mapping[str, Verdict]
    differences: Sequence[Difference]
    compared: Comparison
    budget: float | None = None
    """The time budget in seconds, if it ended before each difference had its cause."""


def lines(result: Result) -> list[str]:
    """The result for a person."""
    return [*_fixes(result), *_differences(result), *_notes(result), *_end(result)]


def _fixes(result: Result) -> Iterator[str]:
    for kind, heading in _HEADINGS.items():
        of_kind = [fix for fix in result.fixes if result.verdicts[fix.id].kind == kind]
        if of_kind:
            yield f"{heading}:"
        for fix in of_kind:
            tests = result.verdicts[fix.id].tests
            named = f" ({_tests(tests)})" if kind in ("different", "equal") else ""
            yield f"  {fix.place}: {fix.code} {fix.title}{named}"
        if of_kind:
            yield ""


def _differences(result: Result) -> Iterator[str]:
    by_id = {fix.id: fix for fix in result.fixes}
    for one in result.differences:
        yield f"{one.test or OUTSIDE}:"
        yield from (f"  {line}" for line in _diff(result, one.test))
        yield f"  {_cause(one, by_id, result)}"
        yield ""


def _cause(one: Difference, fixes: Mapping[str, TriedFix], result: Result) -> str:
    if one.cause == "sdk":
        return f"This is not due to a fix: sentry-sdk {result.new} does the same to the old code."
    places = [f"{fixes[name].code} at {fixes[name].place}" for name in one.fixes if name in fixes]
    if one.cause == "fix":
        safe = [name for name in one.fixes if name in fixes and fixes[name].safe]
        more = " It was called safe: please report it, with this difference." if safe else ""
        if result.compared.fails_without(one.test):
            more = (
                f" Or sentry-sdk {result.new} itself does this, which cannot be told: the old code "
                "does not get as far with it."
            )
        return f"Due to {' and '.join(places)}.{more}"
    if one.cause == "open":
        ran = f"; those that ran: {', '.join(places)}" if places else ""
        return f"There was no time to find out why{ran}."
    if places:
        return f"No fix does this alone; those that ran: {', '.join(places)}."
    return "No fix ran here." if result.fixes else "The recordings differ."


def _diff(result: Result, name: str) -> Iterator[str]:
    compared = result.compared
    old, new = (side.get(name, Test()) for side in (compared.old, compared.new))
    return differences(old, new, compared.unsteady(name))


def _notes(result: Result) -> Iterator[str]:
    compared = result.compared
    if untold := compared.untold():
        yield (
            f"{_number(untold)} not run and send the same twice, and can "
            f"prove nothing: {_tests(untold)}."
        )
    if traced := [name for name in compared.left if compared.is_traced_differently(name)]:
        who = f"sentry-sdk {result.new}" if result.fixes else "The other release of sentry-sdk"
        yield (
            f"{who} itself traces or tells other things, whatever the code does, which is not "
            f"compared: {_tests(traced)}."
        )
    leaving = [name for name, test in compared.old.items() if test.left and name]
    for name in leaving[:_MOST]:
        yield f"{name} leaves changed: {', '.join(compared.old[name].left)}."
    if len(leaving) > _MOST:
        yield f"So do {len(leaving) - _MOST} more tests, each in the SDK."
    warned = [sum(test.warnings for test in side.values()) for side in (compared.old, compared.new)]
    if any(warned):
        yield f"Deprecation warnings of the SDK: {warned[0]} before, {warned[1]} after."


def _number(tests: Sequence[str]) -> str:
    return "1 test does" if len(tests) == 1 else f"{len(tests)} tests do"


def _end(result: Result) -> Iterator[str]:
    names = [name for name in result.compared.names() if name]
    count = f"{len(names)} test{'s' * (len(names) != 1)}"
    many = len(result.differences)
    if not names:  # a script
        yield "What was sent differs." if many else "Nothing that was sent differs."
    elif many:
        yield f"{many} of {count} {'differs' if many == 1 else 'differ'}."
    else:
        yield f"Nothing differs in {count}."
    if result.budget is not None:
        yield (
            f"The time budget of {result.budget:g} seconds ended before it was known why: fixes "
            "that ran in these tests prove nothing."
        )
    kinds = Counter(verdict.kind for verdict in result.verdicts.values())
    if total := kinds.total():
        counted = [f"{kinds[kind]} {said}" for kind, said in _COUNTED.items() if kinds[kind]]
        yield f"Of {total} fix{'es' * (total != 1)}, {'; '.join(counted)}."


def _tests(names: Iterable[str]) -> str:
    shown = [name or OUTSIDE for name in names]
    more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
    return ", ".join(shown[:_MOST]) + more


def as_json(result: Result) -> dict[str, Any]:
    """The result for a program."""
    compared = result.compared
    return {
        "old": result.old,
        "new": result.new,
        "tests": len([name for name in compared.names() if name]),
        "complete": result.budget is None,
        "fixes": [
            {
                "id": fix.id,
                "code": fix.code,
                "name": fix.name,
                "filename": fix.path,
                "location": {"row": fix.row, "column": fix.column},
                "applicability": "safe" if fix.safe else "unsafe",
                "verdict": result.verdicts[fix.id].kind,
                "tests": [*result.verdicts[fix.id].tests],
            }
            for fix in result.fixes
        ],
        "differences": [
            {
                "test": one.test,
                "cause": one.cause,
                "fixes": [*one.fixes],
                "diff": [*_diff(result, one.test)],
            }
            for one in result.differences
        ],
        "not_repeated": compared.untold(),
        "traced_differently": [*filter(compared.is_traced_differently, compared.left)],
        "leaks": {name: [*test.left] for name, test in compared.old.items() if test.left},
        "warnings": {
            side: sum(test.warnings for test in found.values())
            for side, found in (("old", compared.old), ("new", compared.new))
        },
    }
