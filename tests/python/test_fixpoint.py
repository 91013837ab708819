"""Questions that depend on each other: right, worked out once, in whatever order they are asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

import pytest

from sentry_migrate.python.fixpoint import Questions

LARGE = 10_000_000


class Node:
    """A subject: true by itself, or if one of the nodes it leads to is."""

    def __init__(self, true: bool = False) -> None:
        self.true = true
        self.next: list[Node] = []
        self.answered = 0


def questions(steps: int = LARGE) -> Questions[Node, bool]:
    def answer(node: Node) -> bool:
        node.answered += 1
        return node.true or any(map(asked.ask, node.next))

    asked: Questions[Node, bool] = Questions(answer, False, True, steps)
    return asked


def linked(count: int, links: Iterable[tuple[int, int]], true: Sequence[int] = ()) -> list[Node]:
    nodes = [Node(at in true) for at in range(count)]
    for start, end in links:
        nodes[start].next.append(nodes[end])
    return nodes


def reached(nodes: Sequence[Node]) -> list[bool]:
    """The least answers, by going on until nothing changes."""
    answers = {id(node): node.true for node in nodes}
    changed = True
    while changed:
        changed = False
        for node in nodes:
            if not answers[id(node)] and any(answers[id(one)] for one in node.next):
                answers[id(node)] = changed = True
    return [answers[id(node)] for node in nodes]


@pytest.mark.parametrize("first", range(0, 300, 20))
def test_any_order_gives_the_least_answers(first: int) -> None:
    for seed in range(first, first + 20):
        any_order(random.Random(seed))


def any_order(pick: random.Random) -> None:
    count = pick.randint(1, 14)
    links = [(pick.randrange(count), pick.randrange(count)) for _ in range(pick.randint(0, 30))]
    nodes = linked(count, links, [at for at in range(count) if pick.random() < 0.15])
    expected = reached(nodes)
    order = list(range(count))
    for _ in range(6):
        pick.shuffle(order)
        asked = questions()
        assert {at: asked.ask(nodes[at]) for at in order} == dict(enumerate(expected))


SHAPES: dict[str, Callable[[int], list[tuple[int, int]]]] = {
    "chain": lambda n: [(at, at + 1) for at in range(n - 1)],
    "diamonds": lambda n: [(at, at + 1) for at in range(n - 1) for _ in range(2)],
    "ladder": lambda n: [(at, at + by) for at in range(n - 2) for by in (1, 2)],
    "ring": lambda n: [(at, (at + 1) % n) for at in range(n)],
    "ring of pairs": lambda n: [(at, (at + by) % n) for at in range(n) for by in (1, -1)],
    "back to the first": lambda n: [(at, to) for at in range(n - 1) for to in (at + 1, 0)],
    "star": lambda n: [(0, at) for at in range(1, n)],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("true", [(), (19,)], ids=["nowhere", "at the end"])
def test_each_is_worked_out_a_few_times(
    shape: Callable[[int], list[tuple[int, int]]], true: Sequence[int]
) -> None:
    nodes = linked(20, shape(20), true)
    asked = questions()
    assert [asked.ask(node) for node in nodes] == reached(nodes)
    assert sum(node.answered for node in nodes) <= 4 * len(nodes)


@pytest.mark.parametrize("shape", ["chain", "diamonds", "ladder"])
def test_no_depth_is_too_much(shape: str) -> None:
    nodes = linked(20_000, SHAPES[shape](20_000), [19_999])
    assert questions().ask(nodes[0]) is True
    assert sum(node.answered for node in nodes) <= 3 * len(nodes)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("count", [39, 40, 41, 60, 81, 1_000])
@pytest.mark.parametrize("begin", [0, 0.5, 1])
def test_a_ring_too_long_to_follow_is_found_out_soon(
    shape: Callable[[int], list[tuple[int, int]]], count: int, begin: float
) -> None:
    nodes = linked(count, shape(count))
    asked = questions()
    assert asked.ask(nodes[round(begin * (count - 1))]) in (False, asked.gave_up)
    assert sum(node.answered for node in nodes) <= 6 * len(nodes)


@pytest.mark.parametrize("steps", [0, 1, 5, 50])
def test_too_much_work_is_unknown(steps: int) -> None:
    nodes = linked(1_000, SHAPES["chain"](1_000))
    assert questions(steps).ask(nodes[0]) is True  # the unknown; it would be False
    assert questions().ask(nodes[0]) is False
    assert sum(node.answered for node in nodes) <= steps + 3 * len(nodes)


def test_a_ring_that_does_not_come_to_rest_is_unknown() -> None:
    ring = [object(), object()]

    def answer(subject: object) -> int:
        return asked.ask(ring[subject is ring[0]]) + 1

    asked: Questions[object, int] = Questions(answer, 0, -1, LARGE)
    assert -1 in [asked.ask(one) for one in ring]


def test_an_error_leaves_no_guess_behind() -> None:
    nodes = linked(2, [(0, 1), (1, 0)], [1])
    broken = True

    def answer(node: Node) -> bool:
        if broken and node is nodes[1]:
            raise KeyError
        return node.true or any(map(asked.ask, node.next))

    asked: Questions[Node, bool] = Questions(answer, False, True, LARGE)
    with pytest.raises(KeyError):
        asked.ask(nodes[0])
    broken = False
    assert asked.ask(nodes[0]) is True
