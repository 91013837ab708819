"""Which functions of a text call which, and from where.

Owns edges that are certain: calls of functions, also as decorators, of classes, and of methods of
`self` and of instances made here. A function that is only passed on is not called, as far as
anybody can tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.callers import CONSTRUCTORS
from sentry_migrate.project.modules import last_part
from sentry_migrate.proof.classes import Class, Classes, all_members
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.flow import MANY

Callee: TypeAlias = "cst.CSTNode | list[Binding] | Group | _Inherited"
"""A function; or several of which a call may mean any, whose edges lead to each: calls of many that
may mean many then cost their sum and not their product."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Functions of which a call may mean any; its edges lead to them."""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One call."""

    at: float
    """Where the call begins; -1 from several functions to one of them. One call of several, one
    after the other, has an offset for each, before the next whole one."""
    callee: Callee


@dataclass(frozen=True, slots=True, eq=False)
class CallGraph:
    """The calls of one text, by the id of what calls: a function, the module, or several."""

    edges: dict[int, list[Edge]] = field(default_factory=dict)

    @staticmethod
    @remembered
    def of(context: Context) -> CallGraph:
        """The one of a text."""
        graph = CallGraph()
        means = _Meanings(context, graph.edges)
        for call, func in called(context):
            for callee in means.of(func):
                edge = Edge(context.span(call)[0], callee)
                graph.edges.setdefault(id(runs_in(context, call)), []).append(edge)
        return graph

    def reached(self, functions: Iterable[Callee]) -> set[int]:
        """The ids of functions and of all that they call, directly or not."""
        found: set[int] = set()
        waiting = list(functions)
        while waiting:
            function = waiting.pop()
            if id(function) not in found:
                found.add(id(function))
                waiting.extend(edge.callee for edge in self.edges.get(id(function), ()))
        return found

    def spread(self, notes: Mapping[int, str]) -> dict[int, str]:
        """A note on functions, by id, with all that these call, directly or not."""
        found: dict[int, str] = {}
        waiting = list(notes.items())
        while waiting:
            function, note = waiting.pop()
            if function not in found:
                found[function] = note
                waiting.extend((id(one.callee), note) for one in self.edges.get(function, ()))
        return found

    def reaching(self, targets: Collection[int]) -> set[int]:
        """The ids of functions that call one of `targets`, directly or not, and `targets`."""
        callers: dict[int, list[int]] = {}
        for caller, edges in self.edges.items():
            for edge in edges:
                callers.setdefault(id(edge.callee), []).append(caller)
        found: set[int] = set()
        waiting = list(targets)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(callers.get(one, ()))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Where some code runs: where it stands, and where functions are called that run it."""

    _direct: Sequence[int]
    _calls: Mapping[int, Sequence[float]]
    """By the id of the function or module that has the code, or calls a function that has it."""

    @staticmethod
    def of(context: Context, nodes: Iterable[cst.CSTNode]) -> Moments:
        """Those of what these nodes do."""
        found = list(nodes)
        graph = CallGraph.of(context)
        running = graph.reaching({id(runs_in(context, node)) for node in found})
        calls: dict[int, list[float]] = {}
        for node in found:
            calls.setdefault(id(runs_in(context, node)), []).append(context.span(node)[0])
        for caller, edges in graph.edges.items():
            calls.setdefault(caller, []).extend(
                edge.at for edge in edges if id(edge.callee) in running
            )
        return Moments(
            sorted(context.span(node)[0] for node in found),
            {caller: sorted(offsets) for caller, offsets in calls.items()},
        )

    def within(self, context: Context, block: cst.With, end: int | None = None) -> bool:
        """Whether any is in the body of a block, or before the offset `end` in it."""
        low, high = context.span(block.body)
        high = high if end is None else min(high, end)
        inside = bisect_left(self._direct, low) < bisect_left(self._direct, high)
        return inside or self.between(runs_in(context, block), low, high)

    def between(self, holder: cst.CSTNode, low: int, high: int) -> bool:
        """Whether any runs between two offsets of a function or module, but for what functions do
        that are defined there and not called."""
        calls = self._calls.get(id(holder), ())
        return bisect_left(calls, low) < bisect_left(calls, high)


def called(context: Context) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    """What is called and where, decorators among it."""
    for call in context.tree.nodes(cst.Call):
        yield call, call.func
    for decorator in context.tree.nodes(cst.Decorator):
        yield decorator, decorator.decorator


def own_module(context: Context) -> str:
    """The last part of the text's own module; empty where it has no path."""
    return "" if context.path is None else last_part(str(context.path))


def runs_in(context: Context, node: cst.CSTNode) -> cst.CSTNode:
    """The function or module whose code runs a node: a class statement runs where it stands."""
    holder = context.function(node)
    while isinstance(holder, cst.ClassDef):
        outer = context.parent(holder)
        holder = context.function(outer) if outer is not None else context.tree.module
    return holder


@dataclass(frozen=True, slots=True, eq=False)
class _Inherited:
    """What a name means in a class and its bases; with `below`, in its subclasses and theirs."""

    one: Class
    name: str
    below: bool


class _Meanings:
    """What calls of one text mean."""

    def __init__(self, context: Context, edges: dict[int, list[Edge]]) -> None:
        self._context = context
        self._classes = Classes.of(context)
        self._edges = edges
        self._inherited: dict[tuple[int, str, bool], _Inherited] = {}

    def of(self, func: cst.BaseExpression) -> Iterator[Callee]:
        """What a call of `func` may call, as far as that is certain."""
        if isinstance(func, cst.Name):
            bindings = self._context.scopes.reaching(func)
            if len(bindings) > MANY and isinstance(bindings, list):  # the same for other reads
                if id(bindings) not in self._edges:
                    self._edges[id(bindings)] = [Edge(-1, one) for one in _functions(bindings)]
                yield bindings
            else:
                yield from _functions(bindings)
            made = self._classes.called(func)
            for name in CONSTRUCTORS if made is not None else ():
                yield from self._members(made, name)
        elif isinstance(func, cst.Attribute):
            own = self._classes.of_receiver(func.value)
            yield from self._members(own, func.attr.value)

    def _members(self, own: Class | None, name: str) -> Iterator[Callee]:
        if own is not None and self._classes.members(name):
            yield self._inheriting(own, name, below=True)

    def _inheriting(self, one: Class, name: str, below: bool) -> _Inherited:
        """The one of these, with its edges and with all that they lead to."""
        first, waiting = self._known(one, name, below)
        while waiting:
            at = waiting.pop()
            edges = self._edges[id(at)] = []
            if not at.below:
                edges += (Edge(-1, member.node) for member in all_members([at.one], name))
            following = [(each, False) for each in ([at.one] if at.below else at.one.bases)]
            following += [(each, True) for each in self._classes.below(at.one) if at.below]
            for each, whether in following:
                known, new = self._known(each, name, whether)
                edges.append(Edge(-1, known))
                waiting += new
        return first

    def _known(self, one: Class, name: str, below: bool) -> tuple[_Inherited, list[_Inherited]]:
        """The one of these, and whether it is new."""
        key = id(one), name, below
        if key in self._inherited:
            return self._inherited[key], []
        made = self._inherited[key] = _Inherited(one, name, below)
        return made, [made]


def _functions(bindings: Sequence[Binding]) -> Iterator[cst.CSTNode]:
    for binding in bindings:
        if isinstance(binding.node, cst.FunctionDef):
            yield binding.node
        elif binding.kind == "assign" and isinstance(binding.value, cst.Lambda):
            yield binding.value
