"""The places of one hub that is made → those of the two scopes that it stands for.

Owns what becomes of each use of a hub in what keeps it. Refuses to know where else the hub gets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.proof.call_graph import Moments
from sentry_migrate.proof.hub_identity import compared
from sentry_migrate.proof.taken_members import is_read_elsewhere
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.active_hubs import covering
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.blocks import Unmovable, wrap
from sentry_migrate.rewrite.hub_blocks import doubt_block, drop_name
from sentry_migrate.rewrite.hub_doubts import SPAN_OF_CLIENT, pushed_doubts
from sentry_migrate.rewrite.hub_entered import enter_by_hand, enter_on_stack
from sentry_migrate.rewrite.hub_holders import (
    Asked,
    NoForm,
    Place,
    annotate,
    asked_from,
    is_free,
    name_at,
    named,
    new_names,
    passed_on,
    require_import,
    self_of,
)
from sentry_migrate.rewrite.hub_members import (
    SENDS,
    SESSIONS,
    is_of_current,
    reach,
    run_inside,
    sending_doubts,
    unwrap_configured,
)
from sentry_migrate.rewrite.hub_pushes import (
    activate,
    block_of,
    pushing,
    require_clients_of_forks,
)
from sentry_migrate.rewrite.hub_receivers import hand_over
from sentry_migrate.rewrite.hub_stacks import take_top
from sentry_migrate.rewrite.hub_takers import Taken
from sentry_migrate.rewrite.own_captures import ASKED, NeedsActive, capture
from sentry_migrate.rewrite.scope_pairs import Scopes, activated
from sentry_migrate.rewrite.slots import is_closed, slot_of
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.uses import Use

Given: TypeAlias = "cst.BaseExpression | Asked | Taken"
_OUTSIDE = USED_ELSEWHERE.about("code outside this class may use the attribute")


class Kept:
    """What keeps a hub, and what keeps the scopes in its place."""

    def __init__(
        self,
        context: Context,
        fix: FixDraft,
        use: Use,
        target: Place,
        others: Sequence[Place],
        scopes: Scopes,
        drafts: Sequence[Draft],
        late: cst.CSTNode | None = None,
        asked: bool = False,
    ) -> None:
        """`late` is where a variable of the module gets None, if the hub is made later. If it is
        `asked` of a function, that gives the isolation scope alone. Raises NoForm."""
        if late and scopes.cloned:
            raise NoForm("it is made by the function that returns it")
        self._context = context
        self._late, self._asked = late, asked
        self._drafts = drafts
        self._fix = fix
        self._made = use
        self._scopes = scopes
        self._target = target
        names = new_names(context, target, others, scopes.names, late is not None)
        self._old, self._new, self._current = name_at(target).value, *names
        places = (target, *others)
        beside = scopes.current if asked else self._current
        free = not beside.isidentifier() or is_free(context, beside, others if asked else places)
        self._is_free = not scopes.current or free
        self.is_active = False
        """Whether the scopes are active anywhere, or go elsewhere."""
        self._is_made_to_return = False
        self._blocks: list[cst.With] = []
        self.waiting: list[tuple[Given, Scopes]] = []
        """Clones, parameters and results of functions that the hub becomes."""
        self.handed: set[int] = set()
        """The places, by id, where it is given to a parameter."""

    def at(self, place: Place) -> Scopes:
        """How to write the scopes in a place of the hub, which need both of them."""
        if not self._is_free:
            if is_closed(self._context, place):
                raise NoForm(f"`__slots__` may have no place for `{self._current}`")
            raise NoForm(f"`{self._current}` already has a different meaning")
        isolation, current = self._named(place), self._scopes.current
        if current:
            self.is_active = True
        if current and not self._asked:
            current = self._current if self._late else named(self._context, place, self._current)
        return dataclasses.replace(self._scopes, isolation=isolation, current=current)

    def _require_active(self) -> None:
        if self._scopes.inactive:
            raise NeedsActive

    def _named(self, place: Place) -> str:
        """How to write the scope in a place of the hub."""
        return named(self._context, place, self._new)

    def assign(self, call: cst.CSTNode, target: Place) -> None:
        """Keep the current scope beside the other one, if that is ever active."""
        context, fix = self._context, self._fix
        binding = context.scopes.bound_by(target)
        if binding is not None and binding.scope.kind == "class":
            fix.unsafe(_OUTSIDE)
        if isinstance(target, cst.Attribute):
            place = is_read_elsewhere(context, target.attr.value)
            if place:
                raise NoForm(f"`{context.code(target)}` is read in {place}")
            fix.unsafe(_OUTSIDE)
            self._list_attributes(target)
        statement = context.parent(call)
        if isinstance(statement, cst.AnnAssign):
            annotate(self._context, self._fix, self._made, statement.annotation)
        if not self.is_active or not self._scopes.current:
            return
        line = context.tree.enclosing(self._late or call, cst.SimpleStatementLine)
        if line is None or len(line.body) > 1:
            raise NoForm("it is assigned in a line with other statements")
        start, end = context.span(line)
        lines = context.tree.lines
        new = f"{self.at(target).current} = {self._scopes.current}"
        fix.edit(end, end, f"{lines.newline_at(end)}{lines.indent_at(start)}{new}")

    def _list_attributes(self, target: cst.Attribute) -> None:
        """List what keeps the scopes where the class lists what keeps the hub."""
        slot = slot_of(self._context, target)
        if slot is not None:
            names = [self._new, *([self._current] if self.is_active else [])]
            self._fix.replace(slot, ", ".join(f"{slot.quote}{one}{slot.quote}" for one in names))

    def receive(self, name: Place, given: cst.CSTNode) -> None:
        """Take both scopes by parameters, or variables."""
        scopes = self.at(name)
        annotation = given.annotation if isinstance(given, cst.Param) else None
        scope = (
            f": {annotate(self._context, self._fix, self._made, annotation)}" if annotation else ""
        )
        first = f"{scopes.current}{scope}, " if scopes.current else ""
        self._fix.replace(name, first + scopes.isolation)

    def rename(self, place: Place) -> None:
        """Have a place of the hub be one of the scope."""
        if self._new != self._old:
            self._fix.replace(name_at(place), self._new)

    def follow(self, places: Sequence[Place]) -> None:
        """Replace the hub's uses."""
        for place in places:
            if isinstance(item := self._context.parent(place), cst.WithItem):
                self._enter(place, item)
        places = [one for one in places if not self._include(one)]
        pushed = self._push(places)
        for place in places:
            if id(place) in pushed:
                continue
            parent = self._context.parent(place)
            if isinstance(parent, cst.WithItem):
                continue
            if isinstance(parent, cst.Arg | cst.Element | cst.DictElement):
                self._pass(place, parent)
            elif isinstance(parent, cst.Return):
                self.rename(place)
                self._return(place, places)
            elif isinstance(parent, cst.Assign | cst.AnnAssign) and parent.value is place:
                self.waiting.append((place, self.at(place)))
            elif isinstance(parent, cst.AnnAssign):
                self.rename(place)
                annotate(self._context, self._fix, self._made, parent.annotation)
            elif not isinstance(parent, cst.Attribute) or not (
                self._send(place, parent)
                or self._run(place, parent)
                or self._span(place, parent)
                or self._enter_by_hand(place, parent, places)
                or take_top(self._context, self._fix, parent, self._named(place), self._scopes)
                or unwrap_configured(self._context, self._fix, parent, self._named(place))
            ):
                self.rename(place)
                self._use(place)
        if self._is_made_to_return and self.is_active:
            raise NoForm(f"it is active in the function that returns `{self._old}`")
        for doubt in pushed_doubts(self._context, self._blocks, self._target, places):
            self._fix.unsafe(doubt)

    def _include(self, place: Place) -> bool:
        """Do what the fix of a member does in a block in which the hub is active. False for a
        member without one."""
        at = self._context.span(place)[0]
        bodies = (self._context.span(block.body) for block in self._blocks)
        if not any(start <= at < end for start, end in bodies):
            return False
        parts = covering(self._drafts, [place], self._context)
        for part in parts or ():
            self._fix.include(part)
        return parts is not None

    def _return(self, place: Place, places: Sequence[Place]) -> None:
        """Have a function return the scope."""
        context = self._context
        require_import(context, self._made)
        asked = asked_from(context, place, places)
        binding = context.scopes.bound_by(self._target)
        if binding and binding.scope.node is asked.function and binding.kind != "param":
            scopes, asked = self._scopes, dataclasses.replace(asked, anew=True)
            self._is_made_to_return = True
        else:
            scopes = self.at(place)
            kept = scopes.current or scopes.isolation
            in_module = binding is not None and binding.scope is context.scopes.module
            if isinstance(context.tree.enclosing(asked.function, cst.ClassDef), cst.ClassDef):
                reached = kept.startswith(f"{self_of(asked.function)}.")
            else:
                reached = kept.isidentifier() and (in_module or self._asked)
            if self._scopes.cloned or not reached:
                raise passed_on(context, place)
        known = [one.function for one, _ in self.waiting if isinstance(one, Asked)]
        if asked.function not in known:
            self.waiting.append((asked, scopes))

    def _push(self, places: Sequence[Place]) -> set[int]:
        """Replace the places in blocks of `with hub.push_scope():`, and give their ids."""
        context, done = self._context, set[int]()
        for place in places:
            call = pushing(context, place)
            if call is None:
                continue
            self._require_active()
            if self._scopes.empty:
                raise NoForm(f"`{context.code(call)}` has no counterpart on a scope")
            if not self._scopes.cloned:
                require_clients_of_forks(context)
            block = block_of(context, call)
            start, end = context.span(block.body)
            inside = [one for one in places if start <= context.span(one)[0] < end]
            if Moments.of(context, [one for one in places if one not in inside]).within(
                context, block
            ):
                raise NoForm(f"a function uses `{context.code(place)}` while a scope is pushed")
            activate(context, self._fix, self._made, call, self.at(place).forked(), inside)
            done |= {id(place), *map(id, inside)}
        return done

    def _enter(self, place: Place, item: cst.WithItem) -> None:
        """`with hub:`"""
        self._require_active()
        drop_name(self._context, self._fix, item, self._drafts)
        doubt_block(self._context, self._fix, item, self._scopes)
        text = activated(self._fix, self._made, place, self.at(place))
        self._fix.edit(*self._context.tree.outer(place), text)
        block = self._context.parent(item)
        assert isinstance(block, cst.With)
        self._blocks.append(block)

    def _pass(self, place: Place, holder: cst.CSTNode) -> None:
        """`Hub(hub)` or `f(hub)`."""
        context, call = self._context, self._context.parent(holder)
        if entering(context.tree, place) is not None:
            self._require_active()
            enter_on_stack(context, self._fix, self._made, place, self.at(place))
            return
        if not isinstance(call, cst.Call) or context.values.path(call.func) != "sentry_sdk.Hub":
            taken = hand_over(context, self._fix, place, self.at(place))
            self.waiting.append((taken, self._scopes))
            self.handed.add(id(place))
            return
        self._require_active()
        if len(call.args) > 1:
            raise NoForm(f"`{context.code(call)}` is given a scope as well")
        forked = self.at(place).forked()
        if not (self._scopes.cloned or self._scopes.empty):
            require_clients_of_forks(context)
        item = context.parent(call)
        if not isinstance(item, cst.WithItem):
            self.waiting.append((call, forked))
        else:
            drop_name(context, self._fix, item, self._drafts)
            doubt_block(context, self._fix, item, forked)
            self._fix.edit(
                *context.tree.outer(call), activated(self._fix, self._made, place, forked)
            )

    def _send(self, place: Place, member: cst.Attribute) -> bool:
        """Have a statement that sends something, or is about a session, run with the scopes active:
        their client is used of no others. False for another member."""
        context, fix = self._context, self._fix
        call = context.parent(member)
        name = member.attr.value
        if (
            name not in SENDS | SESSIONS
            or not isinstance(call, cst.Call)
            or call.func is not member
        ):
            return False
        if self._scopes.inactive and name in CAPTURES:
            capture(context, fix, self._made, call, self._named(place))
            return True
        line = context.tree.enclosing(call, cst.SimpleStatementLine)
        if line is None or context.function(line) is not context.function(call):
            raise NoForm(f"`{context.code(member)}()` is part of another statement")
        if keyword(call, "scope") is not None or any(arg.star for arg in call.args):
            raise NoForm(f"a scope may be given to `{context.code(member)}()`")
        holder = context.tree.enclosing(line, cst.With, cst.FunctionDef)
        if name in SENDS and holder in self._blocks:
            fix.replace(member, fix.api(name, call, self._made.root))  # the hub's scopes are active
            return True
        if self._scopes.own and name == "capture_exception":
            fix.unsafe(ASKED)
        for doubt in sending_doubts(context, line, call) if name in SENDS or call.args else ():
            fix.unsafe(doubt)
        header = activated(fix, self._made, call, self.at(place))
        try:
            fix.add(wrap(context.tree, line, f"with {header}:"))
        except Unmovable as error:
            raise NoForm(str(error)) from error
        if name in SESSIONS:
            self.rename(place)
        else:
            fix.replace(member, fix.api(name, call, self._made.root))
        return True

    def _run(self, place: Place, member: cst.Attribute) -> bool:
        """Call a function with the scopes active for `hub.run(f)`. False for another member."""
        context, call = self._context, self._context.parent(member)
        if member.attr.value != "run" or not isinstance(call, cst.Call):
            return False
        self._require_active()
        run_inside(context, self._fix, call, activated(self._fix, self._made, call, self.at(place)))
        if not self._scopes.cloned:
            self._fix.unsafe(SPAN_OF_CLIENT)
        if doubt := compared(context):
            self._fix.unsafe(doubt)
        return True

    def _enter_by_hand(self, place: Place, member: cst.Attribute, every: Sequence[Place]) -> bool:
        """Have an `ExitStack` enter both scopes. False for another member."""
        if member.attr.value not in ("__enter__", "__exit__"):
            return False
        self._require_active()
        scopes = self.at(place)
        return enter_by_hand(self._context, self._fix, self._made, member, every, scopes)

    def _span(self, place: Place, member: cst.Attribute) -> bool:
        """Have the current scope, which has the span, take what is for that. False for others."""
        used = self._context.parent(member)
        if member.attr.value != "scope" or not isinstance(used, cst.Attribute):
            return False
        if is_of_current(used.attr.value):
            self._require_active()
        scopes = self.at(place) if is_of_current(used.attr.value) else None
        if scopes is None or not scopes.current:
            return False
        self._fix.replace(member, scopes.current)
        return True

    def _use(self, place: Place) -> None:
        """Replace any other use of the hub, whose place is renamed."""
        context = self._context
        member = context.parent(place)
        if not isinstance(member, cst.Attribute) or member.value is not place:
            if (
                not isinstance(member, cst.AssignTarget | cst.NameItem)
                and test_around(context, place) is None
            ):
                raise passed_on(context, place)
            return
        reach(context, self._fix, member, self._scopes)
