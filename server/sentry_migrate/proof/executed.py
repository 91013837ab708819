"""What code runs with a block.

Owns walking it: functions defined in a block do not run with it, and what runs with a scope that is
pushed inside comes as one. Refuses to know what any of it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.python.tree import children


def executed(
    body: cst.CSTNode, but: Callable[[cst.CSTNode], bool] | None = None
) -> Iterator[cst.CSTNode]:
    """Nodes whose code runs with the block: not the bodies of functions defined in it, nor what is
    inside of nodes for which `but` holds."""
    stack = [body]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, cst.FunctionDef):
            stack.extend((*node.decorators, *_defaults(node.params), *_annotations(node)))
        elif isinstance(node, cst.Lambda):
            stack.extend(_defaults(node.params))
        elif not isinstance(node, cst.ClassDef) and (but is None or not but(node)):
            stack.extend(children(node))


@dataclass(frozen=True, slots=True)
class Inner:
    """All that runs with a scope that is pushed inside a block."""

    call: cst.Call


def own(context: Context, parts: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode | Inner]:
    """As `executed`, but what runs with a scope that is pushed inside comes as one, so that blocks
    inside blocks are not looked through again for each block around them."""
    for part in parts:
        call = _pushing(context, part)
        if call is not None:
            yield from executed(part)
            yield Inner(call)  # the items after it, and the body
            return
        yield from _own(context, part)


def _own(context: Context, part: cst.CSTNode) -> Iterator[cst.CSTNode | Inner]:
    for node in executed(part, lambda node: _first_push(context, node) is not None):
        yield node
        first = _first_push(context, node)
        if first is not None and isinstance(node, cst.With):
            call = _pushing(context, node.items[first])
            assert call is not None
            yield Inner(call)
            for item in reversed(node.items[: first + 1]):
                yield from executed(item)


def _first_push(context: Context, node: cst.CSTNode) -> int | None:
    """Which item of a `with` is the first to push a scope."""
    items = node.items if isinstance(node, cst.With) else ()
    return next((at for at, item in enumerate(items) if _pushing(context, item)), None)


def _pushing(context: Context, item: cst.CSTNode) -> cst.Call | None:
    call = item.item if isinstance(item, cst.WithItem) else None
    if not isinstance(call, cst.Call):
        return None
    value = context.values.instance(call, "Manager")
    return call if value is not None and value.origin == "push" else None


def _defaults(params: cst.Parameters) -> Iterator[cst.CSTNode]:
    for param in (*params.posonly_params, *params.params, *params.kwonly_params):
        if param.default is not None:
            yield param.default


def _annotations(function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    params = function.params
    stars = (one for one in (params.star_arg, params.star_kwarg) if isinstance(one, cst.Param))
    for param in (*params.posonly_params, *params.params, *params.kwonly_params, *stars):
        if param.annotation is not None:
            yield param.annotation.annotation
    if function.returns is not None:
        yield function.returns.annotation


def contains(body: cst.CSTNode, *kinds: type[cst.CSTNode]) -> bool:
    """Whether the block itself, not a function defined in it, has a node of these kinds."""
    return any(isinstance(node, kinds) for node in executed(body))


def awaits(node: cst.CSTNode) -> bool:
    """Whether other tasks may run while this node itself does, apart from what is inside of it."""
    if isinstance(node, cst.With | cst.For | cst.CompFor):
        return node.asynchronous is not None
    return isinstance(node, cst.Await)


@remembered
def pushed_body(context: Context, call: cst.Call) -> Sequence[cst.CSTNode]:
    """What runs with the pushed scope: later `with` items and the body; nothing where it is not
    pushed by `with`."""
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        if isinstance(block, cst.With):
            index = list(block.items).index(holder)
            return [*block.items[index + 1 :], block.body]
    return ()
