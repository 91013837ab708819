"""Where a use runs: at import, at startup, before `init()`.

Owns what the text says about the order of `init()`, of a use and of what sends events, over the
calls between its functions, and about threads. What a function is called does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import libcst as cst

from sentry_migrate.call_keys import import_key
from sentry_migrate.doubts import BEFORE_INIT, OTHER_THREADS, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import THREADS, early_key, start_key
from sentry_migrate.project.function_uses import other_use_key
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import directory_of, place_of
from sentry_migrate.proof.call_graph import CallGraph, called, own_module, runs_in
from sentry_migrate.proof.other_files import (
    called_outside,
    handed_outside,
    implied_outside,
    name_outside,
    overriding_name,
)
from sentry_migrate.proof.possible_calls import possible_calls
from sentry_migrate.proof.thread_starts import runs_before, starts_threads
from sentry_migrate.python.bindings import dotted
from sentry_migrate.sdk.names import CAPTURES, canonical
from sentry_migrate.sdk.uses import Use

_SENDS = (*CAPTURES, "start_transaction")

_SET_UP = {
    "__init__": "sentry_sdk.transport.",
    "setup_once": "sentry_sdk.integrations.",
}
"""By method, the module of the SDK whose classes have it called by `init()`."""
_AS_PROGRAM = '__name__=="__main__"'
UNKNOWN_INIT = BEFORE_INIT.about(
    "runs at import time, possibly before `init()`, when 1.x drops the data and 2.x keeps it"
)
STARTUP = OTHER_THREADS.about(f"runs at startup; {OTHER_THREADS.reason}")


@dataclass(frozen=True, slots=True)
class Timing:
    """What is known of a use's moment."""

    startup: bool
    """At import time, or in the function that calls `init()`, or called from there."""
    doubt: Doubt | None
    """Why the isolation scope is not proved to be the right one; None when it is."""


def timing_of(context: Context, node: cst.CSTNode) -> Timing:
    """Judge the moment at which `node` runs."""
    return _InitOrder.of(context).judge(node)


class _InitOrder:
    """The order of a text's start, worked out once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._graph = graph = CallGraph.of(context)
        self._possible = possible = possible_calls(context)
        self._module = context.tree.module
        inits = _calling(context, lambda use: use.trigger == "sentry_sdk.init")
        self._initialising = graph.reaching(inits)
        self._senders = _calling(context, lambda use: use.calls(_SENDS))
        self._from_outside: dict[str, Mapping[int, str]] = {}
        sending = graph.reaching(self._senders)
        self._last_sending = {
            caller: max((edge.at for edge in edges if id(edge.callee) in sending), default=-1)
            for caller, edges in graph.edges.items()
        }
        self._first: dict[int, float] = {}
        self._last: dict[int, float] = {}
        """By function, where it certainly initialises for the first and the last time."""
        for use in named(context, "sentry_sdk.init"):
            if use.call is not None:  # whose arguments are worked out before
                self._note(id(runs_in(context, use.node)), context.span(use.call)[1])
        for caller, edges in graph.edges.items():
            for edge in edges:
                if id(edge.callee) in self._initialising:
                    self._note(caller, edge.at)
        self._end = dict(self._last)
        """By function, where `init()` may not have run before; -1 where it has."""
        may_init = possible.reaching(inits)
        for caller, edges in possible.edges.items():
            if caller not in self._last:
                for edge in edges:
                    if id(edge.callee) in may_init:
                        self._end[caller] = max(edge.at, self._end.get(caller, -1))
        early = [
            edge.callee
            for caller, edges in possible.edges.items()
            for edge in edges
            if edge.at < self._end.get(caller, -1) and id(edge.callee) not in self._initialising
        ]
        self._before = possible.reached([*early, *_called_by_init(context)])
        starting = (node for node in context.scopes.scopes.values() if id(node.node) in inits)
        self._startup = graph.reached([self._module, *(scope.node for scope in starting)])

    @staticmethod
    @remembered
    def of(context: Context) -> _InitOrder:
        """The one of a text."""
        return _InitOrder(context)

    def judge(self, node: cst.CSTNode) -> Timing:
        """See `timing_of`."""
        at = self._context.span(node)[0]
        function = runs_in(self._context, node)
        key = id(function)
        if key in self._before or at < self._first.get(key, self._end.get(key, -1)):
            return Timing(key in self._startup, BEFORE_INIT)
        if function is self._module and key not in self._first:
            return Timing(True, UNKNOWN_INIT)
        early = self._called(early_key, self._possible).get(key)
        if early:
            return Timing(
                key in self._startup,
                BEFORE_INIT.about(
                    f"{early}, before `init()`, when 1.x drops the data and 2.x keeps it"
                ),
            )
        if key not in self._startup:
            started = self._called(start_key, self._graph).get(key)
            if started and self._threads(node):
                return Timing(False, STARTUP.about(f"{started}, and {STARTUP.reason}"))
            return Timing(False, None)
        if self._threads(node):
            return Timing(True, STARTUP)
        if function is not self._module and key not in self._last:
            return Timing(True, None)  # one thread calls it, and goes on
        goes_on = at < self._last_sending.get(key, -1)
        alone = goes_on or key in self._senders or self._is_program(function, ())
        return Timing(True, None if alone else STARTUP)

    def _is_program(self, function: cst.CSTNode, known: Sequence[cst.CSTNode]) -> bool:
        """Whether a function is called only where the text is run as a program: no server has it
        then that starts threads."""
        own = self._context.scopes.bound_by(function)
        if not isinstance(function, cst.FunctionDef) or own is None or function in known:
            return False
        if len(own.scope.bindings[own.name]) > 1 or own.scope is not self._context.scopes.module:
            return False
        reads = self._context.scopes.reads_of_definition(function)
        calls = [self._context.parent(read) for read in reads]
        return (
            bool(reads)
            and all(isinstance(one, cst.Call) for one in calls)
            and {*map(id, reads)} == {id(one.func) for one in calls if isinstance(one, cst.Call)}
            and all(self._runs_as_program(read, (*known, function)) for read in reads)
            and not self._context.elsewhere(other_use_key(own.name, awaits=False, target=False))
        )

    def _runs_as_program(self, node: cst.CSTNode, known: Sequence[cst.CSTNode]) -> bool:
        around = runs_in(self._context, node)
        if around is not self._module:
            return self._is_program(around, known)
        tree, at = self._context.tree, self._context.span(node)[0]
        for one in tree.holders(node, cst.If):
            start, end = tree.span(one.body)
            test = "".join(tree.code(one.test).split()).replace("'", '"')
            if test == _AS_PROGRAM and start <= at < end:
                return True
        return False

    def calls_out(self) -> Iterator[tuple[str, cst.CSTNode]]:
        """What code here calls of other files while it starts, and imports before `init()`, once
        for each kind of the plan."""
        found: dict[str, cst.CSTNode] = {}
        tree = self._context.tree
        imports: Iterator[cst.Import | cst.ImportFrom]
        imports = chain(tree.nodes(cst.Import), tree.nodes(cst.ImportFrom))
        for node in imports:
            if self._is_early(node):
                for place in _imported(self._context, node):
                    found.setdefault(early_key(import_key(place)), node)
        for call, func in called(self._context):
            if self._context.values.trigger(func) == "sentry_sdk.init":
                continue
            early = self._is_early(call)
            if early or id(runs_in(self._context, call)) in self._startup:
                outside = called_outside(self._context, func)
                for function in chain(outside, handed_outside(self._context, call)):
                    found.setdefault((early_key if early else start_key)(function), call)
        for implying, at, function in implied_outside(self._context):
            if self._is_early(implying, at):
                found.setdefault(early_key(function), implying)
        yield from found.items()

    def _is_early(self, node: cst.CSTNode, at: int | None = None) -> bool:
        """Whether a node runs before `init()`, as this text has it; or what it runs at an
        offset."""
        key = id(runs_in(self._context, node))
        at = self._context.span(node)[0] if at is None else at
        return key in self._before or at < self._end.get(key, -1)

    def _called(self, key: Callable[[str], str], graph: CallGraph) -> Mapping[int, str]:
        """By id, the functions that code in other files calls so, directly or not, and where."""
        known = self._from_outside.get(key(""))
        if known is None:
            used = {id(runs_in(self._context, use.node)) for use in self._context.uses}
            noted: dict[int, str] = {}
            concerned = graph.reaching(used)
            run_by_import = [one for one in self._run_by_import(graph) if one in concerned]
            if not run_by_import:
                concerned.discard(id(self._module))
            for one, scope in self._context.scopes.scopes.items():
                names = self._names_outside(scope.node) if one in concerned else ()
                places = ((self._context.elsewhere(key(name)), name) for name in names)
                place, named = next(filter(all, places), ("", ""))
                if not place:
                    continue
                if one == id(self._module):
                    said = f"`{own_module(self._context)}` is imported in {place}"
                    noted |= dict.fromkeys(run_by_import, said)
                else:
                    noted[one] = f"`{named.rpartition('.')[2]}()` is called in {place}"
            known = self._from_outside[key("")] = graph.spread(noted)
        return known

    def _run_by_import(self, graph: CallGraph) -> Iterator[int]:
        """The ids of the functions that the module calls when it is imported."""
        tree = self._context.tree
        ifs = [one for one in tree.nodes(cst.If) if "__name__" in tree.code(one.test)]
        programs = [self._context.span(one.body) for one in ifs]
        for edge in graph.edges.get(id(self._module), ()):
            if not any(start <= edge.at < end for start, end in programs):
                yield id(edge.callee)

    def _names_outside(self, node: cst.CSTNode) -> Iterator[str]:
        """How other files call a function, or run the module; a method also as one that overrides
        another."""
        path = self._context.path
        if node is self._module and path is not None and id(node) not in self._last:
            yield import_key(place_of(str(path)))
        elif name := name_outside(self._context, node):
            yield name
            if overriding := overriding_name(self._context, node):
                yield overriding

    def _note(self, function: int, at: float) -> None:
        self._first[function] = min(at, self._first.get(function, at))
        self._last[function] = max(at, self._last.get(function, at))

    def _threads(self, node: cst.CSTNode) -> bool:
        """Whether there may be threads without the data that `node` sets."""
        elsewhere = bool(self._context.elsewhere(THREADS))
        return elsewhere or bool(
            starts_threads(self._context) and not runs_before(self._context, node)
        )


def called_at_start(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan for what a text calls of other files while it starts, with a call."""
    return _InitOrder.of(context).calls_out()


def _imported(context: Context, node: cst.Import | cst.ImportFrom) -> Iterator[str]:
    """The places of the modules of the project that an import runs."""
    if context.path is None or _is_for_type_checkers(context, node):
        return
    directory = directory_of(str(context.path))
    if isinstance(node, cst.Import):
        for alias in node.names:
            yield from _disk(context).imported(directory, dotted(alias.name))
    else:
        home = "." * len(node.relative) + (dotted(node.module) if node.module else "")
        names = () if isinstance(node.names, cst.ImportStar) else node.names
        yield from _disk(context).imported(directory, home, [dotted(alias.name) for alias in names])


def _called_by_init(context: Context) -> Iterator[cst.CSTNode]:
    """The methods that `init()` calls before there is a client: those that set up integrations,
    and make transports."""
    for node in context.tree.nodes(cst.ClassDef):
        paths = [canonical(context.values.path(base.value)) for base in node.bases]
        for at in node.body.body if any(paths) else ():
            if isinstance(at, cst.FunctionDef) and any(
                path.startswith(_SET_UP.get(at.name.value, "\0")) for path in paths
            ):
                yield at


@remembered
def _disk(_: Context) -> ModulesOnDisk:
    return ModulesOnDisk()


def _is_for_type_checkers(context: Context, node: cst.CSTNode) -> bool:
    holder = context.parent(node)
    while holder is not None:
        if isinstance(holder, cst.If) and "TYPE_CHECKING" in context.code(holder.test):
            return True
        holder = context.parent(holder)
    return False


def _calling(context: Context, wanted: Callable[[Use], bool]) -> set[int]:
    """The ids of the functions that directly call something that is wanted."""
    return {
        id(runs_in(context, use.node))
        for use in context.uses
        if use.call is not None and wanted(use)
    }
