"""What a run leaves, and what is taken back because of that: the plan as plain data."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pytest

from counting import calls
from sentry_migrate.call_keys import import_key, module_place, program_key
from sentry_migrate.plan import (
    ANYTHING,
    NAMES,
    PUSH,
    Answer,
    Call,
    Elsewhere,
    Plan,
    Site,
    binds_key,
    caught_key,
    drops_hub_key,
    early_key,
    function_of,
    gives_hub_key,
    gives_hub_key_of,
    is_binding,
    is_caught,
    is_stand_in,
    later_key,
    member_key,
    stand_in_key,
    start_key,
)
from sentry_migrate.project.plan_words import may_have

# By path: what the analysis asks about, what it leaves, and what it leaves once a kind it asked
# about is left elsewhere. The files that have to be analysed again, with what they are told.
File = tuple[Sequence[str], Sequence[str], Sequence[str]]
TABLE: dict[str, tuple[dict[str, File], dict[str, dict[str, str]]]] = {
    "nothing is left": ({"a": ("p", "", ""), "b": ("q", "", "")}, {}),
    "nobody asked": ({"a": ("", "p", ""), "b": ("q", "", "")}, {}),
    "its own is no news": ({"a": ("p", "p", "")}, {}),
    "left elsewhere": ({"a": ("p", "", ""), "b": ("", "p", "")}, {"a": {"p": "b:1"}}),
    "both ask, both leave": (
        {"a": ("p", "p", ""), "b": ("p", "p", "")},
        {"a": {"p": "b:1"}, "b": {"p": "a:1"}},
    ),
    "three of them": (
        {"a": ("p", "p", ""), "b": ("p", "p", ""), "c": ("p", "p", "")},
        {"a": {"p": "b:1"}, "b": {"p": "a:1"}, "c": {"p": "a:1"}},
    ),
    "anything counts as every kind": (
        {"a": ("pq", "", ""), "b": ("", "*", ""), "c": ("", "", "")},
        {"a": {"p": "b:1", "q": "b:1"}},
    ),
    "anything of its own is no news": ({"a": ("p", "*", "")}, {}),
    "nobody asks about anything": ({"a": ("", "*", ""), "b": ("", "", "")}, {}),
    "what is taken back is left too": (
        {"a": ("p", "", "q"), "b": ("q", "", "r"), "c": ("", "p", ""), "d": ("r", "", "")},
        {"a": {"p": "c:1"}, "b": {"q": "a:1"}, "d": {"r": "b:1"}},
    ),
    "a ring": (
        {"a": ("p", "", "q"), "b": ("q", "", "p"), "c": ("", "q", "")},
        {"a": {"p": "b:1"}, "b": {"q": "a:1"}},
    ),
    "a ring that nothing breaks": ({"a": ("p", "", "q"), "b": ("q", "", "p")}, {}),
}


def settle(files: Mapping[str, File], order: list[str]) -> tuple[dict[str, dict[str, str]], int]:
    """What each file is told in the end, and how many analyses that took."""
    plan, told, analyses = Plan(), {name: dict[str, str]() for name in files}, 0
    waiting = {name: dict[str, str]() for name in order}
    while waiting:
        for name, left in waiting.items():
            asks, leaves, then = files[name]
            told[name], analyses = left, analyses + 1
            left_now = set(leaves) | (set(then) if left else set())
            sites = tuple(Site(ANYTHING if kind == "*" else kind, 1) for kind in sorted(left_now))
            plan.take(name, left, Answer(sites, tuple(sorted(asks))))
        waiting = dict(plan.outdated())
    return {name: left for name, left in told.items() if left}, analyses


@pytest.mark.parametrize(("files", "expected"), TABLE.values(), ids=TABLE)
def test_what_is_analysed_again(
    files: dict[str, File], expected: dict[str, dict[str, str]]
) -> None:
    told, _ = settle(files, list(files))
    assert {name: set(left) for name, left in told.items()} == {
        name: set(left) for name, left in expected.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_files_does_not_matter_and_no_file_is_asked_often(seed: int) -> None:
    chance = random.Random(seed)
    kinds = "pqrst"
    files = {
        f"f{at}": tuple("".join(chance.sample(kinds, chance.choice((0, 0, 1, 2)))) for _ in "abc")
        for at in range(12)
    }
    order = list(files)
    first, analyses = settle(files, order)  # type: ignore[arg-type]
    assert analyses <= len(files) * (1 + len(kinds))
    chance.shuffle(order)
    again, _ = settle(files, order)  # type: ignore[arg-type]
    assert {name: set(left) for name, left in first.items()} == {
        name: set(left) for name, left in again.items()
    }


GROWING: dict[str, Callable[[int], dict[str, File]]] = {
    # Each asks for what the one before it leaves as soon as that knows of its own neighbour.
    "a chain": lambda n: {
        f"f{at}": ([f"k{at}"] if at else [], [] if at else ["k1"], [f"k{at + 1}"])
        for at in range(n)
    },
    "all ask for one": lambda n: {f"f{at}": (["k"], ["k"], []) for at in range(n)},
    "all ask for what one leaves": lambda n: {
        f"f{at}": (["k", "l"], [] if at else ["k"], ["l"]) for at in range(n)
    },
}


@pytest.mark.parametrize("shape", GROWING.values(), ids=GROWING)
def test_twice_the_files_cost_about_twice(
    shape: Callable[[int], dict[str, File]],
) -> None:
    def work(files: Mapping[str, File]) -> None:
        settle(files, list(files))

    small, large = shape(100), shape(200)
    assert calls(partial(work, large)) < 2.5 * calls(partial(work, small))


# Calls, "caller callee" by file, and which functions are called early if "m.f" is.
CALLS: dict[str, tuple[dict[str, list[str]], set[str]]] = {
    "nothing": ({}, set()),
    "one": ({"b": ["m.f n.g"]}, {"n.g"}),
    "two": ({"b": ["m.f n.g", "n.g o.h"]}, {"n.g", "o.h"}),
    "two files": ({"b": ["n.g o.h"], "c": ["m.f n.g"]}, {"n.g", "o.h"}),
    "a ring": ({"b": ["m.f n.g"], "c": ["n.g m.f"]}, {"n.g"}),
    "itself": ({"b": ["m.f m.f"]}, set()),
    "another's": ({"b": ["m.e n.g", "n.f n.g"]}, set()),
    "callers": ({"b": ["n.g m.f"]}, set()),
    "a method": ({"b": ["m.f .g"], "c": [".g n.h"]}, {".g", "n.h"}),
    "an import": ({"b": ["m.f import /a.b", "import /a.b n.h"]}, {"import /a.b", "n.h"}),
    "one of two leads back": ({"b": ["m.f n.a", "m.f n.g", "n.g m.f"]}, {"n.a", "n.g"}),
    "one of three is known": (
        {"b": ["m.f n.a", "m.f n.g", "m.f n.h", "n.g n.h"]},
        {"n.a", "n.g", "n.h"},
    ),
    "one is called in more places than are noted": (
        {"b": ["m.f n.a"], "c": ["m.f n.h"], "d": ["m.f n.h"], "e": ["m.f n.h"]},
        {"n.a", "n.h"},
    ),
    "a star": ({"b": ["m.* n.*"]}, {"n.f"}),
    "a star of a star": ({"b": ["m.* n.*"], "c": ["n.* o.*"]}, {"n.f", "o.f"}),
    "what a star leads to": ({"b": ["m.* n.*"], "c": ["n.f o.h", "n.e o.i"]}, {"n.f", "o.h"}),
    "a ring of stars": ({"b": ["m.* n.*"], "c": ["n.* m.*"]}, {"n.f"}),
    "a star of another": ({"b": ["n.* o.*"]}, set()),
    "a star of an import": ({"b": ["m.f import /a.b", "import /a.* n.h"]}, {"import /a.b"}),
}


@pytest.mark.parametrize("moment", [early_key, start_key])
@pytest.mark.parametrize(("files", "expected"), CALLS.values(), ids=CALLS)
def test_what_is_called_from_there_on(
    files: dict[str, list[str]], expected: set[str], moment: Callable[[str], str]
) -> None:
    if moment is start_key and any(map(module_place, expected)):
        expected = set()  # what is imported at the start is no news
    site = Answer((Site(moment("m.f"), 1), Site("p", 1)))
    steps: list[Callable[[Plan], None]] = [lambda plan: plan.take("main", {}, site)]
    for path, pairs in files.items():
        calls = [read_call(pair) for pair in pairs]
        steps.append(lambda plan, path=path, calls=calls: plan.follow(path, calls))  # type: ignore[misc]
    for order in itertools.permutations(steps):
        plan = Plan()
        for step in order:
            step(plan)
        assert plan.reached() == {moment(one) for one in expected | {"m.f"}}
        assert plan.reached() == set()
        assert set(plan.left("x", [moment(one) for one in EVERY])) == {
            moment(one) for one in expected | {"m.f"}
        }
        other = start_key if moment is early_key else early_key
        assert not plan.left("x", [other(one) for one in EVERY])


def read_call(pair: str) -> Call:
    caller, callee = re.split(r" (?!/)", pair)
    return Call(caller, callee, 1)


EVERY = {"m.f"}.union(*(expected for _, expected in CALLS.values()), ("m.e", "n.e", "o.i"))


LINKS: dict[str, Callable[[int], list[Call]]] = {
    "a chain": lambda n: [Call(f"m.f{at}", f"m.f{at + 1}", at) for at in range(n)],
    "a chain, backwards": lambda n: [Call(f"m.f{at}", f"m.f{at + 1}", at) for at in range(n, -1, -1)],
    "one calls all": lambda n: [Call("m.f0", f"m.f{at}", at) for at in range(1, n)],
    "all call one": lambda n: [Call(f"m.f{at}", "m.f0", at) for at in range(1, n)],
    "two ways at each step": lambda n: [
        Call(f"m.f{at}", f"m.{name}{at + 1 - (name == 'f')}", at) for at in range(n) for name in "gf"
    ] + [Call(f"m.g{at}", f"m.f{at}", at) for at in range(n)],
    "stars": lambda n: [Call("m.*", "n0.*", 1), *(Call(f"n{at}.*", f"n{at + 1}.*", 1) for at in range(n))],
    "a star of many": lambda n: [Call("m.f0", f"m.f{at}", at) for at in range(n)] + [Call("m.*", "n.*", 1)],
}  # fmt: skip


@pytest.mark.parametrize("files_first", [True, False])
@pytest.mark.parametrize("shape", LINKS.values(), ids=LINKS)
def test_twice_the_calls_cost_about_twice(
    shape: Callable[[int], list[Call]], files_first: bool
) -> None:
    def work(found: list[Call]) -> None:
        plan, site = Plan(), Answer((Site(early_key("m.f0"), 1),))
        if files_first:
            plan.take("main", {}, site)
        for call in found:
            plan.follow(f"f{call.line}", [call])
        plan.take("main", {}, site)
        plan.reached()
        list(plan.outdated())

    small, large = shape(100), shape(200)
    assert calls(partial(work, large)) < 2.5 * calls(partial(work, small))


def test_the_plan_tells_once_what_anybody_asked() -> None:
    plan = Plan()
    assert plan.asked() == set()
    plan.take("a", {}, Answer(asked=("p", "q")))
    plan.take("b", {}, Answer(asked=("q",)))
    assert plan.asked() == {"p", "q"}
    plan.take("a", {}, Answer(asked=("q", "r")))
    assert plan.asked() == {"r"}
    assert plan.asked() == set()


def test_what_was_asked_is_remembered() -> None:
    rest = Elsewhere({PUSH: "a.py:3"})
    assert (rest.ask(PUSH), rest.ask("member:x")) == ("a.py:3", "")
    assert rest.asked == {PUSH, "member:x"}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (PUSH, b"sentry_sdk.push_scope()", True),
        (PUSH, b"sentry_sdk.configure_scope()", False),
        (member_key("__str__"), b"class A:\n def __str__(self): pass", True),
        (member_key("__str__"), b"def __str__(self): pass", False),
        (member_key("__str__"), b"class A:\n pass", False),
        (member_key("title"), b"def title(): pass", True),
        (member_key("title"), b"def other(): pass", False),
        (later_key("sys.stdout"), b"sys.stdout = x", True),
        (later_key("sys.stdout"), b"sys.stderr = x", False),
        (later_key("weakref.ref"), b"href", False),
    ],
)
def test_a_first_test(kind: str, text: bytes, expected: bool) -> None:
    assert may_have([kind], "a.py", text, mentions=True) is expected


# what: (a kind, the function or module it is about, and which questions about kinds it says yes to)
KINDS = {
    "push": (PUSH, "", "", ""),
    "a name": (NAMES, "", "", ""),
    "a member": (member_key("m.f"), "", "", ""),
    "called early": (early_key("m.f"), "m.f", "", ""),
    "called at the start": (start_key("m.f"), "m.f", "", ""),
    "imported early": (early_key(import_key("app/m")), "import app/m", "app/m", ""),
    "run early": (early_key(program_key("app/m")), "program app/m", "app/m", ""),
    "run at the start": (start_key(program_key("app/m")), "program app/m", "app/m", ""),
    "binds": (binds_key("m.f"), "", "", "binding"),
    "caught": (caught_key("f"), "", "", "caught"),
    "a stand-in": (stand_in_key("f"), "", "", "stand-in"),
    "a stand-in there": (stand_in_key("f", "m"), "", "", "stand-in"),
}


@pytest.mark.parametrize(("kind", "function", "place", "family"), KINDS.values(), ids=KINDS)
def test_what_a_kind_is_about(kind: str, function: str, place: str, family: str) -> None:
    assert function_of(kind) == function
    assert module_place(function) == place
    asked = {"binding": is_binding, "caught": is_caught, "stand-in": is_stand_in}
    assert [name for name, question in asked.items() if question(kind)] == [family][: bool(family)]


def test_no_two_kinds_are_the_same() -> None:
    kinds = {kind for kind, *_ in KINDS.values()}
    assert len(kinds) == len(KINDS)
    assert stand_in_key("f", "m") != stand_in_key("m", "f") != stand_in_key("m")
    assert stand_in_key("f").endswith(":f")


# what: (the sites of a file, whether it stays as it is, the kinds that are left)
TAKEN = {
    "nothing": ((), False, ""),
    "stays": ((Site("p", 3),), False, "p"),
    "goes": ((Site("p", 3, settled=True),), False, ""),
    "goes, but the file stays": ((Site("p", 3, settled=True),), True, "p"),
    "one of two goes": ((Site("p", 3, settled=True), Site("p", 4)), False, "p"),
    "one kind goes": ((Site("p", 3, settled=True), Site("q", 3)), False, "q"),
}


@pytest.mark.parametrize(("sites", "as_it_is", "left"), TAKEN.values(), ids=TAKEN)
def test_what_a_file_leaves(sites: tuple[Site, ...], as_it_is: bool, left: str) -> None:
    plan = Plan()
    if as_it_is:
        plan.take("a", {}, Answer(sites), as_it_is=True)
    else:
        plan.take("a", {}, Answer(sites))
    assert "".join(plan.left("b", "pq")) == left
    assert plan.left("a", "pq") == {}
    assert {site.kind for _, site in plan.places("pq")} == set(left)


def test_a_file_that_answers_late_is_told_what_is_left_already() -> None:
    plan = Plan()
    plan.take("a", {}, Answer((Site("p", 3),)))
    assert list(plan.outdated()) == []
    plan.take("b", {}, Answer((), ("p",)))
    assert list(plan.outdated()) == [("b", {"p": "a:3"})]
    plan.take("b", {"p": "a:3"}, Answer((), ("p",)))
    assert list(plan.outdated()) == []


def test_two_files_of_a_kind_are_known_the_first_ones_by_name() -> None:
    plan = Plan()
    for path in "cbad":
        plan.leave(path, [Site("p", 1), Site("p", 2)])
    assert [(path, site.line) for path, site in plan.places(["p"])] == [("a", 1), ("b", 1)]
    assert plan.left("a", "p") == {"p": "b:1"}
    assert plan.left("z", "p") == {"p": "a:1"}


def test_which_functions_are_known_to_be_called() -> None:
    plan = Plan()
    plan.leave("a", [Site(early_key("m.f"), 1), Site(start_key("m.g"), 2), Site("p", 3)])
    assert plan.called() == {early_key("m.f"), start_key("m.g")}


SPELLED = {
    "a member that the file spells": ({"strip"}, {"strip"}),
    "and no other": ({"st", "strip_"}, set()),
    "what operations call": (set(), {"__len__"}),
    "a private member only if it is spelled": ({"__own"}, {"__own", "__len__"}),
}


@pytest.mark.parametrize(("words", "expected"), SPELLED.values(), ids=SPELLED)
def test_members_are_told_before_anybody_asks(words: set[str], expected: set[str]) -> None:
    plan = Plan()
    plan.leave("a", (Site(member_key(name), 1) for name in ("strip", "__len__", "__own", "own__")))
    plan.leave("a", [Site("early:a.strip", 1)])
    told = plan.kinds(words)
    assert told == {member_key(name) for name in expected | {"__len__"}}


def test_what_anybody_asked_about_is_told_to_all() -> None:
    plan = Plan()
    plan.leave("a", [Site(PUSH, 1), Site("early:a.f", 1)])
    plan.take("b", {}, Answer((), (PUSH,)))
    assert plan.kinds(()) == {PUSH}


def test_a_file_that_is_told_what_is_known_is_not_outdated() -> None:
    """Where anything may be in a file, that counts for kinds which are found nowhere else too."""
    plan = Plan()
    plan.take("a", {}, Answer((Site(ANYTHING, 1),)))
    plan.take("b", {}, Answer((), (PUSH, "early:a.f")))
    for _, left in plan.outdated():
        told = plan.left("b", plan.kinds(()))
        assert told == left == {PUSH: "a:1", "early:a.f": "a:1"}
        plan.take("b", told, Answer((), (PUSH, "early:a.f")))
    assert list(plan.outdated()) == []


GIVEN = gives_hub_key("app/m", "f", 0)


def test_what_a_kind_of_handed_hubs_is_about() -> None:
    """Each is one of a place, a function and an argument; who drops a hub names who gives it."""
    kinds = {
        gives_hub_key(place, name, index)
        for place in ("m", "n")
        for name in "fg"
        for index in (0, 1)
    }
    assert len(kinds) == len({*map(drops_hub_key, kinds)} - kinds) == 8
    assert {gives_hub_key_of(drops_hub_key(kind)) for kind in kinds} == kinds


# what: (by file, what it leaves and what it asks about; the pairs of files that change together)
TOGETHER: dict[str, tuple[dict[str, tuple[str, str]], set[tuple[str, str]]]] = {
    "nobody": ({"a": (GIVEN, "")}, set()),
    "only who gives": ({"a": (GIVEN, ""), "b": ("", GIVEN)}, set()),
    "nobody asks": ({"a": (drops_hub_key(GIVEN), ""), "b": (GIVEN, "")}, set()),
    "both": ({"a": (drops_hub_key(GIVEN), ""), "b": ("", drops_hub_key(GIVEN))}, {("a", "b")}),
    "itself": ({"a": (drops_hub_key(GIVEN), drops_hub_key(GIVEN))}, set()),
    "two that ask": (
        {
            "a": (drops_hub_key(GIVEN), ""),
            "b": ("", drops_hub_key(GIVEN)),
            "c": ("", drops_hub_key(GIVEN)),
        },
        {("a", "b"), ("a", "c")},
    ),
    "another kind": ({"a": (PUSH, ""), "b": ("", PUSH)}, set()),
}


@pytest.mark.parametrize(("files", "pairs"), TOGETHER.values(), ids=TOGETHER)
def test_which_files_change_together(
    files: dict[str, tuple[str, str]], pairs: set[tuple[str, str]]
) -> None:
    plan = Plan()
    for path, (left, asked) in files.items():
        sites = (Site(left, 1),) if left else ()
        plan.take(path, {}, Answer(sites, (asked,) if asked else ()))
    assert {*plan.together()} == pairs | {(second, first) for first, second in pairs}
