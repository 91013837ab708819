"""A parameter that is given the active hub → nothing: the functions of 2.x find the active scopes.

Owns removing it, from the function and from all of its calls, with all its uses. Where the calls
are in another file, each of the two has a fix, and they are made together. Refuses to know who
asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import libcst as cst

from sentry_migrate.doubts import Doubt, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import Site, drops_hub_key
from sentry_migrate.project.modules import hub_parameters
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.handed_hubs import given_as, taken_as
from sentry_migrate.proof.hubs import judge
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.arguments import positional, remove
from sentry_migrate.rewrite.classes import end_of, parameters
from sentry_migrate.rewrite.hub_holders import is_reached_by_name
from sentry_migrate.sdk.given_arguments import arguments
from sentry_migrate.sdk.type_comments import types_of
from sentry_migrate.text.edits import Edit

Cover = Callable[[Iterable[cst.CSTNode]], "list[FixDraft] | None"]
"""Fixes that together replace all of some reads; None where one has none."""

_TOGETHER = differs("the function and its calls in another file have to change together")


def without_parameter(context: Context, given: cst.CSTNode, cover: Cover) -> FixDraft | None:
    """The fix that removes the parameter which is given a hub in this place; None where it is not
    an argument or a default, or one of the function's calls or of the parameter's uses has no
    form."""
    arg = context.parent(given)
    if isinstance(arg, cst.Param) and arg.default is given:
        return _without_default(context, arg, cover)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return None
    bindings = context.scopes.reaching(call.func) if isinstance(call.func, cst.Name) else ()
    if len(bindings) != 1 or bindings[0].scope.kind == "class":
        return None
    function = bindings[0].node
    if bindings[0].kind == "import":
        at = next(index for index, one in enumerate(call.args) if one is arg)
        return _without_arguments(context, bindings[0], at)
    if isinstance(function, cst.FunctionDef):
        for param in function.params.params:
            if _calls(context, function, param).get(call) is arg:
                return _Removal.of(context, function, param).fix(cover)
    return None


def _without_default(context: Context, param: cst.Param, cover: Cover) -> FixDraft | None:
    """The fix that removes a parameter which no call gives anything."""
    function = context.parent(context.parent(param) or param)
    binding = context.scopes.bound_by(param)
    if not isinstance(function, cst.FunctionDef) or param not in function.params.params:
        return None
    at = function.params.params.index(param)
    calls = [context.parent(one) for one in context.scopes.reads_of_definition(function)]
    plain = binding is not None and len(binding.scope.bindings[binding.name]) == 1
    if not calls or not plain or not _is_plain(context, function, 0):
        return None
    for call, read in zip(calls, context.scopes.reads_of_definition(function), strict=True):
        if not isinstance(call, cst.Call) or call.func is not read:
            return None
        names = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        if any(arg.star for arg in call.args) or param.name.value in names:
            return None
        if len(call.args) - len(names) > at:
            return None
    parts = cover(context.scopes.possible_reads(binding)) if binding is not None else None
    if parts is None:
        return None
    fix = context.fix(f"Remove the parameter `{param.name.value}`")
    for part in parts:
        fix.include(part)
    return fix.add(_without(context, function, param))


def without_annotated(context: Context, part: cst.CSTNode, cover: Cover) -> FixDraft | None:
    """The same for the parameter whose annotation has this part."""
    param = context.tree.enclosing(part, cst.Param)
    function = context.parent(context.parent(param) or param) if param is not None else None
    if param is None or param.annotation is None or not isinstance(function, cst.FunctionDef):
        return None
    for arg in _calls(context, function, param).values():
        return without_parameter(context, arg.value, cover)
    return None


def given_by_others(context: Context, cover: Cover) -> Iterator[FixDraft]:
    """The fixes that remove the parameters which another file gives a hub."""
    for function in context.tree.module.body:
        if isinstance(function, cst.FunctionDef):
            for param in function.params.params:
                if _place(context, function, param):
                    fix = _Removal.of(context, function, param).fix(cover)
                    if fix is not None:
                        yield fix


class _Removal:
    """The removal of one parameter, made once for a text."""

    def __init__(self, context: Context, function: cst.FunctionDef, param: cst.Param) -> None:
        self._context = context
        self._function = function
        self._param = param
        self._known: FixDraft | None = None
        self._asked = False

    @staticmethod
    @remembered
    def of(context: Context, function: cst.FunctionDef, param: cst.Param) -> _Removal:
        return _Removal(context, function, param)

    def fix(self, cover: Cover) -> FixDraft | None:
        """The fix; None while it is being made too: functions that call each other stay."""
        if not self._asked:
            self._asked = True
            self._known = self._made(cover)
        return self._known

    def _made(self, cover: Cover) -> FixDraft | None:
        context, function, param = self._context, self._function, self._param
        calls = _calls(context, function, param)
        binding = context.scopes.bound_by(param)
        place = _place(context, function, param)
        if binding is None or not _is_plain(context, function, 1 if place else 0):
            return None
        if len(binding.scope.bindings[binding.name]) > 1 or not (calls or place):
            return None
        fix = context.fix(f"Remove the parameter `{param.name.value}`")
        for call, arg in calls.items():
            if not _leave_out(context, fix, call, arg):
                return None
        own = {id(arg.value) for arg in calls.values()}
        reads = context.scopes.possible_reads(binding)
        parts = cover([read for read in reads if id(read) not in own])
        if parts is None:
            return None
        for part in parts:
            fix.include(part)
        if place:
            line = context.tree.lines.line_of(context.span(function)[0]) + 1
            kind = drops_hub_key(taken_as(context, function, param))
            fix.unsafe(_together(place)).drops.append(Site(kind, line))
        return fix.add(_without(context, function, param))


@remembered
def _without_arguments(context: Context, binding: Binding, at: int) -> FixDraft | None:
    """The fix that gives an imported function of the project no hubs, if that drops the parameter;
    None where it is used in another way, or may be taken from here."""
    kind = drops_hub_key(given_as(context, binding, at))
    reads = context.scopes.reads_beside(binding)
    if kind == drops_hub_key("") or len(binding.scope.bindings[binding.name]) > 1:
        return None
    name = binding.path.rpartition(".")[2]
    here = len(re.findall(rf"\b{re.escape(name)}\b", context.tree.text))
    calls = len(reads) if binding.name == name else 0
    if is_reached_by_name(context, binding) or here != calls + 1:
        return None
    fix = context.fix("Pass no hub").unsafe(_together(context.elsewhere(kind)))
    line = context.tree.lines.line_of(context.span(binding.node)[0]) + 1
    fix.awaits.append(Site(kind, line))
    for read in reads:
        call = context.parent(read)
        if not isinstance(call, cst.Call) or call.func is not read:
            return None
        arg = positional(call, at)
        hubs = [one for one in call.args if context.values.instance(one.value, "Hub") is not None]
        starred = any(one.star for one in call.args)
        if arg is None or starred or hubs != [arg] or not _leave_out(context, fix, call, arg):
            return None
    return fix


def _together(place: str) -> Doubt:
    return differs(f"{_TOGETHER.reason}: {place}") if place else _TOGETHER


def _leave_out(context: Context, fix: FixDraft, call: cst.Call, arg: cst.Arg) -> bool:
    """Have a call give no hub. False where it is not the one that is active there."""
    hub = context.values.instance(arg.value, "Hub")
    status = judge(context, hub, arg.value) if hub is not None else None
    if status is None or not status.known:
        return False
    fix.unsafe(status.doubt).add([remove(context, call, arg)])
    return True


def _calls(
    context: Context, function: cst.FunctionDef, param: cst.Param
) -> dict[cst.Call, cst.Arg]:
    """What all calls of a function give a parameter; nothing where that cannot be seen."""
    if not _is_looked_for(context, param):
        return {}
    return dict(arguments(context.tree, context.scopes, function, param) or {})


def _is_looked_for(context: Context, param: cst.Param) -> bool:
    """Whether it is known who else takes the function of such a parameter."""
    function = context.parent(context.parent(param) or param)
    known = hub_parameters(context.tree.text)
    return isinstance(function, cst.FunctionDef) and (
        (function.name.value, param.name.value) in known
    )


def _place(context: Context, function: cst.FunctionDef, param: cst.Param) -> str:
    """Where another file, the only one that takes the function, gives it a hub; empty where none
    does, or calls in this file are unclear."""
    binding = context.scopes.bound_by(function)
    if binding is None or context.imports.takers(binding) != 1:
        return ""
    if [one for one in parameters(function) if _is_looked_for(context, one)] != [param]:
        return ""
    if arguments(context.tree, context.scopes, function, param) is None:
        return ""
    kind = taken_as(context, function, param)
    return context.elsewhere(kind) if kind else ""


def _is_plain(context: Context, function: cst.FunctionDef, takers: int) -> bool:
    """Whether the function runs where it is called, by its name, and says what it takes in its
    parameters alone. There may be so many files that take it."""
    runs_later = contains(function.body, cst.Yield) or (
        function.asynchronous is not None
        and not all(
            isinstance(context.parent(context.parent(read) or read), cst.Await)
            for read in context.scopes.reads_of_definition(function)
        )
    )
    start, end = context.span(function)
    head = context.tree.text[start : context.span(function.body)[0]]
    first = context.tree.text[start:end].partition("\n")[2].lstrip()
    typed = "# type:" in head or first.startswith("# type:")
    typed = typed and types_of(context.tree, function) is None
    generic = getattr(function, "type_parameters", None) is not None
    binding = context.scopes.bound_by(function)
    return not (
        runs_later
        or typed
        or generic
        or function.decorators
        or binding is None
        or len(binding.scope.bindings[binding.name]) > 1
        or is_reached_by_name(context, binding, takers)
    )


def _without(context: Context, function: cst.FunctionDef, param: cst.Param) -> list[Edit]:
    """The edits that take a parameter out of a function and out of the comment with its types."""
    types = types_of(context.tree, function)
    edit = _without_name(context, function, param)
    if not types:
        return [edit]
    at = function.params.params.index(param)
    start, end = types[at]
    if types[at + 1 :]:
        end = types[at + 1][0]
    elif at:
        start = types[at - 1][1]
    return [edit, Edit(start, end, "")]


def _without_name(context: Context, function: cst.FunctionDef, param: cst.Param) -> Edit:
    """The edit that takes a parameter out of the list of them, with one comma."""
    text, params = context.tree.text, function.params.params
    at = next(index for index, one in enumerate(params) if one is param)
    start, end = context.span(param)[0], end_of(context, param)
    comma = re.compile(r"\s*,[^\S\r\n]*").match(text, end)
    before = end_of(context, params[at - 1]) if at else start
    if comma is None and before < start:
        return Edit(before, end, "")
    if comma is None:
        return Edit(start, end, "")
    lines, after = context.tree.lines, comma.end()
    line = lines.start(lines.line_of(start))
    rest = text[after : lines.end(lines.line_of(after))]
    if not text[line:start].strip() and not rest.strip():
        return Edit(line, lines.next_start(lines.line_of(after)), "")
    return Edit(start, after, "")
