"""How the scope that a manager yields is used.

Owns collecting the uses of the yielded scope, routing those of its span and transaction to the
current scope, and what in them cannot be proved. The rules of both managers share it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate.rules._arguments import keyword
from sentry_migrate.rules._bodies import is_capture_argument
from sentry_migrate.rules._clients import binding_of
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._harmless import ROUTED
from sentry_migrate.rules._index import owned
from sentry_migrate.rules._truth import test_around
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj
from sentry_migrate.text.edits import Edit

PASSED_ON = "the scope is passed on, to code that may read its span or transaction"
CLEARED = "after `clear()` 2.x begins a new trace, where 1.x sent none"
SENDS = "`scope.capture_*()` without a client sent nothing in 1.x, and sends in 2.x"
ADDS = "`scope.add_breadcrumb()` without a client added nothing in 1.x, and adds it in 2.x"
PRIVATE = "`scope._propagation_context` is a dictionary in 1.x and an object in 2.x"
UNCLEAR = "the variable may hold another scope where its span or transaction is used"
FORKED = "another scope is forked between taking this one and using its span or transaction"
LATER = "the span or transaction is used in another function, perhaps after another scope is active"


@dataclass(slots=True, eq=False)
class ScopeVariable:
    """How the yielded scope is used."""

    routed: list[Use] = field(default_factory=list)
    """Uses of members that live on the current scope in 2.x."""
    others: list[Use] = field(default_factory=list)
    passed: list[cst.Name] = field(default_factory=list)
    """Reads that are not the base of a member."""
    unclear: list[str] = field(default_factory=list)
    """Members used where the variable may hold another scope; empty where it is passed on."""

    @property
    def only_routed(self) -> bool:
        """Whether nothing but the current scope is needed."""
        return bool(self.routed) and not (self.others or self.passed or self.unclear)


@dataclass(slots=True, eq=False)
class _Reads:
    """The reads that the bindings of one name reach, by id of the binding."""

    of: dict[int, list[cst.Name]] = field(default_factory=dict)


def variable_of(context: Context, source: cst.CSTNode) -> ScopeVariable:
    """All uses of the scope that the manager `source` yields, or that `hub.scope` gives."""
    key = ("variable", id(source))
    known = context.memory.get(key)
    if isinstance(known, ScopeVariable):
        return known
    result = ScopeVariable()
    for use in owned(context, source):
        if use.owner is None or use.owner.type != "Scope":
            continue
        if use.trigger.startswith("Scope."):
            member = use.trigger.partition(".")[2]
            (result.routed if member in ROUTED else result.others).append(use)
        elif use.trigger == "=Scope" and isinstance(use.node, cst.Name):
            if not isinstance(context.parent(use.node), cst.Attribute) and not is_capture_argument(
                context, use.node
            ):
                result.passed.append(use.node)
    result.unclear.extend(_unclear(context, source))
    context.memory[key] = result
    return result


def _unclear(context: Context, source: cst.CSTNode) -> Iterator[str]:
    """The members used of the variable where it may hold another scope than `source` gives."""
    binding = _taken(context, source)
    for load in _reads(context, binding) if binding is not None else ():
        value = context.value(load)
        if isinstance(value, Obj) and value.node is source:
            continue
        if not is_capture_argument(context, load):
            yield member_of(context, load)


def member_of(context: Context, load: cst.Name) -> str:
    """The member that is used of the variable; empty where it is not the base of one."""
    parent = context.parent(load)
    return parent.attr.value if isinstance(parent, cst.Attribute) else ""


def _taken(context: Context, source: cst.CSTNode) -> Binding | None:
    """The variable that takes the scope, by `as` or by `=`."""
    holder = context.parent(source)
    if isinstance(holder, cst.WithItem):
        name = holder.asname.name if holder.asname is not None else None
        return context.scopes.bound_by(name) if isinstance(name, cst.Name) else None
    if not isinstance(source, cst.Call):
        return binding_of(context, source)
    entered = entered_at(context, source)
    return binding_of(context, entered) if entered is not None else None


def _reads(context: Context, binding: Binding) -> Sequence[cst.Name]:
    """The reads a binding reaches. All bindings of a name are asked for, one after the other."""
    key = ("reads", id(binding.scope), binding.name)
    reads = context.memory.get(key)
    if not isinstance(reads, _Reads):
        reads = context.memory[key] = _Reads()
        for load in context.scopes.reads_in(binding.scope, binding.name):
            for one in context.scopes.reaching(load):
                reads.of.setdefault(id(one), []).append(load)
    return reads.of.get(id(binding), ())


def route(context: Context, fix: FixDraft, uses: Sequence[Use]) -> None:
    """Send span and transaction access to the current scope. Raises NoName."""
    for use in uses:
        if isinstance(use.node, cst.Attribute):
            fix.unsafe(elsewhere(context, use))
            setter = transaction_setter(context, use)
            current = fix.api("get_current_scope", use) + "()"
            if setter is not None:
                fix.add(setter_edits(context, setter, current))
            else:
                fix.edit(*context.tree.outer(use.node.value), current)


def transaction_setter(context: Context, use: Use) -> cst.Assign | None:
    """The statement `scope.transaction = name`, if the use is its target."""
    target = context.parent(use.node)
    if use.trigger != "Scope.transaction" or not isinstance(target, cst.AssignTarget):
        return None
    assign = context.parent(target)
    if isinstance(assign, cst.Assign) and len(assign.targets) == 1:
        return assign
    return None


def setter_edits(context: Context, assign: cst.Assign, owner: str) -> list[Edit]:
    """`x.transaction = name` as `owner.set_transaction_name(name)`."""
    start = context.span(assign)[0]
    low, high = context.tree.outer(assign.value)
    return [Edit(start, low, f"{owner}.set_transaction_name("), Edit(high, high, ")")]


def elsewhere(context: Context, use: Use) -> str:
    """Why the scope that owns the member may not be the current one there; empty if it is."""
    source = use.owner.node if use.owner is not None else None
    if source is None:
        return ""
    taken = context.span(source)[0]
    function = context.function(use.node)
    if context.function(source) is not function and not isinstance(source, cst.Param):
        return LATER
    for holder in context.tree.ancestors(use.node):
        if holder is function:
            return ""
        if not isinstance(holder, cst.With):
            continue
        for item in holder.items:
            at, end = context.span(item)
            if at > taken and end <= use.start and _forks(context, item.item):
                return FORKED
    return ""


def _forks(context: Context, manager: cst.BaseExpression) -> bool:
    value = context.value(manager)
    if not isinstance(value, Obj):
        return False
    return value.type == "Hub" or (value.type == "Manager" and value.origin != "configure")


def reasons_of(variable: ScopeVariable) -> Iterator[str]:
    """What the uses of a yielded scope keep from being proved."""
    if variable.passed or "" in variable.unclear:
        yield PASSED_ON
    if ROUTED.intersection(variable.unclear):
        yield UNCLEAR
    members = [
        use.trigger.partition(".")[2]
        for use in variable.others
        if use.call is None or keyword(use.call, "client") is None
    ]
    yield from member_reasons([*members, *variable.unclear])


def member_reasons(members: Collection[str]) -> Iterator[str]:
    """What members of a scope do otherwise in 2.x, called in place or not."""
    if "clear" in members:
        yield CLEARED
    if any(member.startswith("capture_") for member in members):
        yield SENDS
    if "add_breadcrumb" in members:
        yield ADDS
    if "_propagation_context" in members:
        yield PRIVATE


def uncalled(context: Context, use: Use) -> Iterator[Draft]:
    """A reference that is not called: reported where it is more than an import or a patch."""
    parent = context.parent(use.node)
    if isinstance(parent, cst.Attribute):
        return
    remedy = "It is passed on without being called; replace it where it is called."
    if isinstance(use.node, cst.BaseExpression) and test_around(context, use.node) is not None:
        remedy = "It tells whether the SDK is there: test a name that stays, such as `sentry_sdk`."
    yield context.finding(use, remedy=remedy)


def entered_at(context: Context, call: cst.Call) -> cst.Call | None:
    """`stack.enter_context(call)` or `call.__enter__()`, as the call to replace."""
    parent = context.parent(call)
    if isinstance(parent, cst.Arg):
        outer = context.parent(parent)
        if (
            isinstance(outer, cst.Call)
            and isinstance(outer.func, cst.Attribute)
            and outer.func.attr.value == "enter_context"
        ):
            return outer
    if isinstance(parent, cst.Attribute) and parent.attr.value == "__enter__":
        outer = context.parent(parent)
        if isinstance(outer, cst.Call):
            return outer
    return None
