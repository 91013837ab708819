"""Which of a name's bindings can come before a read of it in the same function.

Owns an approximation of control flow: the branches that code stands in, as a tree. Knows nothing of
how names are looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.tree import Tree

MANY = 24
"""More bindings than this are not told apart."""

_Order = list[Binding]


class Branch:
    """A part of a compound statement or expression that runs on some paths only.

    `up` is the branch around it. `_far` is one further up, so that long ways up are short.
    """

    __slots__ = ("compound", "depth", "end", "far", "label", "loop", "start", "up")

    def __init__(
        self, compound: int, label: str, start: int, end: int, up: Branch | None = None
    ) -> None:
        """`start` is where the compound begins, `end` where the branch ends."""
        self.compound = compound
        self.label = label
        self.start = start
        self.end = end
        self.up = self if up is None else up
        self.depth: int = 0 if up is None else up.depth + 1
        self.far: Branch = self.up
        if up is not None and up.depth - up.far.depth == up.far.depth - up.far.far.depth:
            self.far = up.far.far
        self.loop: Branch | None = self if label == "loop" else up.loop if up is not None else None

    def above(self, depth: int) -> Branch:
        """The branch at this depth that holds this one, or this one if it is not as deep."""
        at = self
        while at.depth > depth:
            at = at.far if at.far.depth >= depth else at.up
        return at

    def around(self, offset: int) -> Branch:
        """The innermost branch whose compound begins before the offset."""
        at = self
        while at.start >= offset:
            at = at.far if at.far.start >= offset else at.up
        return at


def _parting(left: Branch, right: Branch) -> tuple[Branch, Branch]:
    """Where the ways down to two branches part: the first differing branch of each, or the branch
    itself where the other lies in it."""
    depth = min(left.depth, right.depth)
    one, other = left.above(depth), right.above(depth)
    if one is other:
        return left.above(depth + 1), right.above(depth + 1)
    while one.up is not other.up:
        if one.far is not other.far:
            one, other = one.far, other.far
        else:
            one, other = one.up, other.up
    return one, other


@dataclass(frozen=True, slots=True, eq=False)
class _Before:
    """What a read can mean of the bindings up to some place."""

    bindings: tuple[Binding, ...] = ()
    many: bool = False
    last: Binding | None = None
    """The one that always comes before the read, so that no earlier one counts."""


class Flow:
    """The branches of one tree, and what was found out about its bindings."""

    __slots__ = ("_befores", "_branches", "_orders", "_root", "_scopes", "_tree")

    def __init__(self, tree: Tree, scopes: Container[int]) -> None:
        """`scopes` holds the ids of nodes that open a scope, where branches end."""
        self._tree = tree
        self._scopes = scopes
        self._root = Branch(0, "", -1, len(tree.text))
        self._branches: dict[int, Branch] = {}
        self._orders: dict[int, tuple[_Order, _Order]] = {}
        self._befores: dict[tuple[int, int, int], _Before] = {}

    def branch(self, node: cst.CSTNode) -> Branch:
        """The innermost branch of its function that a node stands in."""
        below: list[tuple[cst.CSTNode, cst.CSTNode]] = []
        found = self._root
        at = node
        while True:
            known = self._branches.get(id(at))
            if known is not None:
                found = known
                break
            parent = self._tree.parent(at)
            if parent is None or id(parent) in self._scopes:
                self._branches[id(at)] = found
                break
            below.append((parent, at))
            at = parent
        for parent, child in reversed(below):
            label = _label(parent, child)
            if label:
                start, end = self._tree.span(parent)[0], self._tree.span(child)[1]
                found = Branch(id(parent), label, start, end, found)
            self._branches[id(child)] = found
        return found

    def dominates(self, node: cst.CSTNode, other: cst.CSTNode, *but: str) -> bool:
        """Whether `node` runs on every path to `other`, branches with the labels `but` aside."""
        mine, theirs = self.branch(node), self.branch(other)
        common = mine
        while common.depth:
            if common.label not in but and theirs.above(common.depth) is not common:
                return False
            common = common.up
        return True

    def reaching(self, bindings: _Order, use: cst.CSTNode) -> Sequence[Binding]:
        """The bindings that can give their value to `use`; `bindings` itself if they are many."""
        known = self._orders.get(id(bindings))
        if known is None:
            own = sorted((one for one in bindings if not one.remote), key=lambda one: one.at)
            known = self._orders[id(bindings)] = own, [one for one in bindings if one.remote]
        order, remote = known
        branch = self.branch(use)
        middle = bisect_right(order, self._tree.span(use)[0], key=lambda one: one.at)
        before = self._before(order, middle - 1, branch)
        beyond = self._turn_before(order, middle, branch, before.last)
        if before.many or len(before.bindings) + len(beyond) + len(remote) > MANY:
            return bindings
        # Another function may run at any time.
        return (*before.bindings, *beyond, *remote) or bindings

    def _before(self, order: _Order, index: int, branch: Branch) -> _Before:
        """What reaches `branch` of the bindings up to `index`.

        A binding before a compound is the same to all of its branches, so they share the answer.
        """
        result = _Before()
        open_: list[tuple[tuple[int, int, int], Binding, bool]] = []
        while index >= 0:
            binding = order[index]
            branch = branch.around(binding.at)
            key = (id(order), index, id(branch))
            known = self._befores.get(key)
            if known is not None:
                result = known
                break
            exclusive, always = self._compare(binding, branch)
            if always and not exclusive:
                result = self._befores[key] = _Before((binding,), last=binding)
                break
            open_.append((key, binding, exclusive))
            index -= 1
        for key, binding, exclusive in reversed(open_):
            if not exclusive and not result.many:
                more = (*result.bindings, binding)
                many = len(more) > MANY
                result = _Before(() if many else more, many, result.last)
            self._befores[key] = result
        return result

    def _compare(self, binding: Binding, branch: Branch) -> tuple[bool, bool]:
        """Whether the binding runs only if the branch does not; whether it always ran before it."""
        mine = self.branch(binding.node)
        left, right = _parting(mine, branch)
        inside = left is mine and right.above(mine.depth) is mine
        if inside or left.compound != right.compound:
            return False, inside
        exclusive = {left.label, right.label} == {"if", "else"}
        return exclusive, left is mine and (left.label, right.label) == ("try", "try-else")

    def _turn_before(
        self, order: _Order, middle: int, branch: Branch, last: Binding | None
    ) -> Sequence[Binding]:
        """What an earlier turn of a loop bound below."""
        depth = 0
        if last is not None:
            mine = self.branch(last.node)
            left, _ = _parting(mine, branch)
            depth = mine.depth if branch.above(mine.depth) is mine else left.depth - 1
        around = branch.loop
        if around is None or around.depth <= depth:
            return ()
        while (wider := around.up.loop) is not None and wider.depth > depth:
            around = wider
        end = bisect_right(order, around.end, lo=middle, key=lambda one: one.at)
        return order[middle : min(end, middle + MANY + 1)]


def _label(parent: cst.CSTNode, child: cst.CSTNode) -> str:
    """Which conditional part of `parent` holds `child`; empty when it always runs."""
    if isinstance(parent, cst.If):
        return "if" if child is parent.body else "else" if child is parent.orelse else ""
    if isinstance(parent, cst.For | cst.While):
        return "loop" if child is parent.body else "after" if child is parent.orelse else ""
    if isinstance(parent, cst.Try | cst.TryStar):
        if child is parent.body:
            return "try"
        if child is parent.orelse:
            return "try-else"
        return "" if child is parent.finalbody else f"except{id(child)}"
    if isinstance(parent, cst.Match):
        return f"case{id(child)}" if child is not parent.subject else ""
    if isinstance(parent, cst.IfExp):
        return "if" if child is parent.body else "else" if child is parent.orelse else ""
    if isinstance(parent, cst.BooleanOperation):
        return "right" if child is parent.right else ""
    return ""
