"""Rewriting a hub's client together with the variable that holds it.

Owns turning truth and None tests of that variable into `is_active()`.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.doubts import CLIENT_IS_NONE, USED_ELSEWHERE
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import uses_at
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.caught_errors import why_caught
from sentry_migrate.proof.truth_tests import negation, test_around
from sentry_migrate.rewrite.arguments import argument
from sentry_migrate.sdk.uses import Use

SET_CLIENT = "Call `set_client()` on the scope that should have the client."
"""What to do instead of giving a hub a client."""


def muted(fix: FixDraft, use: Use | cst.CSTNode) -> str:
    """How to write a client that sends nothing, in the place of none: for that, 2.x would look for
    the client of the scopes around. Raises NoName."""
    # Without a release, each client that is made asks git for one.
    text = f"{fix.api('Client', use)}(dsn='', release='', default_integrations=False)"
    node = use.node if isinstance(use, Use) else use
    around = fix.context.tree.enclosing(node, cst.FormattedString)
    return text.replace("'", '"') if around is not None and "'" in around.start else text


def set_given(fix: FixDraft, call: cst.Call, around: bool) -> bool:
    """Have `set_client()` take what `bind_client()` was given. Whether that is known to be None;
    `around` says whether there are other clients then that must not be used. Raises NoName."""
    given = argument(call, "new", 0)
    if given is None:
        return False
    if given.keyword is not None:
        fix.replace(given.keyword, "client")
    if not (isinstance(given.value, cst.Name) and given.value.value == "None"):
        return False
    if around:
        fix.replace(given.value, muted(fix, call))
    return True


@remembered
def client_fix(context: Context, node: cst.BaseExpression) -> FixDraft:
    """Replace `hub.client` and the tests of the variable it is assigned to. Raises NoName.

    The same fix for all that is asked about one node.
    """
    use = uses_at(context, node)[0]
    fix = context.fix("Replace with `get_client()`")
    fix.edit(use.start, use.end, fix.api("get_client", use) + "()")
    parent = context.parent(node)
    if isinstance(parent, cst.Attribute):
        return fix.unsafe(why_caught(context, node))
    binding = context.scopes.assigned_from(node)
    if binding is None:
        return fix.unsafe(CLIENT_IS_NONE)
    if len(binding.scope.bindings[binding.name]) > 1:
        fix.unsafe(USED_ELSEWHERE.about("the variable is also assigned elsewhere"))
    if isinstance(parent, cst.NamedExpr):
        walrus = test_around(context, node)
        if walrus is None:
            fix.unsafe(CLIENT_IS_NONE)
        else:
            _test_named(context, fix, walrus.node, walrus.negated, parent)
    for load in context.scopes.possible_reads(binding):
        test = test_around(context, load)
        if test is not None:
            text = negation(context, test, f"{load.value}.is_active()")
            fix.edit(*context.span(test.node), text)
            fix.message = "Replace with `get_client()` and `is_active()`"
        elif not isinstance(context.parent(load), cst.Attribute):
            fix.unsafe(CLIENT_IS_NONE)
        else:
            fix.unsafe(why_caught(context, load))
    if binding.scope.kind != "function":
        fix.unsafe(USED_ELSEWHERE)
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
