"""What may put something in the place of a name of the SDK without assigning to that name.

`instrument(sentry_sdk, "push_scope")` gives the name to code of the project, `setattr(target, name,
wrapper)` replaces whatever it is told, `target.push_scope = wrapper` whatever a caller gives,
`function.__globals__["push_scope"] = wrapper` has another module call something else, and a class
derived from `Hub` has methods of that name.
Owns finding these, and the names that they may mean: those that the text spells.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import stand_in_key
from sentry_migrate.project.function_uses import other_use, other_use_key
from sentry_migrate.project.modules import SDK
from sentry_migrate.proof.joined_text import literal
from sentry_migrate.proof.part_of_tests import is_test
from sentry_migrate.proof.unknown_names import module_of
from sentry_migrate.python.bindings import Binding, first_name
from sentry_migrate.python.replaced import Replaced

_OVERRIDABLE = frozenset(("Hub", "Scope", "Span", "Transaction"))
"""Classes whose instances the SDK itself asks for what the code calls on them, or by a function."""

_OF_FUNCTIONS = ("__code__", "__globals__")
_READING = frozenset(("get", "items", "keys", "values"))
_STEPS = 5
"""How many values one is followed to."""
_DATA = frozenset(("fingerprint", "level", "scope", "span", "transaction", "user", SDK))
"""Names of data, which much else has too."""


def places(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for that reason, and where."""
    found = dict(chain(_overridden(context), _put_on_given(context)))
    for call in context.tree.nodes(cst.Call):
        if _gives_sdk(context, call):
            named = [arg.value for arg in call.args if literal(arg.value)]
            found.update((literal(one), one) for one in named)
            if not named and len(call.args) > 1:
                found.update(_spelled(context))
    if any(_is_computed(context, put) for put in context.scopes.replaced):
        found.update(_spelled(context))
    for attribute in context.tree.nodes(cst.Attribute):
        if attribute.attr.value in _OF_FUNCTIONS:
            found.update(_replaced_globals(context, attribute))
    for name, node in found.items():
        if name not in _DATA:
            yield stand_in_key(name), node
            yield stand_in_key(name, SDK), node


def _overridden(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The members of classes that are derived from one of the SDK."""
    for node in context.tree.nodes(cst.ClassDef):
        bases = {context.values.path(base.value).rpartition(".")[2] for base in node.bases}
        if bases & _OVERRIDABLE:
            members = context.scopes.scopes[id(node)].bindings
            yield from ((name, bindings[0].node) for name, bindings in members.items())


def _put_on_given(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """What attributes are set of what may be the SDK, because others give it."""
    values = _Values(context)
    for name, stores in context.scopes.attributes.items():
        for target, _ in stores:
            if not module_of(context, target.value) and values.is_given(target.value, _STEPS):
                yield name, target
                break


class _Values:
    """Which values may come from a caller, a list or a function, but for the instance whose method
    this is."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._made_here: set[int] = set()
        """The id of each that is known not to, so that none is followed twice."""

    def is_given(self, node: cst.CSTNode | None, steps: int) -> bool:
        if not steps:
            return True
        if id(node) in self._made_here:
            return False
        given = self._follow(node, steps)
        if not given:
            self._made_here.add(id(node))
        return given

    def _follow(self, node: cst.CSTNode | None, steps: int) -> bool:
        scopes = self._context.scopes
        if isinstance(node, cst.Attribute):
            stores = scopes.attributes.get(node.attr.value, ())
            return any(self.is_given(value, steps - 1) for _, value in stores)
        if isinstance(node, cst.Call):
            made = scopes.reaching(node.func) if isinstance(node.func, cst.Name) else ()
            return any(one.kind in ("def", "import") for one in made)
        bindings = scopes.reaching(node) if isinstance(node, cst.Name) else ()
        return any(self._gets_any(one, steps) for one in bindings)

    def _gets_any(self, binding: Binding, steps: int) -> bool:
        context = self._context
        if isinstance(binding.node, cst.Param):
            function = context.parent(context.parent(binding.node) or binding.node)
            return not (
                isinstance(function, cst.FunctionDef)
                and isinstance(context.function(context.parent(function) or function), cst.ClassDef)
                and function.params.params[:1] == (binding.node,)
            )
        value = binding.value if binding.whole else None
        return binding.kind == "for" or (value is not None and self.is_given(value, steps - 1))


def _replaced_globals(context: Context, names: cst.Attribute) -> Iterator[tuple[str, cst.CSTNode]]:
    """The names that a function may get other values of by its `__globals__`, or where its
    `__code__` is given others."""
    holder = context.parent(names)
    by_key = isinstance(holder, cst.Subscript) and holder.value is names
    if by_key or (isinstance(holder, cst.Attribute) and holder.attr.value in _READING):
        puts = (put for put in context.scopes.replaced if put.node is holder)
        if not (put := next(puts, None)):
            return
        if put.name:
            yield put.name, put.node
            return
    elif names.attr.value == "__code__" and not isinstance(holder, cst.Arg):
        return
    yield from _spelled(context).items()


def _gives_sdk(context: Context, call: cst.Call) -> bool:
    """Whether a call gives a module or class of the SDK to code that is neither the SDK's nor
    built in."""
    root = first_name(call.func)
    if root is None or not context.scopes.reaching(root) or context.values.trigger(call.func):
        return False
    paths = (context.values.path(arg.value) for arg in call.args)
    return any(path == SDK or path.rpartition(".")[2][:1].isupper() for path in paths if path)


def _is_computed(context: Context, put: Replaced) -> bool:
    """Whether what is replaced has no name in the text, nor is what has it a module of the project
    or the instance whose method does it."""
    holder = put.holder
    if put.name or holder is None or module_of(context, holder):
        return False
    if not _is_called(context, put.node, holder):
        return False
    function = context.function(put.node)
    block = context.parent(function) if isinstance(function, cst.FunctionDef) else None
    if block is None or not isinstance(context.parent(block), cst.ClassDef):
        return True
    assert isinstance(function, cst.FunctionDef)
    own = function.params.params[:1]
    return not (own and isinstance(holder, cst.Name) and holder.value == own[0].name.value)


def _is_called(context: Context, node: cst.CSTNode, holder: cst.BaseExpression) -> bool:
    """Whether code of the project may give the function of a node what it changes, as a parameter
    of a function of the module that nobody calls gets nothing."""
    function, first = context.function(node), first_name(holder)
    bindings = context.scopes.reaching(first) if first is not None else ()
    if (
        not isinstance(function, cst.FunctionDef)
        or function.decorators
        or context.parent(function) is not context.tree.module
        or is_test(context)
        or not all(isinstance(one.node, cst.Param) for one in bindings)
        or {id(one.scope.node) for one in bindings} != {id(function)}
    ):
        return True
    kind = other_use_key(function.name.value, awaits=False, target=False)
    data = context.tree.text.encode("utf-8", "surrogatepass")
    return bool(other_use(kind, data) or context.elsewhere(kind))


@remembered
def _spelled(context: Context) -> dict[str, cst.CSTNode]:
    """The names in strings of a text, and in keywords of calls of what is not the SDK's."""
    strings = context.tree.nodes(cst.SimpleString)
    found: dict[str, cst.CSTNode] = {
        name: node for node in strings if (name := literal(node)).isidentifier()
    }
    for arg in context.tree.nodes(cst.Arg):
        call = context.parent(arg)
        if arg.keyword is not None and isinstance(call, cst.Call):
            if not context.values.trigger(call.func):
                found[arg.keyword.value] = arg
    return found
