"""Which calls of a text have their keyword arguments passed on to a call of the SDK.

Owns following `partial()`, and functions that pass all their keywords on. Refuses to know what the
arguments mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.proof.classes import path_of
from sentry_migrate.sdk.uses import Use


def passing(context: Context, use: Use, names: Collection[str]) -> Iterator[cst.Call]:
    """The calls whose keywords of these `names` the SDK gets where it is used."""
    if use.call is None:
        arg = context.parent(use.node)
        call = context.parent(arg) if isinstance(arg, cst.Arg) else None
        if isinstance(call, cst.Call) and call.args[0] is arg:
            if path_of(context, call.func) == "functools.partial":
                yield from _of_partial(context, call)
        return
    for arg in use.call.args:
        if arg.star == "**" and isinstance(arg.value, cst.Name):
            yield from _of_function(context, arg.value, names)


def _of_partial(context: Context, call: cst.Call) -> Iterator[cst.Call]:
    yield call
    around = context.parent(call)
    if isinstance(around, cst.Call) and around.func is call:
        yield around
    elif (binding := context.scopes.assigned_from(call)) is not None:
        yield from _calling(context, context.scopes.reads_of(binding))


def _of_function(
    context: Context, keywords: cst.Name, names: Collection[str]
) -> Iterator[cst.Call]:
    """The calls of the function that has these `keywords`, and only passes them on."""
    bindings = context.scopes.reaching(keywords)
    if len(bindings) != 1 or len(context.scopes.reads_beside(bindings[0])) != 1:
        return
    function, param = bindings[0].scope.node, bindings[0].node
    if not isinstance(function, cst.FunctionDef) or not isinstance(param, cst.Param):
        return
    params = function.params
    own = (*params.params, *params.kwonly_params)
    taken = any(one.name.value in names for one in own)
    if param is params.star_kwarg and not taken and not function.decorators:
        yield from _calling(context, context.scopes.reads_of_definition(function))


def _calling(context: Context, reads: Iterable[cst.Name]) -> Iterator[cst.Call]:
    for read in reads:
        call = context.parent(read)
        if isinstance(call, cst.Call) and call.func is read:
            if len(context.scopes.reaching(read)) == 1:
                yield call
