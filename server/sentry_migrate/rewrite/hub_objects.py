"""Hubs that are made → the two scopes that each stands for, in every place that keeps them.

Owns following a hub through what keeps it. Refuses to know which hubs get this.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT, USED_ELSEWHERE
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.proof.call_graph import Moments
from sentry_migrate.proof.hub_activation import is_client
from sentry_migrate.proof.taken_members import is_read_elsewhere
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.blocks import Unmovable, wrap
from sentry_migrate.rewrite.hub_blocks import doubt_block, drop_name, enter
from sentry_migrate.rewrite.hub_doubts import pushed_doubts
from sentry_migrate.rewrite.hub_holders import NoForm, Place, holder, is_free, is_spelled, passed_on
from sentry_migrate.rewrite.hub_members import (
    SENDS,
    SESSIONS,
    is_kept,
    is_of_current,
    sending_doubts,
    unwrap_configured,
)
from sentry_migrate.rewrite.hub_pushes import (
    activate,
    block_of,
    pushing,
    require_clients_of_forks,
)
from sentry_migrate.rewrite.hub_receivers import Receiver, received
from sentry_migrate.rewrite.hub_stacks import take_top
from sentry_migrate.rewrite.scope_pairs import Scopes, activated
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import OverlapError, ordered

NO_CLIENT = ONE_CLIENT.about(
    "if there is no client, 1.x sends nothing, but 2.x sends with the client of the process"
)
_OUTSIDE = USED_ELSEWHERE.about("code outside this class may use the attribute")


def replace(
    context: Context,
    fix: FixDraft,
    use: Use,
    call: cst.BaseExpression,
    scopes: Scopes,
    drafts: Sequence[Draft] = (),
) -> None:
    """Replace the hub that `call` gives, and all its uses. Raises NoName, and NoForm where a use
    has no form."""
    item = context.parent(call)
    if isinstance(item, cst.WithItem):
        enter(context, fix, use, item, scopes, drafts)
    else:
        _keep(context, fix, use, call, scopes, drafts)
    try:
        ordered(dict.fromkeys(fix.edits))
    except OverlapError:
        raise NoForm("two uses of the hub are part of the same code") from None


def _keep(
    context: Context,
    fix: FixDraft,
    use: Use,
    call: cst.BaseExpression,
    scopes: Scopes,
    drafts: Sequence[Draft],
) -> None:
    """Replace a hub that is kept, what keeps it, its clones, and all their uses.

    The current scope is kept too: it has the span, or the trace that all events of a hub share.
    """
    waiting: list[tuple[cst.BaseExpression | cst.Param, Scopes]] = [(call, scopes)]
    while waiting:
        given, scopes = waiting.pop()
        target: Place
        others: Sequence[Place]
        binding = context.scopes.bound_by(given)
        if isinstance(given, cst.Param | cst.Name) and binding is not None:
            bound = binding.scope.bindings[binding.name]
            if any(one is not binding and one.kind != "with" for one in bound):
                raise NoForm(f"`{binding.name}` is assigned more than once")
            target = given.name if isinstance(given, cst.Param) else given
            others = context.scopes.possible_reads(binding)
            kept = _Kept(context, fix, use, target, others, scopes, drafts)
            kept.receive(target, given)
        elif isinstance(context.parent(given), cst.Arg | cst.Element):
            assert isinstance(given, cst.BaseExpression)
            waiting.append((_hand_over(context, fix, given, scopes), scopes))
            continue
        else:
            assert isinstance(given, cst.BaseExpression)
            target, others = holder(context, given)
            if scopes.shared and not others:
                raise NoForm("nothing uses it here")
            kept = _Kept(context, fix, use, target, others, scopes, drafts)
            fix.edit(*context.span(given), scopes.isolation)
            kept.rename(target)
        kept.follow(others)
        waiting += kept.waiting
        if binding is None:
            kept.assign(given, target)


def _hand_over(
    context: Context, fix: FixDraft, given: cst.BaseExpression, scopes: Scopes
) -> Receiver:
    """Give both scopes where a hub is given, and tell to what."""
    receiver, doubts = received(context, given, scopes.shared)
    for doubt in doubts:
        fix.unsafe(doubt)
    fix.replace(given, ", ".join(filter(None, (scopes.current, scopes.isolation))))
    return receiver


class _Kept:
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
    ) -> None:
        self._context = context
        self._drafts = drafts
        self._fix = fix
        self._made = use
        self._scopes = scopes
        self._target = target
        self._old = target.attr.value if isinstance(target, cst.Attribute) else target.value
        names = [re.sub("hub", _in_case(new), self._old, flags=re.I) for new in scopes.names]
        if names[0] == self._old:
            names[1] = f"{self._old}_current_scope"
        places = (target, *others)
        stays = is_spelled(context, target) or not is_free(context, names[0], places)
        self._new = self._old if stays else names[0]
        self._current = names[1]
        self._is_free = not scopes.current or is_free(context, names[1], places)
        self.is_active = False
        """Whether the scopes are active anywhere, or go elsewhere."""
        self._blocks: list[cst.With] = []
        self.waiting: list[tuple[cst.BaseExpression | cst.Param, Scopes]] = []
        """Clones and parameters that the hub becomes."""

    def _at(self, place: Place) -> Scopes:
        """How to write the scopes in a place of the hub, which need both of them."""
        if not self._is_free:
            raise NoForm(f"`{self._current}` already has a different meaning")
        self.is_active = True
        head = self._context.code(place)[: -len(self._old)]
        current = f"{head}{self._current}" if self._scopes.current else ""
        return dataclasses.replace(self._scopes, isolation=head + self._new, current=current)

    def assign(self, call: cst.CSTNode, target: Place) -> None:
        """Keep the current scope beside the other one, if that is ever active."""
        context, fix = self._context, self._fix
        if isinstance(target, cst.Attribute):
            place = is_read_elsewhere(context, target.attr.value)
            if place:
                raise NoForm(f"`{context.code(target)}` is read in {place}")
            fix.unsafe(_OUTSIDE)
        statement = context.parent(call)
        if isinstance(statement, cst.AnnAssign):
            self._annotate(statement.annotation)
        if not self.is_active or not self._scopes.current:
            return
        line = context.tree.enclosing(call, cst.SimpleStatementLine)
        if line is None or len(line.body) > 1:
            raise NoForm("it is assigned in a line with other statements")
        start, end = context.span(line)
        lines = context.tree.lines
        new = f"{self._at(target).current} = {self._scopes.current}"
        fix.edit(end, end, f"{lines.newline_at(end)}{lines.indent_at(start)}{new}")

    def _annotate(self, annotation: cst.Annotation) -> str:
        """Have an annotation name the class of scopes, and give its text."""
        context, fix = self._context, self._fix
        hubs = [
            part
            for part in walk(annotation.annotation)
            if context.values.path(part) == "sentry_sdk.Hub"
        ]
        text = context.code(annotation.annotation)
        if len(hubs) != 1 or context.values.annotated(annotation.annotation) != "Hub":
            raise NoForm(f"`{text}` is more than a hub")
        scope = fix.api("Scope", hubs[0], self._made.root)
        fix.replace(hubs[0], scope)
        return text.replace(context.code(hubs[0]), scope)

    def receive(self, name: Place, given: cst.CSTNode) -> None:
        """Take both scopes by parameters, or variables."""
        scopes = self._at(name)
        annotation = given.annotation if isinstance(given, cst.Param) else None
        scope = f": {self._annotate(annotation)}" if annotation else ""
        first = f"{scopes.current}{scope}, " if scopes.current else ""
        self._fix.replace(name, first + scopes.isolation)

    def rename(self, place: Place) -> None:
        """Have a place of the hub be one of the scope."""
        if self._new != self._old:
            name = place.attr if isinstance(place, cst.Attribute) else place
            self._fix.replace(name, self._new)

    def follow(self, places: Sequence[Place]) -> None:
        """Replace the hub's uses."""
        pushed = self._push(places)
        for place in places:
            if id(place) in pushed:
                continue
            parent = self._context.parent(place)
            if isinstance(parent, cst.WithItem):
                self._enter(place, parent)
            elif isinstance(parent, cst.Arg | cst.Element):
                self._pass(place, parent)
            elif isinstance(parent, cst.AnnAssign):
                self.rename(place)
                self._annotate(parent.annotation)
            elif not isinstance(parent, cst.Attribute) or not (
                self._send(place, parent)
                or self._span(place, parent)
                or self._take(place, parent)
                or self._configure(place, parent)
            ):
                self.rename(place)
                self._use(place)
        for doubt in pushed_doubts(self._context, self._blocks, self._target, places):
            self._fix.unsafe(doubt)

    def _push(self, places: Sequence[Place]) -> set[int]:
        """Replace the places in blocks of `with hub.push_scope():`, and give their ids."""
        context, done = self._context, set[int]()
        for place in places:
            call = pushing(context, place)
            if call is None:
                continue
            if self._scopes.cloned or self._scopes.empty:
                raise NoForm(f"`{context.code(call)}` has no counterpart on a scope")
            block = block_of(context, call)
            start, end = context.span(block.body)
            inside = [one for one in places if start <= context.span(one)[0] < end]
            if Moments.of(context, [one for one in places if one not in inside]).within(
                context, block
            ):
                raise NoForm(f"a function uses `{context.code(place)}` while a scope is pushed")
            activate(context, self._fix, self._made, call, self._at(place).forked(), inside)
            done |= {id(place), *map(id, inside)}
        return done

    def _enter(self, place: Place, item: cst.WithItem) -> None:
        """`with hub:`"""
        if item.asname is not None:
            raise NoForm(f"`{self._context.code(item)}` gives the hub another name")
        doubt_block(self._context, self._fix, item, self._scopes)
        text = activated(self._fix, self._made, place, self._at(place))
        self._fix.edit(*self._context.tree.outer(place), text)
        block = self._context.parent(item)
        assert isinstance(block, cst.With)
        self._blocks.append(block)

    def _pass(self, place: Place, holder: cst.Arg | cst.Element) -> None:
        """`Hub(hub)` or `f(hub)`."""
        context = self._context
        call = context.parent(holder)
        hub = context.values.instance(call, "Hub") if isinstance(call, cst.Call) else None
        if not isinstance(call, cst.Call) or hub is None:
            receiver = _hand_over(context, self._fix, place, self._at(place))
            self.waiting.append((receiver, self._scopes))
            return
        if len(call.args) > 1:
            raise NoForm(f"`{context.code(call)}` is given a scope as well")
        forked = self._at(place).forked()
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
        line = context.tree.enclosing(call, cst.SimpleStatementLine)
        if line is None or context.function(line) is not context.function(call):
            raise NoForm(f"`{context.code(member)}()` is part of another statement")
        if keyword(call, "scope") is not None or any(arg.star for arg in call.args):
            raise NoForm(f"a scope may be given to `{context.code(member)}()`")
        holder = context.tree.enclosing(line, cst.With, cst.FunctionDef)
        if name in SENDS and holder in self._blocks:
            fix.replace(member, fix.api(name, call, self._made.root))  # the hub's scopes are active
            return True
        for doubt in sending_doubts(context, line, call) if name in SENDS or call.args else ():
            fix.unsafe(doubt)
        header = activated(fix, self._made, call, self._at(place))
        try:
            fix.add(wrap(context.tree, line, f"with {header}:"))
        except Unmovable as error:
            raise NoForm(str(error)) from error
        if name in SESSIONS:
            self.rename(place)
        else:
            fix.replace(member, fix.api(name, call, self._made.root))
        return True

    def _take(self, place: Place, member: cst.Attribute) -> bool:
        """Take the client or the scope themselves for `hub._stack[-1]`. False for others."""
        own = not (self._scopes.cloned or self._scopes.empty)
        scope = self._context.code(place)[: -len(self._old)] + self._new
        return take_top(self._context, self._fix, member, scope, own)

    def _configure(self, place: Place, member: cst.Attribute) -> bool:
        """Write to the scope where `hub.configure_scope()` did. False for another member."""
        call = self._context.parent(member)
        if member.attr.value != "configure_scope" or not isinstance(call, cst.Call):
            return False
        head = self._context.code(place)[: -len(self._old)]
        unwrap_configured(self._context, self._fix, call, head + self._new)
        return True

    def _span(self, place: Place, member: cst.Attribute) -> bool:
        """Have the current scope, which has the span, take what is for that. False for others."""
        used = self._context.parent(member)
        if member.attr.value != "scope" or not isinstance(used, cst.Attribute):
            return False
        scopes = self._at(place) if is_of_current(used.attr.value) else None
        if scopes is None or not scopes.current:
            return False
        self._fix.replace(member, scopes.current)
        return True

    def _use(self, place: Place) -> None:
        """Replace any other use of the hub, whose place is renamed."""
        context, fix = self._context, self._fix
        member = context.parent(place)
        if not isinstance(member, cst.Attribute) or member.value is not place:
            if not isinstance(member, cst.AssignTarget) and test_around(context, place) is None:
                raise passed_on(context, place)
            return
        name, call = member.attr.value, context.parent(member)
        if name == "client" and not (self._scopes.cloned or self._scopes.empty):
            return
        if name == "scope" and isinstance(call, cst.Attribute) and is_kept(call.attr.value):
            fix.edit(context.span(member.value)[1], context.span(member)[1], "")
        elif not isinstance(call, cst.Call) or call.func is not member:
            raise NoForm(f"`{context.code(member)}` has no counterpart on a scope")
        elif name == "flush" and not self._scopes.cloned:
            fix.replace(member.attr, "client.flush")
        elif name == "bind_client" and not self._scopes.empty:
            if not call.args or not is_client(context, call.args[0].value):
                fix.unsafe(NO_CLIENT)
            fix.replace(member.attr, "set_client")
        else:
            raise NoForm(f"`{context.code(member)}()` has no counterpart on a scope")


def _in_case(new: str) -> Callable[[re.Match[str]], str]:
    def spelled(found: re.Match[str]) -> str:
        old = found.group()
        return new.upper() if old.isupper() else new

    return spelled
