"""What calls in a text give the parameters of its functions, and the fields of its classes.

Owns finding the arguments. Refuses to know what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from sentry_migrate.python.bindings import walk
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree


def arguments(
    tree: Tree, scopes: Scopes, function: cst.FunctionDef, param: cst.Param
) -> Mapping[cst.Call, cst.Arg] | None:
    """What all calls in the text give a parameter; None where the function is used in any other
    way, or what a call gives it cannot be seen."""
    params = [*function.params.posonly_params, *function.params.params]
    at = next((index for index, one in enumerate(params) if one is param), None)
    return arguments_for(tree, scopes, function, param, at)


def arguments_for(
    tree: Tree,
    scopes: Scopes,
    called: cst.FunctionDef | cst.ClassDef,
    param: cst.Param,
    at: int | None,
) -> Mapping[cst.Call, cst.Arg] | None:
    """The like for a function, or a class that is made, by the place among what is given."""
    found: dict[cst.Call, cst.Arg] = {}
    for read in scopes.reads_of_definition(called):
        call = tree.parent(read)
        if not isinstance(call, cst.Call) or call.func is not read:
            return None
        arg = None if at is None else given_by(call, param.name.value, at)
        if arg is None:
            return None
        found[call] = arg
    return found


def given_by(call: cst.Call, name: str, index: int) -> cst.Arg | None:
    """The argument for the parameter `name` at `index`; None behind a `*`."""
    if any(arg.star for arg in call.args):
        return None
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg
    if index >= len(call.args) or call.args[index].keyword is not None:
        return None
    return call.args[index]


def given_field(tree: Tree, scopes: Scopes, target: cst.CSTNode) -> Iterator[cst.Arg]:
    """What calls of a class give the field that its body annotates, as that of a dataclass."""
    holder = scopes.scope_of(target).node
    if not isinstance(target, cst.Name) or not isinstance(holder, cst.ClassDef):
        return
    annotated = (one.target for one in walk(holder.body) if isinstance(one, cst.AnnAssign))
    own = scopes.scope_of(target)
    names = (one for one in annotated if isinstance(one, cst.Name) and scopes.scope_of(one) is own)
    fields = sorted(names, key=tree.span)
    at = [one.value for one in fields].index(target.value)
    for read in scopes.reads_of_definition(holder):
        call = tree.parent(read)
        if isinstance(call, cst.Call) and call.func is read:
            arg = given_by(call, target.value, at)
            if arg is not None:
                yield arg
