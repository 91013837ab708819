"""What a text has the SDK call with what it sends: callbacks among its options, event processors,
and methods of clients and transports.

Owns the names by which code gives these to the SDK, whatever gives them on: a file of settings need
not know of the SDK, nor does what is handed its client. Refuses to know what else is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.project.handed_words import CALLBACKS, REGISTERING
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.joined_text import literal
from sentry_migrate.proof.transports import acting_while_sending
from sentry_migrate.sdk.uses import Use

_NAMES = frozenset(path.rpartition(".")[2] for path in REGISTERING)


def acting(context: Context) -> Iterator[cst.CSTNode]:
    """What is given that may do more than change the event."""
    effects = Effects.of(context)
    for value in given(context, CALLBACKS):
        if effects.of_value(value):
            yield value
    yield from acting_while_sending(context)
    known = [use for path in REGISTERING for use in named(context, path)]
    for use in known:
        if not _is_pushed(use) and isinstance(use.node, cst.BaseExpression):
            if _registers(context, use.node):
                yield use.node
    settled = {id(use.node) for use in known}
    for node in context.tree.nodes(cst.Attribute):
        if node.attr.value in _NAMES and id(node) not in settled:
            if not isinstance(context.parent(node), cst.AssignTarget) and _registers(context, node):
                yield node


def given(context: Context, options: Collection[str]) -> Iterator[cst.BaseExpression]:
    """What is given by the name of such an option, to whatever: it may go on to `init()`, or be
    among the options of the client that runs."""
    if not any(one in context.tree.text for one in options):
        return
    for arg in context.tree.nodes(cst.Arg):
        if arg.keyword is not None and arg.keyword.value in options:
            yield arg.value
    for element in context.tree.nodes(cst.DictElement):
        if literal(element.key) in options:
            yield element.value
    pairs: list[cst.Tuple | cst.List] = [*context.tree.nodes(cst.Tuple)]
    for pair in (*pairs, *context.tree.nodes(cst.List)):
        if len(pair.elements) == 2 and literal(pair.elements[0].value) in options:
            yield pair.elements[1].value
    for call in context.tree.nodes(cst.Call):
        for name, value in zip(call.args, call.args[1:], strict=False):
            if literal(name.value) in options and value.keyword is None:
                yield value.value
    for assign in context.tree.nodes(cst.Assign):
        if any(_name_of(one.target) in options for one in assign.targets):
            yield assign.value
    for annotated in context.tree.nodes(cst.AnnAssign):
        if annotated.value is not None and _name_of(annotated.target) in options:
            yield annotated.value


def _name_of(target: cst.BaseExpression) -> str:
    """The name that an assignment gives something, of whatever."""
    if isinstance(target, cst.Attribute):
        return target.attr.value
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        return literal(index.value) if isinstance(index, cst.Index) else ""
    return target.value if isinstance(target, cst.Name) else ""


def _registers(context: Context, node: cst.BaseExpression) -> bool:
    """Whether a function may do more that is registered by a call of this, or by a decorator; so it
    may, where the one that registers is passed on."""
    effects, around = Effects.of(context), context.parent(node)
    if isinstance(around, cst.Call) and around.func is node:
        return bool(around.args and effects.callback(around.args[0].value))
    decorated = context.parent(around) if isinstance(around, cst.Decorator) else None
    return not isinstance(decorated, cst.FunctionDef) or bool(effects.function(decorated))


def _is_pushed(use: Use) -> bool:
    """Whether the scope is pushed for a block, whose proof asks about the function itself."""
    return use.owner is not None and use.owner.origin == "pushed"
