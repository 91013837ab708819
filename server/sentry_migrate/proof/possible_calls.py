"""Which functions of a text may run which, also where nothing calls them by name.

Owns calls that are possible: of functions that were passed on, of methods by their name, of methods
that operations and statements call. What only code from outside of the text is given, as a
framework is given views, runs later.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.callers import EVERYDAY
from sentry_migrate.project.implied_calls import calls_at_once
from sentry_migrate.proof.call_graph import CallGraph, Edge, Group, called, runs_in
from sentry_migrate.proof.classes import Classes, Member, path_of
from sentry_migrate.proof.data_types import is_data
from sentry_migrate.proof.library import BUILTINS, NAMED_ATTRIBUTE
from sentry_migrate.proof.operations import ITERATING, OPERATING, iterated, operations
from sentry_migrate.python.bindings import Binding, first_name
from sentry_migrate.python.flow import MANY

_LOOPS = ("__iter__", "__next__", "__aiter__", "__anext__", "__getitem__")
_WITH = ("__enter__", "__exit__", "__aenter__", "__aexit__")
_ATTRIBUTES = (
    *("__get__", "__getattr__", "__getattribute__"),
    *("__set__", "__setattr__", "__delete__", "__delattr__"),
)
_SUBCLASS = ("__init_subclass__", "__new__", "__prepare__", "_generate_next_value_")
"""What a class statement may run of its bases and its metaclass."""
_MADE = ("__del__", "__set_name__", "_missing_")
"""What making an instance may run at some time, besides what is certain."""

_HOOKING = {*ITERATING, *OPERATING, cst.Attribute, cst.Call, cst.ClassDef, cst.WithItem}


@remembered
def possible_calls(context: Context) -> CallGraph:
    """The calls of a text that are certain, and those that are possible."""
    return _Possible(context).graph


class _Possible:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._classes = Classes.of(context)
        certain = CallGraph.of(context).edges
        self.graph = CallGraph({caller: list(edges) for caller, edges in certain.items()})
        self._passed_on = Group()
        self._named: dict[str, Group] = {}
        self._of_code: dict[str, Sequence[Member]] = {}
        tree = context.tree
        for function in tree.nodes(cst.FunctionDef):
            for read in context.scopes.reads_of_definition(function):
                self._mention(read, function)
            if not self._is_bare(function):
                self._add(self._passed_on, function)
        for short in tree.nodes(cst.Lambda):
            self._mention(short, short)
        for attribute in tree.nodes(cst.Attribute):
            self._attribute(attribute)
        for node, func in called(context):
            if self._is_unknown(func):
                self._edge(node, self._passed_on)
                looped = list(self._looped(func))
                for at, one in enumerate(looped):
                    self._edge(node, one, at / len(looped))
            if isinstance(node, cst.Call) and path_of(context, func) in NAMED_ATTRIBUTE:
                for arg in node.args:
                    if isinstance(arg.value, cst.SimpleString):
                        self._call_method(node, str(arg.value.evaluated_value))
        for node, names in self._hooks():
            for name in names:
                self._call_method(node, name)

    def _edge(self, node: cst.CSTNode, callee: cst.CSTNode | Group, after: float = 0) -> None:
        edge = Edge(self._context.span(node)[0] + after, callee)
        self.graph.edges.setdefault(id(runs_in(self._context, node)), []).append(edge)

    def _add(self, group: Group, function: cst.CSTNode) -> None:
        self.graph.edges.setdefault(id(group), []).append(Edge(-1, function))

    def _call_method(self, node: cst.CSTNode, name: str) -> None:
        """Note that a node may run the methods of this name, whatever their class."""
        if name not in self._named and self._classes.members(name):
            self._named[name] = Group()
            for member in self._classes.members(name):
                self._add(self._named[name], member.node)
        if name in self._named:
            self._edge(node, self._named[name])

    def _mention(self, node: cst.BaseExpression, function: cst.CSTNode) -> None:
        """Note that the code at a node has a function in its hands, besides calling it."""
        holder = self._context.parent(node)
        if isinstance(holder, cst.Call) and holder.func is node:
            return
        call = self._context.parent(holder) if isinstance(holder, cst.Arg) else None
        if isinstance(call, cst.Call) and self._is_foreign(call.func):
            if calls_at_once(path_of(self._context, call.func)):
                self._edge(call, function)
            return
        self._add(self._passed_on, function)

    def _attribute(self, attribute: cst.Attribute) -> None:
        name = attribute.attr.value
        if not self._classes.members(name) or name in EVERYDAY or self._is_foreign(attribute.value):
            return
        holder = self._context.parent(attribute)
        if isinstance(holder, cst.Call) and holder.func is attribute:
            self._call_method(attribute, name)
            return
        for member in self._running(name):
            if member.kind == "property":
                self._edge(attribute, member.node)
            elif member.kind == "method":
                self._mention(attribute, member.node)

    def _running(self, name: str) -> Sequence[Member]:
        """Properties and methods of a name, which many classes may give a value instead."""
        if name not in self._of_code:
            kept = (
                one for one in self._classes.members(name) if one.kind in ("method", "property")
            )
            self._of_code[name] = tuple(kept)
        return self._of_code[name]

    def _is_foreign(self, node: cst.BaseExpression) -> bool:
        """Whether a value is certainly none of a class of this text."""
        root = first_name(node.func if isinstance(node, cst.Call) else node)
        if root is None:
            return is_data(self._context, node)
        bindings = self._context.scopes.reaching(root)
        if not bindings:
            return hasattr(builtins, root.value)
        return all(map(self._is_imported, bindings)) or is_data(self._context, node)

    def _is_imported(self, binding: Binding) -> bool:
        if binding.kind == "import":
            return True
        made = binding.value if binding.kind == "assign" and binding.whole else None
        root = first_name(made.func) if isinstance(made, cst.Call) else None
        bindings = self._context.scopes.reaching(root) if root is not None else ()
        return bool(bindings) and all(one.kind == "import" for one in bindings)

    def _is_unknown(self, func: cst.BaseExpression) -> bool:
        """Whether a call of this may be one of any function that was passed on."""
        if isinstance(func, cst.Name):
            bindings = self._context.scopes.reaching(func)
            return not all(map(self._is_plain, bindings))
        if isinstance(func, cst.Attribute):
            name = func.attr.value
            stored = name in self._context.scopes.attributes
            value = any(one.kind == "value" for one in self._classes.members(name))
            return (stored or value) and not self._is_foreign(func.value)
        return not (isinstance(func, cst.Call) and self._is_foreign(func))

    def _looped(self, func: cst.BaseExpression) -> Iterator[cst.CSTNode]:
        """The functions that a loop over what is written out gives a name, in their order."""
        reaching = self._context.scopes.reaching
        loops = reaching(func) if isinstance(func, cst.Name) else ()
        for value in [one.value for one in loops if one.kind == "for"]:
            held = [value]
            if isinstance(value, cst.Name):
                held = [one.value for one in reaching(value) if one.whole]
            for display in held:
                if isinstance(display, cst.List | cst.Tuple):
                    names = [one.value for one in display.elements]
                    for name in names if len(names) <= MANY else ():
                        means = reaching(name) if isinstance(name, cst.Name) else ()
                        yield from (
                            one.node for one in means if isinstance(one.node, cst.FunctionDef)
                        )

    def _is_plain(self, binding: Binding) -> bool:
        """Whether what a name is bound to is called as it stands there, or is from outside."""
        if isinstance(binding.node, cst.FunctionDef):
            return self._is_bare(binding.node)
        if binding.kind == "class" or isinstance(binding.value, cst.Lambda):
            return True
        return self._is_imported(binding)

    def _is_bare(self, function: cst.FunctionDef) -> bool:
        """Whether nothing of this text decorates a function."""
        return all(self._is_foreign(one.decorator) for one in function.decorators)

    def _hooks(self) -> Iterator[tuple[cst.CSTNode, Sequence[str]]]:
        """What calls methods without spelling their names, with the names."""
        if not any(name.startswith("_") and name.endswith("_") for name in self._classes.by_member):
            return
        for kind, nodes in self._context.tree.by_type.items():
            if kind not in _HOOKING:
                continue
            for node in nodes:
                for value, names in self._operations(node):
                    if any(map(self._classes.members, names)) and not self._is_foreign(value):
                        yield node, names
                if isinstance(node, cst.ClassDef) and (node.bases or node.keywords):
                    yield node, _SUBCLASS
                made = self._classes.called(node.func) if isinstance(node, cst.Call) else None
                if made is not None:
                    yield node, (*_MADE, *(("__call__",) if made.node.keywords else ()))

    def _operations(self, node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, Sequence[str]]]:
        yield from operations(node)
        looped = iterated(node)
        if looped is not None:
            yield looped, _LOOPS
        if isinstance(node, cst.WithItem):
            yield node.item, _WITH
        elif isinstance(node, cst.Attribute):
            yield node.value, _ATTRIBUTES
        elif isinstance(node, cst.Call):
            if self._classes.called(node.func) is None:
                yield node.func, ("__call__",)
            name = path_of(self._context, node.func)
            for arg in node.args if name in BUILTINS else ():
                yield arg.value, BUILTINS[name]
