"""`hub._stack[-1]` → the client and the scope themselves."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.hub_members import is_kept
from sentry_migrate.rewrite.scope_pairs import Scopes


def take_top(
    context: Context, fix: FixDraft, member: cst.Attribute, scope: str, scopes: Scopes
) -> bool:
    """Take them of `scope`, which stands for the hub, if it has a client of its own. False where
    `member` is another one."""
    top = context.parent(member)
    if member.attr.value != "_stack" or not isinstance(top, cst.Subscript):
        return False
    around, code = context.parent(top), context.code(top)
    has_client = not (scopes.cloned or scopes.empty)
    if not has_client or not code.endswith("._stack[-1]"):
        raise NoForm(f"`{context.code(member)}` has no counterpart on a scope")
    client = f"{scope}.client"
    one = context.code(around).removeprefix(code) if isinstance(around, cst.Subscript) else ""
    targets = around.targets if isinstance(around, cst.Assign) else ()
    names = targets[0].target if len(targets) == 1 else None
    if around is not None and one in ("[0]", "[1]"):
        fix.replace(around, client if one == "[0]" else scope)
        if one == "[1]":
            _read(context, around)
    elif isinstance(names, cst.Tuple) and len(names.elements) == 2:
        taken = [element.value for element in names.elements]
        _read(context, taken[1])
        unread = [context.code(name) == "_" for name in taken]
        if unread[0] == unread[1]:
            fix.replace(top, f"{client}, {scope}")
        else:
            fix.replace(names, context.code(taken[unread[0]]))
            fix.replace(top, scope if unread[0] else client)
    else:
        raise NoForm(f"`{code}` is passed on")
    return True


def _read(context: Context, taken: cst.CSTNode) -> None:
    """Look at what is read of the scope that an expression gives or a name gets."""
    around = context.parent(taken)
    if isinstance(around, cst.Assign) and len(around.targets) == 1:
        taken = around.targets[0].target
    binding = context.scopes.bound_by(taken) if isinstance(taken, cst.Name) else None
    for read in context.scopes.possible_reads(binding) if binding is not None else (taken,):
        member = context.parent(read)
        name = member.attr.value if isinstance(member, cst.Attribute) else ""
        if not is_kept(name) and name != "_session":
            raise NoForm(f"`{context.code(member or read)}` has no counterpart on a scope")
