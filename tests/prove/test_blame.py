"""Which fix is blamed, and how often the tests are run for it, in a world of which all is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentry_migrate.prove.blame import blamed

Causes = Mapping[str, str]
"""For each test, words of one letter for each fix: together those make it differ."""


class World:
    """Tests that differ where the fixes made have one of their causes among them."""

    def __init__(self, causes: Causes) -> None:
        self.causes = causes
        self.runs: list[tuple[str, str]] = []

    def differing(self, made: Sequence[str], tests: Sequence[str]) -> list[str]:
        assert made
        assert tests
        self.runs.append(("".join(made), " ".join(tests)))
        return [test for test in tests if self.differs(test, made)]

    def differs(self, test: str, made: Collection[str]) -> bool:
        return any({*cause} <= {*made} for cause in self.causes[test].split())


# fixes; what each test that differs ran; what makes it differ; who is blamed; in how many runs
TABLE = {
    "one fix that one test ran": ("a", {"s": "a"}, {"s": "a"}, {"s": "a"}, 1),
    "each its own": (
        "abcd", {"s": "a", "t": "b", "u": "c"}, {"s": "a", "t": "b", "u": "c"},
        {"s": "a", "t": "b", "u": "c"}, 3,
    ),
    "one of a pair": ("ab", {"s": "ab"}, {"s": "b"}, {"s": "b"}, 2),
    "both of a pair": ("ab", {"s": "ab"}, {"s": "a b"}, {"s": "ab"}, 2),
    "one of eight": ("abcdefgh", {"s": "abcdefgh"}, {"s": "f"}, {"s": "f"}, 6),
    "one of eight in three tests": (
        "abcdefgh", dict.fromkeys("stu", "abcdefgh"), dict.fromkeys("stu", "f"),
        dict.fromkeys("stu", "f"), 6,
    ),
    "apart, so tried in the same runs": (
        "abcdefgh", {"s": "abcd", "t": "efgh"}, {"s": "b", "t": "g"}, {"s": "b", "t": "g"}, 6,
    ),
    "what keeps a file from being imported": (
        "abcd", {"s": "a", "t": "b", "u": "c"}, dict.fromkeys("stu", "a"),
        dict.fromkeys("stu", "a"), 4,
    ),
    "what no test ran": ("abcdz", {"s": "a"}, {"s": "z"}, {"s": "z"}, 6),
    "nothing ran": ("ab", {"s": ""}, {"s": "b"}, {"s": "b"}, 3),
    "two together": ("ab", {"s": "ab"}, {"s": "ab"}, {}, 2),
    "all at once only": ("abcd", {"s": "abcd"}, {"s": "abcd"}, {}, 2),
    "what another does not undo": (
        "abcd", {"s": "ab", "t": "bc"}, {"s": "b", "t": "c"}, {"s": "b", "t": "c"}, 3,
    ),
    "no test differs": ("ab", {}, {}, {}, 0),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_blame(row: tuple[str, Causes, Causes, Mapping[str, str], int]) -> None:
    fixes, ran, causes, expected, most = row
    world = World(causes)
    found: dict[str, str] = {}
    for test, fix in blamed({test: {*own} for test, own in ran.items()}, fixes, world.differing):
        found[test] = found.get(test, "") + fix
    assert found == expected
    assert len(world.runs) <= most, world.runs


FIXES = "abcdefghijkl"


@given(
    st.dictionaries(
        st.integers(0, 9).map("t{}".format), st.sets(st.sampled_from(FIXES), min_size=1)
    ),
    st.data(),
)
def test_whoever_is_at_fault_alone_is_found(ran: dict[str, set[str]], data: st.DataObject) -> None:
    """Wherever it stands, and nobody who is not."""
    causes = {
        test: " ".join(data.draw(st.sets(st.sampled_from(sorted(own)), min_size=1)))
        for test, own in ran.items()
    }
    world = World(causes)
    found = {*blamed(ran, FIXES, world.differing)}
    assert found == {(test, fix) for test, own in causes.items() for fix in own.split()}
    assert len(world.runs) == len({*world.runs})


def test_what_is_known_counts_when_time_is_up() -> None:
    def differing(made: Sequence[str], tests: Sequence[str]) -> list[str]:
        if "b" in made:
            raise TimeoutError
        return [*tests]

    found: list[tuple[str, str]] = []
    with pytest.raises(TimeoutError):
        found.extend(blamed({"s": {"a"}, "t": {"b"}}, "ab", differing))
    assert found == [("s", "a")]
