"""Functions, properties and fields that only give the active hub → nothing, with all their uses.

Owns whether one goes. Refuses to know what becomes of the hub where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import attributes_by_name, strings_by_text
from sentry_migrate.proof.taken_members import is_read_elsewhere
from sentry_migrate.rewrite.active_hubs import covering
from sentry_migrate.rewrite.hub_holders import NoForm, asked_from, is_reached_by_name
from sentry_migrate.rewrite.statements import delete_statement
from sentry_migrate.sdk.given_arguments import given_field
from sentry_migrate.text.edits import Edit, EditSet

_OUTSIDE = "code outside this file may use `{}`, which is removed"


def without_function(
    context: Context, hub: cst.BaseExpression, drafts: Sequence[Draft]
) -> FixDraft | None:
    """The fix that removes what returns this hub, and rewrites all its uses; None where one has no
    counterpart, or nothing uses it: it is for other code then."""
    function = only_returns(context, hub)
    if function is None or strings_by_text(context).get(function.name.value):
        return None
    try:
        places = asked_from(context, hub, [hub]).places
    except NoForm:
        return None
    parts = covering(drafts, places, context)
    deletion = _delete(context, function)
    if not places or parts is None or deletion is None:
        return None
    name = function.name.value
    return _together(context, name, parts, deletion)


def _together(
    context: Context, name: str, parts: Sequence[FixDraft], deletion: Edit
) -> FixDraft | None:
    fix = context.fix(f"Rewrite all uses and remove `{name}`")
    fix.unsafe(USED_ELSEWHERE.about(_OUTSIDE.format(name)))
    for part in parts:
        fix.include(part)
    fix.add([deletion])
    return fix if EditSet().accept(fix.edits) else None


def _calls(context: Context, read: cst.CSTNode) -> bool:
    """Whether a class is called here, with arguments that can be seen."""
    call = context.parent(read)
    called = isinstance(call, cst.Call) and call.func is read
    return called and isinstance(call, cst.Call) and not any(arg.star for arg in call.args)


def without_field(
    context: Context, hub: cst.BaseExpression, drafts: Sequence[Draft]
) -> FixDraft | None:
    """The like for the field of a dataclass that has this hub unless it is given another, which
    nothing does."""
    made = context.parent(hub)
    statement = context.tree.enclosing(hub, cst.AnnAssign, cst.FunctionDef, cst.ClassDef)
    field = statement.target if isinstance(statement, cst.AnnAssign) else None
    holder = context.scopes.scope_of(field).node if field is not None else None
    if not isinstance(made, cst.Lambda) or not isinstance(field, cst.Name):
        return None
    assert isinstance(statement, cst.AnnAssign)
    binding = context.scopes.bound_by(holder) if isinstance(holder, cst.ClassDef) else None
    deletion = (
        delete_statement(context, statement) if isinstance(statement, cst.AnnAssign) else None
    )
    if binding is None or deletion is None or is_reached_by_name(context, binding):
        return None
    name, low, high = field.value, *context.span(binding.node)
    reads = attributes_by_name(context).get(name, ())
    if (
        strings_by_text(context).get(name)
        or is_read_elsewhere(context, name)
        or context.scopes.attributes.get(name)
        or any(given_field(context.tree, context.scopes, field))
        or any(not low <= context.span(one)[0] < high for one in reads)
        or not all(map(partial(_calls, context), context.scopes.possible_reads(binding)))
    ):
        return None
    parts = covering(drafts, reads, context)
    deletion = delete_statement(context, statement)
    if not reads or parts is None or deletion is None:
        return None
    return _together(context, name, parts, deletion)


def only_returns(context: Context, hub: cst.CSTNode) -> cst.FunctionDef | None:
    """The function that does nothing but return this hub."""
    function = context.function(hub)
    returned = context.parent(hub)
    if not isinstance(function, cst.FunctionDef) or not isinstance(returned, cst.Return):
        return None
    line = context.parent(returned)
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        return None
    others = [one for one in function.body.body if one is not line]
    plain = len(others) == (function.get_docstring() is not None)
    return function if plain and context.parent(line) is function.body else None


def _delete(context: Context, function: cst.FunctionDef) -> Edit | None:
    """Remove a function with its lines, and the blank ones above it."""
    block = context.parent(function)
    if not isinstance(block, cst.Module | cst.IndentedBlock) or len(block.body) < 2:
        return None
    lines, text = context.tree.lines, context.tree.text
    first, end = context.span(function)
    first = min((context.span(one)[0] for one in function.decorators), default=first)
    start, end = lines.start(lines.line_of(first)), lines.next_start(lines.line_of(end))
    at = block.body.index(function)
    if at == 0:
        return Edit(start, end + len(text[end:]) - len(text[end:].lstrip("\r\n")), "")
    while start > 0 and not text[(above := lines.start(lines.line_of(start) - 1)) : start].strip():
        start = above
    return Edit(start, end, "")
