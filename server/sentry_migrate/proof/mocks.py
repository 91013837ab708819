"""What a test does with a mock that it puts in the place of a function.

Owns finding the mock's variable and reading what is said of it. Refuses to know which function it
stands in for.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.sdk.uses import Use

_ENTERED = ("return_value", "__enter__", "return_value")
_ASSERTS = frozenset(("assert_called", "assert_called_once", "assert_not_called"))
_ASSERTS_WITH = frozenset(("assert_called_with", "assert_called_once_with"))
_COUNTS = frozenset(("called", "call_count"))
_GIVEN = frozenset(("new", "value"))
_NAMED = frozenset(("target", "attribute", "name"))
_BEHAVIOUR = frozenset(("return_value", "side_effect", "raising"))
_MADE = frozenset(("MagicMock",))


class Unclear(Exception):
    """A mock is used in a way that nobody here understands."""


def moved_chains(context: Context, use: Use, entered: bool) -> Iterator[tuple[int, int]]:
    """The spans to remove where a test patches a function whose result the code enters by `with`,
    once the code does so no more: `.__enter__.return_value`. None if it still is `entered`.

    Raises Unclear if the test would see another difference.
    """
    call = _patch(context, use)
    replacement: cst.BaseExpression | None
    if isinstance(use.node, cst.Name):
        replacement = _given_by_keyword(context, use.node)
    else:
        replacement = _replacement(context, use, call, entered)
    if entered:
        return
    for read in _reads(context, call, replacement):
        span = _chain(context, read)
        if span is not None:
            yield span


def mock_reads(context: Context, use: Use) -> list[cst.Name]:
    """Where the mock is read that a test puts in the place of something. Raises Unclear if it may
    be anywhere else too."""
    call = _patch(context, use)
    return _reads(context, call, _replacement(context, use, call, True))


def patched_reads(context: Context, call: cst.Call) -> list[cst.Name]:
    """Where the mock is read that a patch makes. Raises Unclear if it may be anywhere else too, or
    it makes none."""
    return _reads(context, call, None)


def gets_mock_by_keyword(context: Context, use: Use) -> bool:
    """Whether a test gets the mock by the name that it replaces, as `patch.multiple()` gives one it
    makes itself: then the name stands in the test, too."""
    if not isinstance(use.node, cst.Name):
        return False
    try:
        _given_by_keyword(context, use.node)
    except Unclear:
        return True
    return False


def _given_by_keyword(context: Context, keyword: cst.Name) -> cst.BaseExpression:
    """What `patch.multiple()` puts in the place. Raises Unclear unless that is a mock of the test's
    own."""
    arg = context.parent(keyword)
    if not isinstance(arg, cst.Arg):
        raise Unclear
    _made_here(context, arg.value)
    return arg.value


def _patch(context: Context, use: Use) -> cst.Call:
    """The call that patches, one whose form is known."""
    call = use.call
    name = "" if call is None else context.code(call.func)
    last = name.rpartition(".")[2]
    known = ("patch", "object", "setattr", "multiple")
    if call is None or last not in known or name == "setattr":
        raise Unclear
    return call


def _replacement(
    context: Context, use: Use, call: cst.Call, entered: bool
) -> cst.BaseExpression | None:
    """What is put in the place; None for a mock that the patch makes."""
    pathed = context.parent(use.node) is call.args[0]
    found: list[cst.BaseExpression] = []
    for at, arg in enumerate(call.args):
        keyword = arg.keyword.value if arg.keyword is not None else ""
        if arg.star or (keyword and keyword not in _GIVEN | _NAMED | _BEHAVIOUR):
            raise Unclear
        if keyword in _BEHAVIOUR and not entered and keyword != "raising":
            raise Unclear
        if keyword in _GIVEN or (not keyword and at == (1 if pathed else 2)):
            found.append(arg.value)
        elif not keyword and at > 1:
            raise Unclear
    if len(found) > 1:
        raise Unclear
    return found[0] if found else None


def _reads(
    context: Context, call: cst.Call, replacement: cst.BaseExpression | None
) -> list[cst.Name]:
    """Where the mock is read. Raises Unclear if it may be anywhere else too."""
    if replacement is not None:
        binding = _made_here(context, replacement)
        return [one for one in context.scopes.reads_beside(binding) if one is not replacement]
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        if holder.asname is None:
            return []
        return _bound(context, holder.asname.name)
    if isinstance(holder, cst.Decorator):
        return _bound(context, _parameter(context, holder))
    if dotted(call.func).partition(".")[0] != "mocker":
        raise Unclear  # it gives a patcher, which may be started anywhere
    if isinstance(holder, cst.Expr):
        return []
    if isinstance(holder, cst.Assign) and len(holder.targets) == 1:
        return _bound(context, holder.targets[0].target)
    raise Unclear


def _made_here(context: Context, value: cst.BaseExpression) -> Binding:
    """The only binding of a local variable that is given a new mock."""
    bindings = context.scopes.reaching(value) if isinstance(value, cst.Name) else ()
    if len(bindings) != 1 or len(bindings[0].scope.bindings[bindings[0].name]) != 1:
        raise Unclear
    made = bindings[0].value
    if not isinstance(made, cst.Call) or made.args or not bindings[0].whole:
        raise Unclear
    if context.code(made.func).rpartition(".")[2] not in _MADE:
        raise Unclear
    if bindings[0].scope is context.scopes.module:
        raise Unclear  # other files may have it
    return bindings[0]


def _bound(context: Context, target: cst.CSTNode) -> list[cst.Name]:
    """The reads of a local variable that is bound here and nowhere else."""
    binding = context.scopes.bound_by(target)
    if binding is None or binding.scope is context.scopes.module or binding.name == "_":
        raise Unclear
    if len(binding.scope.bindings[binding.name]) != 1 or binding.scope.kind != "function":
        raise Unclear
    return list(context.scopes.reads_beside(binding))


def _parameter(context: Context, holder: cst.Decorator) -> cst.CSTNode:
    """The parameter by which a test gets the mock that a decorator makes: the decorator that is
    nearest to the function gives the first."""
    function = context.parent(holder)
    if not isinstance(function, cst.FunctionDef):
        raise Unclear  # a class: each of its tests gets one
    before = 0
    for other in reversed(function.decorators):
        if other is holder:
            break
        before += _gives_mock(context, other.decorator)
    for other in function.decorators:
        _gives_mock(context, other.decorator)
    inside = isinstance(context.parent(context.parent(function) or function), cst.ClassDef)
    parameters = function.params.params[int(inside) :]
    if before >= len(parameters) or parameters[before].default is not None:
        raise Unclear
    return parameters[before]


def _gives_mock(context: Context, decorator: cst.BaseExpression) -> bool:
    """Whether a decorator gives the function a mock, in order. Raises Unclear for one of which
    nobody knows what it does."""
    if not isinstance(decorator, cst.Call):
        if context.code(decorator).startswith("pytest.mark."):
            return False
        raise Unclear
    name = context.code(decorator.func)
    if name.startswith("pytest."):
        return False
    last = name.rpartition(".")[2]
    if last not in ("patch", "object"):
        raise Unclear
    given = 1 if last == "patch" else 2
    keywords = {arg.keyword.value for arg in decorator.args if arg.keyword is not None}
    if keywords & _GIVEN or any(arg.star for arg in decorator.args):
        return False if "new" in keywords else _unknown()
    return sum(arg.keyword is None for arg in decorator.args) <= given


def _unknown() -> bool:
    raise Unclear


def _chain(context: Context, read: cst.Name) -> tuple[int, int] | None:
    """The span of `.__enter__.return_value` behind a mock's `return_value`; None where what is said
    of the mock holds for one of a plain call too. Raises Unclear for all else."""
    names: list[str] = []
    ends: list[int] = []
    at: cst.CSTNode = read
    parent = context.parent(at)
    while isinstance(parent, cst.Attribute) and parent.value is at and len(names) < 3:
        names.append(parent.attr.value)
        ends.append(context.span(parent)[1])
        at, parent = parent, context.parent(parent)
    if tuple(names) == _ENTERED:
        return ends[0], ends[2]
    if len(names) == 1:
        if names[0] in _COUNTS:
            return None
        if isinstance(parent, cst.Call) and parent.func is at:
            if names[0] in _ASSERTS or (names[0] in _ASSERTS_WITH and not parent.args):
                return None
    raise Unclear
