"""Rewriting a hub's client together with the variable that holds it.

Owns turning truth and None tests of that variable into `is_active()`.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.rules._caught import why_caught
from sentry_migrate.rules._context import Context, FixDraft
from sentry_migrate.rules._hub import loads_of
from sentry_migrate.rules._truth import negation, test_around
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.uses import Use

RELIES_ON_NONE = "the code that gets the client may test it for None, which `get_client()` never is"


def client_fix(context: Context, use: Use, node: cst.Attribute) -> FixDraft:
    """Replace `hub.client` and the tests of the variable it is assigned to. Raises NoName."""
    fix = context.fix("Replace with `get_client()`")
    fix.edit(use.start, use.end, fix.api("get_client", use) + "()")
    parent = context.parent(node)
    if isinstance(parent, cst.Attribute):
        return fix.unsafe(why_caught(context, node))
    binding = binding_of(context, node)
    if binding is None:
        return fix.unsafe(RELIES_ON_NONE)
    if len(binding.scope.bindings[binding.name]) > 1:
        fix.unsafe("the variable is assigned elsewhere too")
    if isinstance(parent, cst.NamedExpr):
        walrus = test_around(context, node)
        if walrus is None:
            fix.unsafe(RELIES_ON_NONE)
        else:
            _test_named(context, fix, walrus.node, walrus.negated, parent)
    for load in loads_of(context, binding):
        test = test_around(context, load)
        if test is not None:
            text = negation(context, test, f"{load.value}.is_active()")
            fix.edit(*context.span(test.node), text)
        elif not isinstance(context.parent(load), cst.Attribute):
            fix.unsafe(RELIES_ON_NONE)
        else:
            fix.unsafe(why_caught(context, load))
    if binding.scope.kind != "function":
        fix.unsafe("the variable can be read from other modules or methods")
    return fix


def _test_named(
    context: Context,
    fix: FixDraft,
    whole: cst.BaseExpression,
    negated: bool,
    named: cst.NamedExpr,
) -> None:
    """`(client := hub.client)` as a test: ask `is_active()` of it."""
    low, high = context.tree.outer(named)
    prefix = "not " if negated else ""
    bare = not named.lpar
    if prefix or bare:
        fix.edit(low, low, prefix + ("(" if bare else ""))
    end = context.span(whole)[1] if whole is not named else high
    fix.edit(high, end, (")" if bare else "") + ".is_active()")


def binding_of(context: Context, node: cst.CSTNode) -> Binding | None:
    """The variable a value is assigned to, by `=`, an annotation or `:=`."""
    parent = context.parent(node)
    target: cst.CSTNode | None = None
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
    elif isinstance(parent, cst.AnnAssign | cst.NamedExpr):
        target = parent.target
    if not isinstance(target, cst.Name):
        return None
    return context.scopes.bound_by(target)
