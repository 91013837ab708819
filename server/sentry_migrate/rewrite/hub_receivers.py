"""What gets a hub that is passed on: the parameter of a function, the variable that a queue fills.

Owns finding it in the text, or saying why it may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE, Doubt, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.python.later_calls import called_with
from sentry_migrate.rewrite.hub_holders import (
    NoForm,
    Place,
    name_at,
    new_names,
)
from sentry_migrate.rewrite.hub_queues import out_of_queue
from sentry_migrate.rewrite.hub_takers import Taken, is_called_later, parameter, taken_by
from sentry_migrate.rewrite.scope_pairs import Scopes

_OUTSIDE = USED_ELSEWHERE.about("code outside this class may call the method")
_QUEUE = USED_ELSEWHERE.about("code outside this class may use the queue")
_UNKNOWN = differs("what is given the function may not call it with these arguments")


def hand_over(context: Context, fix: FixDraft, given: cst.BaseExpression, scopes: Scopes) -> Taken:
    """Give both scopes where a hub is given, and tell to what."""
    taken, doubts = _received(context, given, scopes.shared)
    for doubt in doubts:
        fix.unsafe(doubt)
    values = [one for one in (scopes.current, scopes.isolation) if one]
    arg = context.parent(given)
    key = arg.key if isinstance(arg, cst.DictElement) else None
    key = arg.keyword if isinstance(arg, cst.Arg) else key
    if key is None:
        fix.replace(given, ", ".join(values))
        return taken
    isolation, current = new_names(context, taken.place, taken.reads, scopes.names, False)
    spelled = "{}={}" if isinstance(arg, cst.Arg) else '"{}": {}'
    if isinstance(taken.node, cst.Subscript):
        spelled = "{}: {}"
        require_new_keys(context, taken.place, (isolation, current))
    pairs = zip((current, isolation)[-len(values) :], values, strict=True)
    text = ", ".join(spelled.format(*one) for one in pairs)
    fix.edit(context.span(key)[0], context.tree.outer(given)[1], text)
    return taken


def _received(
    context: Context, place: cst.BaseExpression, elsewhere: bool
) -> tuple[Taken, Sequence[Doubt]]:
    """What gets a hub that is passed on in this place, and why it may not be all: a parameter of a
    function of this text, by a call or by a thread that runs it; what a queue fills.
    With `elsewhere`, only what is called later counts, as by a thread. Raises NoForm."""
    later = called_with(context.tree, context.scopes, place)
    if later is not None:
        named = [name for name, one in later.named.items() if one is place]
        index = named[0] if named else next(at for at, one in enumerate(later.args) if one is place)
        doubts = [] if later.certain else [_UNKNOWN]
        if isinstance(later.function, cst.Attribute):
            doubts.append(_OUTSIDE)
        return taken_by(context, parameter(context, place, later.function, index)), doubts
    arg = context.parent(place)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if isinstance(arg, cst.Arg) and isinstance(call, cst.Call) and not arg.star:
        by = arg.keyword.value if arg.keyword else _position(call.args, arg)
        param = parameter(context, place, call.func, by)
        if not elsewhere or is_called_later(context, param):
            outside = [_OUTSIDE] if isinstance(call.func, cst.Attribute) else ()
            return taken_by(context, param), outside
    taken = out_of_queue(context, place)
    put = context.tree.enclosing(place, cst.Call)
    queue = put.func.value if put is not None and isinstance(put.func, cst.Attribute) else None
    return taken, [_QUEUE] if isinstance(queue, cst.Attribute) else ()


def _position(args: Sequence[cst.Arg], one: cst.Arg) -> int:
    before = args[: list(map(id, args)).index(id(one))]
    if any(other.star for other in before):
        raise NoForm("its position among the arguments is not visible here")
    return len(before)


def require_new_keys(context: Context, place: Place, keys: Sequence[str]) -> None:
    """Raise NoForm where a dictionary may have the keys that the scopes get in it."""
    old = name_at(place).value
    texts = {one.value for one in context.tree.nodes(cst.SimpleString)}
    names = {one.strip("'\"") for one in texts}
    if old in keys or any(key.strip("'\"") in names for key in keys):
        raise NoForm(f"{old} cannot become other keys: a text here has the name of one already")
