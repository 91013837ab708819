"""Hubs that go through a queue, in tuples or dictionaries that are put into it.

Owns finding all that is put into the queue in the text, and where it is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import attributes_by_name
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.hub_holders import (
    NoForm,
    is_reached_by_name,
    passed_on,
)
from sentry_migrate.rewrite.hub_takers import Taken
from sentry_migrate.sdk.value_types import is_nothing

_QUEUES = frozenset(
    f"{module}.{name}"
    for module in ("queue", "asyncio")
    for name in ("Queue", "LifoQueue", "SimpleQueue")
)
_PUTS = frozenset(("put", "put_nowait"))
_GETS = frozenset(("get", "get_nowait"))
_OTHERS = frozenset(("empty", "full", "join", "qsize", "task_done"))


def out_of_queue(context: Context, place: cst.BaseExpression) -> Taken:
    """What gets a part of what is put into a queue, if all of the queue's uses are in the text, and
    all of them have such a part. Raises NoForm."""
    element = context.parent(place)
    message = context.parent(element) if element is not None else None
    arg = context.parent(message) if isinstance(message, cst.Tuple | cst.Dict) else None
    put = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(message, cst.Tuple | cst.Dict) or not isinstance(put, cst.Call):
        raise passed_on(context, place)
    at = next(index for index, one in enumerate(message.elements) if one is element)
    by = _keys(message)[at]
    if by is None:
        raise passed_on(context, place)
    gets: list[cst.Call] = []
    given: list[cst.BaseExpression] = []
    for name, call in _calls_of_queue(context, place, put):
        if name in _GETS:
            gets.append(call)
        elif name in _PUTS and not (call.args and is_nothing(call.args[0].value)):
            given.append(_part(context, call, message, by))
    if isinstance(message, cst.Dict):
        found = [one for call in gets for one in _entries(context, place, call, by)]
        if not found:
            raise passed_on(context, place)
        return Taken(found[0], found, given)
    targets = [one for call in gets for one in _targets(context, place, call)]
    parts = targets[0].elements if len(targets) == 1 else ()
    taken = parts[at].value if len(parts) == len(message.elements) else None
    binding = context.scopes.bound_by(taken) if isinstance(taken, cst.Name) else None
    if not isinstance(taken, cst.Name) or binding is None or _keys(targets[0])[at] != by:
        raise passed_on(context, place)
    return Taken(taken, context.scopes.possible_reads(binding), given)


def _keys(message: cst.Tuple | cst.Dict) -> list[int | str | None]:
    """How the parts of a message are reached; None for one that cannot be told from others."""
    keys: list[int | str | None] = []
    for index, one in enumerate(message.elements):
        key: int | str | None = index
        if isinstance(one, cst.DictElement):
            value = one.key.evaluated_value if isinstance(one.key, cst.SimpleString) else None
            key = value if isinstance(value, str) else None
        keys.append(key if isinstance(one, cst.Element | cst.DictElement) else None)
    return keys if None not in keys and len({*keys}) == len(keys) else [None] * len(keys)


def _part(
    context: Context, put: cst.Call, like: cst.Tuple | cst.Dict, by: int | str
) -> cst.BaseExpression:
    """The part of what a call puts into the queue. Raises NoForm."""
    message = put.args[0].value if len(put.args) == 1 else None
    if isinstance(message, cst.Tuple | cst.Dict) and type(message) is type(like):
        keys = _keys(message)
        same = isinstance(message, cst.Dict) or len(keys) == len(like.elements)
        if same and by in keys:
            return message.elements[keys.index(by)].value
    raise NoForm(f"`{context.code(put)}` puts something else into the queue")


def _key(entry: cst.Subscript) -> cst.BaseExpression:
    part = entry.slice[0].slice
    return part.value if isinstance(part, cst.Index) else entry


def _entries(
    context: Context, place: cst.CSTNode, call: cst.Call, by: int | str
) -> Iterator[cst.Subscript]:
    """Where a part is read of the dictionary that a queue gives. Raises NoForm where more is done
    with it."""
    target = _target(context, call)
    binding = context.scopes.bound_by(target) if isinstance(target, cst.Name) else None
    if binding is None or not _is_only(binding):
        raise passed_on(context, place)
    for read in context.scopes.possible_reads(binding):
        entry = context.parent(read)
        key = _key(entry) if isinstance(entry, cst.Subscript) and entry.value is read else None
        if isinstance(entry, cst.Subscript) and isinstance(key, cst.SimpleString):
            if isinstance(context.parent(entry), cst.AssignTarget | cst.AugAssign | cst.Del):
                raise NoForm(f"`{context.code(entry)}` is assigned more than once")
            if key.evaluated_value == by:
                yield entry
        elif test_around(context, read) is None:
            raise NoForm(f"`{context.code(read)}` is used in another way")


def _target(context: Context, call: cst.Call) -> cst.CSTNode | None:
    """What gets that which a queue gives."""
    awaited = context.parent(call)
    value: cst.CSTNode = awaited if isinstance(awaited, cst.Await) else call
    statement = context.parent(value)
    return statement.targets[0].target if isinstance(statement, cst.Assign) else None


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
    target = _target(context, call)
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
