"""Rewriting a hub's client together with the variable that holds it.

Owns turning truth and None tests of that variable into `is_active()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import CLIENT_IS_NONE, USED_ELSEWHERE
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import uses_at
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.caught_errors import why_caught
from sentry_migrate.proof.truth_tests import Test, negation, test_around
from sentry_migrate.rewrite.arguments import argument
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Obj

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
    bindings = context.scopes.given_to(node)
    attributes = () if bindings else _reads_of_attribute(context, node)
    if not bindings:
        fix.unsafe(CLIENT_IS_NONE)
    if isinstance(parent, cst.NamedExpr) and bindings:
        walrus = test_around(context, node)
        if walrus is None:
            fix.unsafe(CLIENT_IS_NONE)
        else:
            _test_named(context, fix, walrus.node, walrus.negated, parent)
    for binding in bindings:
        reads = context.scopes.possible_reads(binding)
        _ask_active(context, fix, reads)
        if len(binding.scope.bindings[binding.name]) > 1:
            fix.unsafe(USED_ELSEWHERE.about("the variable is also assigned elsewhere"))
        if binding.scope.kind != "function":
            fix.unsafe(USED_ELSEWHERE)
    _ask_active(context, fix, attributes)
    return fix


def _reads_of_attribute(context: Context, value: cst.BaseExpression) -> list[cst.Attribute]:
    """Where the attribute is read that a value is assigned to."""
    targets = [target for target, given in _stores(context) if given is value]
    names = {target.attr.value for target in targets}
    return [
        one
        for one in (context.tree.nodes(cst.Attribute) if targets else ())
        if one.attr.value in names
        and not any(one is target for target in targets)
        and (client := context.values.instance(one, "Client")) is not None
        and client.node is value
    ]


def _stores(context: Context) -> Iterator[tuple[cst.Attribute, cst.BaseExpression | None]]:
    return (store for stores in context.scopes.attributes.values() for store in stores)


def _ask_active(context: Context, fix: FixDraft, reads: Sequence[cst.BaseExpression]) -> None:
    """Ask `is_active()` wherever what holds the client is tested."""
    for read in reads:
        test = test_around(context, read)
        if test is not None:
            fix.edit(*context.span(test.node), _asked(context, test, read))
            fix.message = "Replace with `get_client()` and `is_active()`"
        elif not isinstance(context.parent(read), cst.Attribute):
            fix.unsafe(CLIENT_IS_NONE)
        else:
            fix.unsafe(why_caught(context, read))


def _asked(context: Context, test: Test, read: cst.BaseExpression) -> str:
    """What asks of a variable or attribute that may be None whether it is an active client."""
    name = context.code(read)
    asked = f"{name}.is_active()"
    if _always_client(context, read):
        return negation(context, test, asked)
    bare = not test.negated and isinstance(context.parent(test.node), cst.If | cst.While)
    both = f"{name} is not None and {asked}"
    return both if bare else negation(context, test, f"({both})")


def _always_client(context: Context, read: cst.BaseExpression) -> bool:
    """Whether a client is all that is ever given to what is read, in this text."""
    values = context.values
    if isinstance(read, cst.Attribute):
        name = read.attr.value
        classes = (one for one in context.scopes.scopes.values() if one.kind == "class")
        given = [values.of(value) for _, value in context.scopes.attributes.get(name, ())]
        if any(name in one.bindings for one in classes):
            return False
    else:
        assert isinstance(read, cst.Name)
        given = [values.bound(one) for one in context.scopes.reaching(read)]
    return all(isinstance(one, Obj) and one.type == "Client" for one in given)


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
