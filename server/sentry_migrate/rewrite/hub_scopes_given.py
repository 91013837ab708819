"""`Hub(client, scope)` → the scope itself, which gets the client.

Owns seeing that the scope is made for this hub alone.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_members import is_kept, is_of_current
from sentry_migrate.rewrite.scope_pairs import Scopes
from sentry_migrate.sdk.uses import Use

_RUNS = (cst.For, cst.While, cst.FunctionDef, cst.Lambda, cst.ClassDef)


def of_given_scope(
    context: Context, fix: FixDraft, use: Use, call: cst.Call, inactive: bool
) -> Scopes:
    """The scope that a hub is given, with the client, which gets its own line; `inactive` if it is
    active nowhere. Raises NoForm and NoName."""
    client, scope = (arg.value for arg in call.args)
    if not isinstance(scope, cst.Name) or not _is_for_hub_alone(context, scope, call):
        raise NoForm("the hub is given a scope as well")
    statement = context.parent(call)
    if isinstance(statement, cst.WithItem):
        line = context.parent(statement)
    else:
        line = context.tree.enclosing(call, cst.SimpleStatementLine)
    start = context.span(line)[0] if line is not None else 0
    lines, text = context.tree.lines, context.tree.text
    begin = lines.start(lines.line_of(start))
    alone = isinstance(line, cst.With) and context.parent(line.items[0].item) is statement
    alone |= isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    if line is None or not alone or text[begin:start].strip():
        raise NoForm("the hub is made in a line with other statements")
    setting = f"{scope.value}.set_client({context.code(client)})"
    fix.edit(start, start, f"{setting}{lines.newline_at(start)}{text[begin:start]}")
    current = "" if inactive else f"{fix.api('Scope', use)}()"
    return Scopes(scope.value, current, own=True, inactive=inactive)


def _is_for_hub_alone(context: Context, scope: cst.Name, call: cst.Call) -> bool:
    """Whether a variable has a new scope, which is used for the hub alone, and else for setting
    data on it."""
    bindings = context.scopes.reaching(scope)
    made = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
    if (
        not isinstance(made, cst.Call)
        or made.args
        or context.values.path(made.func) != "sentry_sdk.Scope"
        or len(bindings[0].scope.bindings[scope.value]) > 1
        or context.tree.enclosing(made, *_RUNS) is not context.tree.enclosing(call, *_RUNS)
    ):
        return False
    for read in context.scopes.possible_reads(bindings[0]):
        member = context.parent(read)
        name = member.attr.value if isinstance(member, cst.Attribute) else ""
        if read is not scope and (not is_kept(name) or is_of_current(name)):
            return False
    return bindings[0].scope is not context.scopes.module
