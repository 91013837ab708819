"""A parameter that is given the active hub → nothing: the functions of 2.x find the active scopes.

Owns removing it, from the function and from all of its calls, with all its uses. Refuses to know
who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.modules import may_take_hub
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.hubs import judge
from sentry_migrate.rewrite.arguments import remove
from sentry_migrate.rewrite.classes import end_of
from sentry_migrate.rewrite.hub_holders import is_reached_by_name
from sentry_migrate.sdk.parameters import arguments
from sentry_migrate.text.edits import Edit

Cover = Callable[[Iterable[cst.CSTNode]], "list[FixDraft] | None"]
"""Fixes that together replace all of some reads; None where one has none."""


def without_parameter(context: Context, given: cst.CSTNode, cover: Cover) -> FixDraft | None:
    """The fix that removes the parameter which is given a hub in this place; None where it is not
    an argument, or one of the function's calls or of the parameter's uses has no form."""
    arg = context.parent(given)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return None
    bindings = context.scopes.reaching(call.func) if isinstance(call.func, cst.Name) else ()
    function = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(function, cst.FunctionDef) or bindings[0].scope.kind == "class":
        return None
    for param in function.params.params:
        calls = _calls(context, function, param)
        if calls.get(call) is arg:
            if is_reached_by_name(context, bindings[0]):
                return None
            return _Removal.of(context, function, param).fix(cover)
    return None


def without_annotated(context: Context, part: cst.CSTNode, cover: Cover) -> FixDraft | None:
    """The same for the parameter whose annotation has this part."""
    param = context.tree.enclosing(part, cst.Param)
    function = context.parent(context.parent(param) or param) if param is not None else None
    if param is None or param.annotation is None or not isinstance(function, cst.FunctionDef):
        return None
    for arg in _calls(context, function, param).values():
        return without_parameter(context, arg.value, cover)
    return None


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
        if not _is_plain(context, function) or binding is None:
            return None
        if len(binding.scope.bindings[binding.name]) > 1:
            return None
        fix = context.fix(f"Remove the parameter `{param.name.value}`")
        for call, arg in calls.items():
            hub = context.values.instance(arg.value, "Hub")
            status = judge(context, hub, arg.value) if hub is not None else None
            if status is None or not status.known:
                return None
            fix.unsafe(status.doubt).add([remove(context, call, arg)])
        own = {id(arg.value) for arg in calls.values()}
        reads = context.scopes.possible_reads(binding)
        parts = cover([read for read in reads if id(read) not in own])
        if parts is None:
            return None
        for part in parts:
            fix.include(part)
        return fix.add([_without(context, function, param)])


def _calls(
    context: Context, function: cst.FunctionDef, param: cst.Param
) -> dict[cst.Call, cst.Arg]:
    """What all calls of a function give a parameter; nothing where that cannot be seen."""
    annotation = context.code(param.annotation) if param.annotation is not None else ""
    if not may_take_hub(param.name.value, annotation):
        return {}  # nobody has looked who else calls the function
    return dict(arguments(context.tree, context.scopes, function, param) or {})


def _is_plain(context: Context, function: cst.FunctionDef) -> bool:
    """Whether the function runs where it is called, and says what it takes in its parameters
    alone."""
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
    generic = getattr(function, "type_parameters", None) is not None
    return not (runs_later or typed or generic or function.decorators)


def _without(context: Context, function: cst.FunctionDef, param: cst.Param) -> Edit:
    """The edit that takes a parameter out of a function, with one comma."""
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
