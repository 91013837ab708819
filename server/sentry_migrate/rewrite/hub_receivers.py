"""What gets a hub that is passed on: the parameter of a function, the variable that a queue fills.

Owns finding it in the text, or saying why it may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE, Doubt, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.later_calls import called_with
from sentry_migrate.rewrite.hub_holders import (
    NoForm,
    attributes_by_name,
    is_reached_by_name,
    new_names,
    passed_on,
)
from sentry_migrate.rewrite.hub_takers import is_called_later, parameter
from sentry_migrate.rewrite.scope_pairs import Scopes
from sentry_migrate.sdk.value_types import is_nothing

Receiver = cst.Param | cst.Name
"""What gets a hub."""

_OUTSIDE = USED_ELSEWHERE.about("code outside this class may call the method")
_QUEUE = USED_ELSEWHERE.about("code outside this class may use the queue")
_UNKNOWN = differs("what is given the function may not call it with these arguments")


def hand_over(
    context: Context, fix: FixDraft, given: cst.BaseExpression, scopes: Scopes
) -> Receiver:
    """Give both scopes where a hub is given, and tell to what."""
    receiver, doubts = _received(context, given, scopes.shared)
    for doubt in doubts:
        fix.unsafe(doubt)
    values = [one for one in (scopes.current, scopes.isolation) if one]
    arg = context.parent(given)
    key = arg.key if isinstance(arg, cst.DictElement) else None
    key = arg.keyword if isinstance(arg, cst.Arg) else key
    binding = context.scopes.bound_by(receiver)
    if key is None or binding is None:
        fix.replace(given, ", ".join(values))
        return receiver
    name = receiver.name if isinstance(receiver, cst.Param) else receiver
    reads = context.scopes.possible_reads(binding)
    isolation, current = new_names(context, name, reads, scopes.names, False)
    spelled = "{}={}" if isinstance(arg, cst.Arg) else '"{}": {}'
    pairs = zip((current, isolation)[-len(values) :], values, strict=True)
    text = ", ".join(spelled.format(*one) for one in pairs)
    fix.edit(context.span(key)[0], context.tree.outer(given)[1], text)
    return receiver


def _received(
    context: Context, place: cst.BaseExpression, elsewhere: bool
) -> tuple[Receiver, Sequence[Doubt]]:
    """What gets a hub that is passed on in this place, and why it may not be all: a parameter of a
    function of this text, by a call or by a thread that runs it; a variable that a queue fills.
    `elsewhere` is whether code that is called here does not count. Raises NoForm."""
    later = called_with(context.tree, context.scopes, place)
    if later is not None:
        named = [name for name, one in later.named.items() if one is place]
        index = named[0] if named else next(at for at, one in enumerate(later.args) if one is place)
        doubts = [] if later.certain else [_UNKNOWN]
        if isinstance(later.function, cst.Attribute):
            doubts.append(_OUTSIDE)
        return parameter(context, place, later.function, index), doubts
    arg = context.parent(place)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if isinstance(arg, cst.Arg) and isinstance(call, cst.Call) and not arg.star:
        by = arg.keyword.value if arg.keyword else _position(call.args, arg)
        param = parameter(context, place, call.func, by)
        if not elsewhere or is_called_later(context, param):
            return param, [_OUTSIDE] if isinstance(call.func, cst.Attribute) else ()
    receiver = _unpacked(context, place)
    put = context.tree.enclosing(place, cst.Call)
    queue = put.func.value if put is not None and isinstance(put.func, cst.Attribute) else None
    return receiver, [_QUEUE] if isinstance(queue, cst.Attribute) else ()


def _position(args: Sequence[cst.Arg], one: cst.Arg) -> int:
    before = args[: list(map(id, args)).index(id(one))]
    if any(other.star for other in before):
        raise NoForm("its position among the arguments is not visible here")
    return len(before)


_QUEUES = frozenset(
    f"{module}.{name}"
    for module in ("queue", "asyncio")
    for name in ("Queue", "LifoQueue", "SimpleQueue")
)
_PUTS = frozenset(("put", "put_nowait"))
_GETS = frozenset(("get", "get_nowait"))
_OTHERS = frozenset(("empty", "full", "join", "qsize", "task_done"))


def _unpacked(context: Context, place: cst.BaseExpression) -> cst.Name:
    """The variable that gets a part of a tuple out of the queue which it is put into, if all of the
    queue's uses are in the text, one of them takes tuples out, and one puts them in."""
    element = context.parent(place)
    given = context.parent(element) if isinstance(element, cst.Element) else None
    arg = context.parent(given) if isinstance(given, cst.Tuple) else None
    put = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(given, cst.Tuple) or not isinstance(put, cst.Call) or len(put.args) != 1:
        raise passed_on(context, place)
    targets: list[cst.Tuple] = []
    for name, call in _calls_of_queue(context, place, put):
        if name in _GETS:
            targets += _targets(context, place, call)
        elif name in _PUTS and call is not put:
            if not call.args or not is_nothing(call.args[0].value):
                raise NoForm(f"`{context.code(call)}` puts something else into the queue")
    index = list(map(id, given.elements)).index(id(element))
    parts = targets[0].elements if len(targets) == 1 else ()
    taken = parts[index].value if len(parts) == len(given.elements) else None
    starred = any(not isinstance(one, cst.Element) for one in (*given.elements, *parts))
    if not isinstance(taken, cst.Name) or starred:
        raise passed_on(context, place)
    return taken


def _calls_of_queue(
    context: Context, place: cst.CSTNode, put: cst.Call
) -> Iterator[tuple[str, cst.Call]]:
    """The calls of a queue's methods, which are all of its uses."""
    queue = put.func.value if isinstance(put.func, cst.Attribute) else None
    uses: Sequence[cst.CSTNode] = ()
    made: list[cst.CSTNode | None] = []
    if isinstance(queue, cst.Name):
        bindings = context.scopes.reaching(queue)
        if len(bindings) == 1 and not is_reached_by_name(context, bindings[0]):
            made = [bindings[0].value if _is_only(bindings[0]) else None]
            uses = context.scopes.possible_reads(bindings[0])
    elif isinstance(queue, cst.Attribute):
        stores = context.scopes.attributes.get(queue.attr.value, ())
        made = [value for _, value in stores]
        stored = {id(target) for target, _ in stores}
        named = attributes_by_name(context)[queue.attr.value]
        uses = [one for one in named if id(one) not in stored]
    call = made[0] if len(made) == 1 else None
    if not isinstance(call, cst.Call) or context.scopes.imported(call.func) not in _QUEUES:
        raise passed_on(context, place)
    for use in uses:
        member = context.parent(use)
        called = context.parent(member) if isinstance(member, cst.Attribute) else None
        name = member.attr.value if isinstance(member, cst.Attribute) else ""
        if not isinstance(called, cst.Call) or name not in _PUTS | _GETS | _OTHERS:
            raise NoForm(f"`{context.code(use)}` is used in another way")
        yield name, called


def _is_only(binding: Binding) -> bool:
    return binding.whole and len(binding.scope.bindings[binding.name]) == 1


def _targets(context: Context, place: cst.CSTNode, call: cst.Call) -> Iterator[cst.Tuple]:
    """What is unpacked of what a queue gives. Raises NoForm where more is done with it."""
    value: cst.CSTNode = call
    if isinstance(context.parent(call), cst.Await):
        value = context.parent(call) or call
    statement = context.parent(value)
    target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
    if isinstance(target, cst.Tuple):
        yield target
        return
    binding = context.scopes.bound_by(target) if isinstance(target, cst.Name) else None
    if binding is None or not _is_only(binding):
        raise passed_on(context, place)
    for read in context.scopes.possible_reads(binding):
        unpacked = context.parent(read)
        target = unpacked.targets[0].target if isinstance(unpacked, cst.Assign) else None
        if isinstance(target, cst.Tuple):
            yield target
        elif test_around(context, read) is None:
            raise NoForm(f"`{context.code(read)}` is used in another way")
