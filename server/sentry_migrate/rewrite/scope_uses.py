"""How the scope that a manager yields is used.

Owns collecting the uses of the yielded scope, routing those of its span and transaction to the
current scope, and the doubts that they give rise to. The rules of both managers share it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate import plan
from sentry_migrate.doubts import (
    CURRENT_SCOPE,
    LINKS_MORE,
    MERGED_SCOPES,
    PASSED_SCOPE,
    REST_MIGRATED,
    SENDS_MORE,
    UNSTABLE_NAME,
    Doubt,
)
from sentry_migrate.doubts import differs as shows
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import owned
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.entered_generators import is_dropped
from sentry_migrate.proof.given_scopes import only_sets
from sentry_migrate.proof.library import ROUTED
from sentry_migrate.proof.scope_blocks import is_capture_argument
from sentry_migrate.proof.truth_tests import is_tested, test_around
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.scope_setters import is_target
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.scope_members import differs
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj
from sentry_migrate.text.edits import Edit

CLEARED = LINKS_MORE.about("after `clear()`, 2.x starts a new trace, while 1.x sent none")
SENDS = SENDS_MORE.about(
    "`scope.capture_*()` without a client sent nothing in 1.x, but sends an event in 2.x"
)
ADDS = SENDS_MORE.about(
    "`scope.add_breadcrumb()` without a client did nothing in 1.x, but adds the breadcrumb in 2.x"
)
PRIVATE = UNSTABLE_NAME.about(
    "`scope._propagation_context` is a dictionary in 1.x and an object in 2.x"
)
UNCLEAR = CURRENT_SCOPE.about(
    "the variable may hold a different scope where its span or transaction is used"
)
LATER = CURRENT_SCOPE.about(
    "the span or transaction is used in another function, where a different scope may be active"
)


_TOLD = ("_propagation_context", "add_breadcrumb", "capture_event", "clear")
"""Members that have a reason of their own."""


@dataclass(slots=True, eq=False)
class ScopeVariable:
    """How the yielded scope is used."""

    routed: list[Use] = field(default_factory=list)
    """Uses of members that live on the current scope in 2.x."""
    others: list[Use] = field(default_factory=list)
    passed: list[cst.Name] = field(default_factory=list)
    """Reads that are not the base of a member, nor tests: a scope is always true."""
    unclear: list[str] = field(default_factory=list)
    """Members used where the variable may hold another scope; empty where it is passed on."""

    @property
    def only_routed(self) -> bool:
        """Whether nothing but the current scope is needed."""
        return bool(self.routed) and not (self.others or self.passed or self.unclear)


@remembered
def variable_of(context: Context, source: cst.CSTNode) -> ScopeVariable:
    """All uses of the scope that the manager `source` yields, or that `hub.scope` gives."""
    result = ScopeVariable()
    for use in owned(context, source):
        if use.owner is None or use.owner.type != "Scope":
            continue
        if use.trigger.startswith("Scope."):
            member = use.trigger.partition(".")[2]
            (result.routed if member in ROUTED else result.others).append(use)
        elif use.trigger == "=Scope" and isinstance(use.node, cst.Name):
            if not isinstance(context.parent(use.node), cst.Attribute) and not (
                is_capture_argument(context, use.node) or is_tested(context, use.node)
            ):
                result.passed.append(use.node)
    result.unclear.extend(_unclear(context, source))
    return result


def _unclear(context: Context, source: cst.CSTNode) -> Iterator[str]:
    """The members used of the variable where it may hold another scope than `source` gives."""
    binding = _taken(context, source)
    if binding is None:
        return
    for load in context.scopes.reads_of(binding):
        value = context.value(load)
        if isinstance(value, Obj) and value.node is source:
            continue
        if not is_capture_argument(context, load):
            yield member_of(context, load)
    # Several bindings reach these, so none of them is known to hold the scope.
    yield from _members(context, context.scopes.unclear_reads(binding))


@remembered
def _members(context: Context, reads: Sequence[cst.Name]) -> frozenset[str]:
    """The members used where the scope is not just given to a capture."""
    found = (one for one in reads if not is_capture_argument(context, one))
    return frozenset(member_of(context, one) for one in found)


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
        return context.scopes.assigned_from(source)
    entered = entering(context.tree, source)
    return context.scopes.assigned_from(entered) if entered is not None else None


def route(context: Context, fix: FixDraft, uses: Sequence[Use], once: bool = False) -> None:
    """Send span and transaction access to the current scope, which is looked up `once` if that is
    as good. Raises NoName."""
    found = [use for use in uses if isinstance(use.node, cst.Attribute)]
    name = _looked_up(context, fix, found) if once else ""
    for use in found:
        fix.unsafe(elsewhere(context, use))
        setter = transaction_setter(context, use)
        current = name or fix.api("get_current_scope", use) + "()"
        if setter is not None:
            fix.add(setter_edits(context, setter, current))
        elif isinstance(use.node, cst.Attribute):
            fix.edit(*context.tree.outer(use.node.value), current)


_CURRENT = "current_scope"


def _looked_up(context: Context, fix: FixDraft, uses: Sequence[Use]) -> str:
    """A variable with the current scope, above the first statement of a function that needs it;
    empty where one lookup is not as good as one for each use."""
    function = context.function(uses[0].node) if len(uses) > 1 else None
    if (
        not isinstance(function, cst.FunctionDef)
        or any(elsewhere(context, use) is not None for use in uses)
        or context.scopes.lookup(_CURRENT, context.scopes.scope_of(uses[0].node)) is not None
        or id(function) in _forking(context)
    ):
        return ""
    first = _common_statement(context, function, [use.node for use in uses])
    source = uses[0].owner.node if uses[0].owner is not None else None
    if first is None or source is None or context.span(first)[0] < context.span(source)[1]:
        return ""
    start = context.span(first)[0]
    lines = context.tree.lines
    found = f"{_CURRENT} = {fix.api('get_current_scope', uses[0])}()"
    fix.edit(start, start, f"{found}{lines.newline_at(start)}{lines.indent_at(start)}")
    return _CURRENT


@remembered
def _forking(context: Context) -> frozenset[int]:
    """The functions, by id(), that have a block in which another scope is active."""
    return frozenset(
        id(context.function(block))
        for block in context.tree.nodes(cst.With)
        if any(forks(context, one.item) for one in block.items)
    )


def _common_statement(
    context: Context, function: cst.FunctionDef, nodes: Sequence[cst.CSTNode]
) -> cst.CSTNode | None:
    """The statement with the first of the nodes, in the innermost block that has them all."""
    chains = [dict(_statements(context, function, node)) for node in nodes]
    return next(
        (found for block, found in chains[0].items() if all(block in chain for chain in chains)),
        None,
    )


def _statements(
    context: Context, function: cst.FunctionDef, node: cst.CSTNode
) -> Iterator[tuple[cst.IndentedBlock, cst.CSTNode]]:
    """The blocks of a function that hold a node, from the innermost on, and the statement in
    each."""
    below, holder = node, context.parent(node)
    while holder is not None and below is not function:
        if isinstance(holder, cst.IndentedBlock):
            yield holder, below
        below, holder = holder, context.parent(holder)


def overriding(context: Context, routed: Iterable[Use]) -> Iterator[Doubt]:
    """Why `routed`, sent to the current scope, may override a name that the run leaves on another
    scope."""
    line_of = context.tree.lines.line_of
    named = [use for use in routed if sets_name(context, use)]
    if named:
        place = context.elsewhere(plan.NAMES)
        if place and place not in {f"line {line_of(use.start) + 1}" for use in named}:
            yield REST_MIGRATED.about(
                f"{place} names the transaction by the 1.x API, and this name would override that"
            )
        if cleared := context.elsewhere(plan.CLEARS):
            yield shows(
                f"{cleared} clears the scope, and with it this name in 1.x; in 2.x the name is on"
                " the current scope, and stays"
            )
        passed = context.elsewhere(plan.PASSED_SCOPE)
        if passed:
            yield PASSED_SCOPE.about(
                f"a 1.x scope is passed on in {passed}, and this name would override its own"
            )


def sets_name(context: Context, use: Use) -> bool:
    """Whether the use names the transaction."""
    return use.trigger == "Scope.set_transaction_name" or (
        use.trigger == "Scope.transaction" and is_target(context, use)
    )


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


def elsewhere(context: Context, use: Use) -> Doubt | None:
    """Why the scope that owns the member may not be the current one there; None if it is."""
    source = use.owner.node if use.owner is not None else None
    if source is None:
        return None
    taken = context.span(source)[0]
    function = context.function(use.node)
    if context.function(source) is not function and not isinstance(source, cst.Param):
        return LATER
    for holder in context.tree.holders(use.node, cst.With, type(function)):
        if holder is function:
            return None
        if not isinstance(holder, cst.With):
            continue
        for item in holder.items:
            at, end = context.span(item)
            if at > taken and end <= use.start and forks(context, item.item):
                return CURRENT_SCOPE
    return None


def forks(context: Context, manager: cst.BaseExpression) -> bool:
    """Whether another scope is active in the block of a manager."""
    value = context.value(manager)
    if not isinstance(value, Obj):
        return False
    return value.type == "Hub" or (value.type == "Manager" and value.origin != "configure")


def is_read_elsewhere(context: Context, variable: ScopeVariable) -> bool:
    """Whether other code may get the scope that does more than set data on it."""
    return not all(
        only_sets(context, read) or is_dropped(context, read) for read in variable.passed
    )


def doubts_of(context: Context, variable: ScopeVariable) -> Iterator[Doubt]:
    """What keeps a fix from being proved, given how the yielded scope is used."""
    if "" in variable.unclear or is_read_elsewhere(context, variable):
        yield PASSED_SCOPE
    if ROUTED.intersection(variable.unclear):
        yield UNCLEAR
    for member in sorted({use.trigger.partition(".")[2] for use in variable.routed}):
        yield from member_doubts([member])
    members = [
        use.trigger.partition(".")[2]
        for use in variable.others
        if use.call is None or keyword(use.call, "client") is None
    ]
    yield from member_doubts([*members, *variable.unclear])


def member_doubts(members: Collection[str]) -> Iterator[Doubt]:
    """What members of a scope do differently in 2.x, called in place or not."""
    if "clear" in members:
        yield CLEARED
    if not CAPTURES.keys().isdisjoint(members):
        yield SENDS
    if "add_breadcrumb" in members:
        yield ADDS
    if "_propagation_context" in members:
        yield PRIVATE
    for member in members:
        if member and differs(member) and member not in _TOLD:
            yield MERGED_SCOPES.about(f"`scope.{member}` works differently on one scope of 2.x")


def uncalled(context: Context, use: Use) -> Iterator[Draft]:
    """A reference that is not called: reported where it is more than an import or a patch."""
    parent = context.parent(use.node)
    if isinstance(parent, cst.Attribute):
        return
    remedy = "Replace it where it is called; here it is passed on without being called."
    if isinstance(use.node, cst.BaseExpression) and test_around(context, use.node) is not None:
        remedy = "Test for a name that 2.x keeps, such as `sentry_sdk`."
    yield context.finding(use, remedy=remedy)
