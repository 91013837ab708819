"""What functions of a text do with a scope that a call gives them.

Owns the proof that such a function only sets data on it, or gives it to one that does: nothing it
does then depends on which of the scopes of 2.x it gets. Unknown is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, ONLY_SETS, later_key
from sentry_migrate.project.modules import last_part, place_of
from sentry_migrate.project.plan_words import DERIVED
from sentry_migrate.proof.classes import Classes, path_of
from sentry_migrate.proof.data_types import may_be_replaced
from sentry_migrate.proof.executed import awaits
from sentry_migrate.proof.other_files import imported_place
from sentry_migrate.proof.truth_tests import is_tested
from sentry_migrate.python.bindings import walk
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.scope_members import of_isolation
from sentry_migrate.sdk.value_types import Obj

_SETTING = of_isolation() - CAPTURES.keys() - {"add_breadcrumb"}
"""Members of an isolation scope that do what they did in 1.x, with a client or without."""
_LOCALS = frozenset(("dir", "eval", "exec", "locals", "vars"))
"""Builtins that may read a variable which they do not spell."""


def certain_scope(context: Context, node: cst.CSTNode) -> Obj | None:
    """The scope that an expression is, unless a caller may give something else."""
    scope = context.values.instance(node, "Scope")
    return None if scope is not None and scope.origin == "given" else scope


def is_given(context: Context, function: cst.BaseExpression) -> bool:
    """Whether what is called is read of a scope for which a caller may give something else."""
    scope = context.values.instance(getattr(function, "value", None), "Scope")
    return scope is not None and scope.origin == "given"


def only_sets(context: Context, read: cst.CSTNode) -> bool:
    """Whether the code that gets a scope by this read, as an argument, only sets data on it."""
    return _given(context, _questions(context), read)


@remembered
def _questions(context: Context) -> Questions[cst.CSTNode, bool]:
    def judge(param: cst.CSTNode) -> bool:
        return isinstance(param, cst.Param) and _only_sets(context, asked, param)

    asked: Questions[cst.CSTNode, bool] = Questions(
        judge, True, False, STEPS * len(context.tree.text)
    )
    return asked


def _given(context: Context, asked: Questions[cst.CSTNode, bool], read: cst.CSTNode) -> bool:
    arg = context.parent(read)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(call, cst.Call) or not isinstance(arg, cst.Arg):
        return False
    if _only_sets_elsewhere(context, call, arg):
        return True
    functions = list(_called(context, call.func))
    params = [_param(call, arg, *one) for one in functions]
    return bool(params) and all(one is not None and asked.ask(one) for one in params)


def _only_sets_elsewhere(context: Context, call: cst.Call, arg: cst.Arg) -> bool:
    """Whether the argument is for a parameter of another file's function, which says the same."""
    func = call.func
    bindings = context.scopes.reaching(func) if isinstance(func, cst.Name) else ()
    if len(bindings) != 1 or any(one.star for one in call.args):
        return False
    place, name = imported_place(context, bindings[0]), bindings[0].path.rpartition(".")[2]
    if not place or may_be_replaced(context, bindings[0]):
        return False
    at = arg.keyword.value if arg.keyword is not None else _index(call, arg)
    return bool(context.elsewhere(f"{ONLY_SETS}{place}:{name}:{at}")) and not any(
        context.elsewhere(later_key(f"{last_part(place)}:{one}")) for one in (name, ANY_NAME)
    )


def setting_functions(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The functions of a module that only set data on what they are given, by the kinds of the
    plan, one for each way to give it. What that rests on is in this text alone."""
    if context.path is None or "__code__" in context.scopes.attributes:
        return
    home = f"{ONLY_SETS}{place_of(str(context.path))}"
    for bindings in context.scopes.module.bindings.values():
        function = bindings[0].node
        if len(bindings) == 1 and isinstance(function, cst.FunctionDef):
            if not context.scopes.may_bind_anew(bindings[0].at):
                kinds = _setting_parameters(context, function)
                yield from ((f"{home}:{bindings[0].name}:{kind}", function) for kind in kinds)


def _setting_parameters(context: Context, function: cst.FunctionDef) -> Iterator[int | str]:
    """The parameters on which a function of the module sets data, by number and by name."""
    params = function.params
    positional = (*params.posonly_params, *params.params)
    for index, param in enumerate((*positional, *params.kwonly_params)):
        if _sets_itself(context, function, param):
            if index < len(positional):
                yield index
            if index >= len(params.posonly_params):
                yield param.name.value


def _sets_itself(context: Context, function: cst.FunctionDef, param: cst.Param) -> bool:
    reads = context.scopes.reads_of_variable(param)
    return (
        bool(reads)
        and all(_is_set(context, read) for read in reads)
        and not function.decorators
        and _is_plain(context, function)
        and _is_followed(context, param)
    )


def _is_set(context: Context, read: cst.Name) -> bool:
    parent = context.parent(read)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in _SETTING
    return is_tested(context, read)


def _is_followed(context: Context, param: cst.Param) -> bool:
    """Whether nothing but the reads of the parameter, in its own function, gives its value."""
    own = context.scopes.bound_by(param)
    if own is None or len(own.scope.bindings[own.name]) != 1:
        return False
    function = own.scope.node
    return not _LOCALS & _names(context, function) and all(
        context.function(read) is function for read in context.scopes.reads_of_variable(param)
    )


def _only_sets(context: Context, asked: Questions[cst.CSTNode, bool], param: cst.Param) -> bool:
    return _is_followed(context, param) and all(
        _is_set(context, read) or _given(context, asked, read)
        for read in context.scopes.reads_of_variable(param)
    )


@remembered
def _names(context: Context, function: cst.CSTNode) -> frozenset[str]:
    return frozenset(one.value for one in walk(function) if isinstance(one, cst.Name))


def _called(context: Context, func: cst.BaseExpression) -> Iterator[tuple[cst.FunctionDef, int]]:
    """What a call calls, each with the number of parameters that are filled before its arguments;
    none where anything else may be called."""
    if "__code__" in context.scopes.attributes:
        return
    if isinstance(func, cst.Name):
        bindings = context.scopes.reaching(func)
        node = bindings[0].node if len(bindings) == 1 else None
        if isinstance(node, cst.FunctionDef) and not node.decorators and _is_plain(context, node):
            if not may_be_replaced(context, bindings[0]):
                yield node, 0
    elif isinstance(func, cst.Attribute):
        yield from _methods(context, func)


def _methods(context: Context, func: cst.Attribute) -> Sequence[tuple[cst.FunctionDef, int]]:
    classes, name = Classes.of(context), func.attr.value
    own = classes.of_receiver(func.value)
    if own is None or name not in own.members:
        return ()
    heirs = classes.heirs(own)
    if (
        any(one.open for one in heirs if one is not own)
        or any(one.kind == "stored" for one in classes.members(name))
        or any(context.elsewhere(f"{DERIVED}{one.node.name.value}") for one in heirs)
        or context.elsewhere(later_key(f".{name}"))
    ):
        return ()
    found = []
    for node in (member.node for one in heirs for member in one.members.get(name, ())):
        if not isinstance(node, cst.FunctionDef) or not _is_plain(context, node):
            return ()
        kinds = [path_of(context, one.decorator) for one in node.decorators]
        if kinds not in ([], ["classmethod"], ["staticmethod"]):
            return ()
        found.append((node, int(kinds != ["staticmethod"])))
    return found


@remembered
def _is_plain(context: Context, function: cst.FunctionDef) -> bool:
    """Whether a call of the function runs its body, once and to the end."""
    return function.asynchronous is None and not any(
        isinstance(node, cst.Yield | cst.Await) or awaits(node) for node in walk(function.body)
    )


def _param(
    call: cst.Call, arg: cst.Arg, function: cst.FunctionDef, filled: int
) -> cst.Param | None:
    """The parameter that an argument is for; None where that is not one variable."""
    if arg.star or any(one.star for one in call.args):
        return None
    params = function.params
    if arg.keyword is not None:
        named = (*params.params, *params.kwonly_params)
        return next((one for one in named if one.name.value == arg.keyword.value), None)
    at = _index(call, arg) + filled
    positional = (*params.posonly_params, *params.params)
    return positional[at] if at < len(positional) else None


def _index(call: cst.Call, arg: cst.Arg) -> int:
    return next(index for index, one in enumerate(call.args) if one is arg)
