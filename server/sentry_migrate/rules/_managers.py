"""Rewriting `configure_scope()` and `push_scope()`, however they are reached.

Owns which 2.x scope takes the place of the yielded one, the routing of span and transaction access
to the current scope, and the forms a context manager can stand in. The rules for the functions and
for the methods of a hub share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from sentry_migrate.rules._bodies import ROUTED, contains, is_capture_argument, obstacle
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._places import place_of
from sentry_migrate.syntax.blocks import Unmovable, item_removal, unwrap
from sentry_migrate.syntax.imports import NoName
from sentry_migrate.syntax.scopes import Binding, walk
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.values import Obj
from sentry_migrate.text.edits import Edit

Scope = Literal["get_isolation_scope", "get_current_scope", "get_global_scope"]
Fork = Literal["new_scope", "isolation_scope"]

PASSED_ON = "the scope is passed on, to code that may read its span or transaction"
CLEARED = "after `clear()` 2.x begins a new trace, where 1.x sent none"
LAST_EVENT = "`last_event_id()` inside the block is not visible after it"


@dataclass(slots=True, eq=False)
class ScopeVariable:
    """How the yielded scope is used."""

    routed: list[Use] = field(default_factory=list)
    """Uses of members that live on the current scope in 2.x."""
    others: list[Use] = field(default_factory=list)
    passed: list[cst.Name] = field(default_factory=list)
    """Reads that are not the base of a member."""

    @property
    def only_routed(self) -> bool:
        """Whether nothing but the current scope is needed."""
        return bool(self.routed) and not self.others and not self.passed


def variable_of(context: Context, call: cst.Call) -> ScopeVariable:
    """All uses of the scope that the manager `call` yields."""
    key = ("variable", id(call))
    known = context.memory.get(key)
    if isinstance(known, ScopeVariable):
        return known
    result = ScopeVariable()
    for use in context.uses:
        owner = use.owner
        if owner is None or owner.node is not call or owner.type != "Scope":
            continue
        if use.trigger.startswith("Scope."):
            member = use.trigger.partition(".")[2]
            (result.routed if member in ROUTED else result.others).append(use)
        elif use.trigger == "=Scope" and isinstance(use.node, cst.Name):
            if not isinstance(context.parent(use.node), cst.Attribute) and not is_capture_argument(
                context, use.node
            ):
                result.passed.append(use.node)
    context.memory[key] = result
    return result


def route(context: Context, fix: FixDraft, uses: Sequence[Use]) -> None:
    """Send span and transaction access to the current scope. Raises NoName."""
    for use in uses:
        if isinstance(use.node, cst.Attribute):
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


# -- configure_scope -----------------------------------------------------------------------------


def configure(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for a call of `configure_scope`."""
    call = use.call
    if call is None:
        yield from uncalled(context, use)
        return
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        assert isinstance(block, cst.With)
        yield _configure_with(context, use, call, holder, block)
        return
    replaced = entered_at(context, call)
    if replaced is None:
        yield context.finding(
            use, remedy="Use `get_isolation_scope()`, which returns the scope without a `with`."
        )
        return
    fix = configure_fix(context, use, call)
    if fix is not None:
        try:
            fix.replace(replaced, _target(context, fix, use, call) + "()")
        except NoName as error:
            yield context.finding(use, remedy=str(error))
            return
    yield context.finding(use, fix)


def uncalled(context: Context, use: Use) -> Iterator[Draft]:
    """A reference that is not called: reported where it is more than an import or a patch."""
    parent = context.parent(use.node)
    if isinstance(parent, cst.Attribute):
        return
    yield context.finding(
        use,
        remedy="It is passed on without being called; replace it where it is called.",
    )


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


def _target(context: Context, fix: FixDraft, use: Use, call: cst.Call) -> str:
    only = variable_of(context, call).only_routed
    return fix.api("get_current_scope" if only else "get_isolation_scope", use)


def configure_fix(context: Context, use: Use, call: cst.Call) -> FixDraft | None:
    """Routing and reasons of a `configure_scope()` fix; the caller adds the form's own edits."""
    variable = variable_of(context, call)
    name = "get_current_scope" if variable.only_routed else "get_isolation_scope"
    fix = context.fix(f"Replace with `{name}()`")
    if not variable.only_routed:
        try:
            route(context, fix, variable.routed)
        except NoName:
            return None
        fix.unsafe(place_of(context, call).reason)
    if variable.passed:
        fix.unsafe(PASSED_ON)
    if any(one.trigger == "Scope.clear" for one in variable.others):
        fix.unsafe(CLEARED)
    return fix


def _configure_with(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> Draft:
    if block.asynchronous is not None:
        return context.finding(use, remedy="`async with` never worked on it; use `with`.")
    fix = configure_fix(context, use, call)
    if fix is None:
        return context.finding(use, remedy="`sentry_sdk` means something else here.")
    try:
        _place_scope(context, fix, _target(context, fix, use, call), item, block)
    except (NoName, Unmovable) as error:
        return context.finding(use, remedy=f"Take the `with` apart by hand: {error}.")
    return context.finding(use, fix, _configure_alternatives(context, use, call, item, block))


def _configure_alternatives(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> list[FixDraft]:
    variable = variable_of(context, call)
    choices: list[tuple[Scope, str, str]] = []
    if place_of(context, call).start_up and variable.others:
        choices.append(
            (
                "get_global_scope",
                "Replace with `get_global_scope()`: for every thread and request of the process",
                "any other scope overrides the global one, and nothing isolates it",
            )
        )
    if not variable.only_routed:
        choices.append(
            (
                "get_current_scope",
                "Replace with `get_current_scope()`: for this span or block only",
                "later `sentry_sdk.set_*()` calls no longer override what is set here",
            )
        )
    result = []
    for name, message, reason in choices:
        fix = context.fix(message).unsafe(reason)
        try:
            if name == "get_global_scope":
                route(context, fix, variable.routed)
            _place_scope(context, fix, fix.api(name, use), item, block)
        except (NoName, Unmovable):
            continue
        result.append(fix)
    return result


def _place_scope(
    context: Context, fix: FixDraft, target: str, item: cst.WithItem, block: cst.With
) -> None:
    """Put `name = target()` where the item's manager was entered. Raises Unmovable."""
    tree = context.tree
    name = tree.code(item.asname.name) if item.asname is not None else None
    if name is not None and item.asname is not None:
        low, high = tree.outer(item.asname.name)
        name = tree.text[low:high]
    line = f"{name} = {target}()" if name is not None else None
    if len(block.items) == 1:
        fix.add(unwrap(tree, block, line))
        return
    fix.add([item_removal(tree, block, item)])
    if line is None:
        return
    index = list(block.items).index(item)
    newline = _newline(context, block)
    if index == 0:
        start = tree.span(block)[0]
        indent = tree.text[tree.lines.start(tree.lines.line_of(start)) : start]
        fix.edit(start, start, line + newline + indent)
        return
    if not isinstance(block.body, cst.IndentedBlock):
        raise Unmovable("the body stands on the header's line")
    first = tree.span(block.body.body[0])[0]
    inner = tree.text[tree.lines.start(tree.lines.line_of(first)) : first]
    fix.edit(first, first, line + newline + inner)
    if index + 1 < len(block.items):
        fix.unsafe("the scope is now taken after the other managers are entered")


def _newline(context: Context, node: cst.CSTNode) -> str:
    lines = context.tree.lines
    line = lines.line_of(context.span(node)[0])
    return context.tree.text[lines.end(line) : lines.next_start(line)] or "\n"


def manager_fix(context: Context, call: cst.Call) -> FixDraft | None:
    """The fix of the `configure_scope()` finding at `call`."""
    key = ("fix", id(call))
    if key not in context.memory:
        use = next((one for one in context.uses if one.call is call), None)
        drafts = list(configure(context, use)) if use is not None else []
        context.memory[key] = drafts[0].fix if drafts else None
    fix = context.memory[key]
    return fix if isinstance(fix, FixDraft) else None


# -- push_scope ----------------------------------------------------------------------------------


def push(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `push_scope()` as a context manager."""
    call = use.call
    if call is None:
        yield from uncalled(context, use)
        return
    body = pushed_body(context, call)
    holder = context.parent(call)
    if isinstance(holder, cst.Expr):
        return  # a bare call is push-scope-without-with's
    entered = isinstance(holder, cst.WithItem) or entered_at(context, call) is not None
    best = push_fork(context, use, call)
    other: Fork = "isolation_scope" if best == "new_scope" else "new_scope"
    main = push_fix(context, use, call, best)
    if main is not None and not entered:
        main.unsafe("1.x pushes when called, 2.x when entered")
    alternative = push_fix(context, use, call, other)
    if alternative is not None:
        alternative.message += (
            ": also undoes what the block does to the isolation scope"
            if other == "isolation_scope"
            else ": only for data set on the yielded scope"
        )
        why = obstacle(context, body, call) if body else "the block is not in view"
        alternative.unsafe(why if other == "new_scope" else "not needed for this block")
    remedy = "" if main is not None else "`sentry_sdk` means something else here."
    yield context.finding(use, main, [alternative] if alternative else [], remedy)


def pushed_body(context: Context, call: cst.Call) -> Sequence[cst.CSTNode]:
    """What runs with the pushed scope, when it is in view: later `with` items and the body."""
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        if isinstance(block, cst.With):
            index = list(block.items).index(holder)
            return [*block.items[index + 1 :], block.body]
    return ()


def push_fork(context: Context, use: Use, call: cst.Call) -> Fork:
    """The context manager that keeps what the block does."""
    body = pushed_body(context, call)
    simple = bool(body) and not obstacle(context, body, call)
    return "new_scope" if simple else "isolation_scope"


def push_fix(context: Context, use: Use, call: cst.Call, fork: Fork) -> FixDraft | None:
    """Replace the function's name; route the yielded scope if it becomes an isolation scope."""
    fix = context.fix(f"Replace with `{fork}()`")
    try:
        low, high = context.span(call)
        fix.edit(low, high, fix.api(fork, use) + "()")
        if fork == "isolation_scope":
            variable = variable_of(context, call)
            route(context, fix, variable.routed)
            if variable.passed:
                fix.unsafe(PASSED_ON)
            if any(one.trigger == "Scope.clear" for one in variable.others):
                fix.unsafe(CLEARED)
            for reason in isolation_reasons(context, call):
                fix.unsafe(reason)
    except NoName:
        return None
    return fix


def isolation_reasons(context: Context, call: cst.Call) -> Iterator[str]:
    """What keeps `isolation_scope()` from being proved for a pushed scope."""
    body = pushed_body(context, call)
    after = context.span(call)[1]
    if body:
        after = context.span(body[-1])[1]
        if any(contains(part, cst.Yield) for part in body):
            yield "the block yields, and 2.x must leave it in the context it was entered in"
        if any(contains(part, cst.Await) for part in body):
            yield "the block awaits; tasks that share a 1.x hub see each other's scopes, in 2.x not"
    else:
        yield "the code that runs with the scope is not in view"
    for use in context.uses:
        if use.trigger.endswith("last_event_id") and use.start > after and use.call is not None:
            yield LAST_EVENT
            return


def callback_parameter(context: Context, node: cst.BaseExpression) -> Binding | None:
    """The binding of the scope in a callback that is in view."""
    for one in walk(node):
        if isinstance(one, cst.Param):
            scope = context.scopes.scopes.get(id(node))
            if scope is not None:
                return scope.bindings[one.name.value][0]
    return None


def owner_of(context: Context, node: cst.BaseExpression) -> Obj | None:
    """The scope instance an expression means."""
    return context.values.instance(node, "Scope")
