"""Rewriting `configure_scope(callback)` and `push_scope(callback)`.

Owns turning the callback form into a call on the scope: a lambda of one expression is written out,
a function is called.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import (
    BLOCK_RUNS_OTHER_CODE,
    FORKS_ISOLATION,
    PASSED_SCOPE,
    RETURN_VALUE,
)
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.proof.given_scopes import only_sets
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.proof.library import ROUTED
from sentry_migrate.proof.scope_blocks import CALLBACK, obstacle_or_doubt
from sentry_migrate.python.bindings import Scope
from sentry_migrate.rewrite.callables import called, is_primary, needs_parentheses, refuse_losses
from sentry_migrate.rewrite.callback_scope_uses import (
    UNSEEN,
    callback_doubts,
    callback_of,
    function_of,
    parameter_of,
    route_function,
    uses_of,
)
from sentry_migrate.rewrite.configure_scope import staying
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import Edit, apply

_NOT_VISIBLE = "the callback isn't visible here"
_OWN = FORKS_ISOLATION.about("also forks the isolation scope, which this callback doesn't need")


def configure_callback(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `configure_scope(callback)`."""
    call = use.call
    callback = callback_of(call) if call is not None else None
    if call is None or callback is None:
        return
    fix = context.fix("Replace with `get_isolation_scope()`")
    try:
        if isinstance(callback, cst.Lambda):
            refuse_losses(context, call, callback.body)
            text = _written_out(context, fix, use, callback)
            fix.edit(*context.span(call), text)
            if "get_current_scope" in text and "get_isolation_scope" not in text:
                fix.message = "Replace with `get_current_scope()`"
        else:
            scope = fix.api("get_isolation_scope", use)
            refuse_losses(context, call, callback)
            fix.edit(*context.span(call), f"{called(context, callback)}({scope}())")
            route_function(context, fix, use, callback)
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error, "Use `sentry_sdk.get_isolation_scope()`."))
        return
    fix.unsafe(timing_of(context, call).doubt)
    shown = callback if isinstance(callback, cst.Lambda) else function_of(context, callback)
    for doubt in callback_doubts(context, shown) if shown is not None else ():
        fix.unsafe(doubt)
    if not isinstance(context.parent(call), cst.Expr):
        fix.unsafe(RETURN_VALUE)
    yield context.finding(use, fix)


def _written_out(context: Context, fix: FixDraft, use: Use, callback: cst.Lambda) -> str:
    """The lambda's body with the scope in place of its parameter. Raises NoName."""
    param = parameter_of(callback)
    low, high = context.tree.outer(callback.body)
    edits: dict[Edit, None] = {}
    seen: set[int] = set()
    for one in uses_of(context, param) if param is not None else ():
        member = one.trigger.partition(".")[2]
        if member and isinstance(one.node, cst.Attribute):
            base = one.node.value
            getter = "get_current_scope" if member in ROUTED else "get_isolation_scope"
            seen.add(id(base))
            if member in ROUTED:
                for doubt in staying(context, [one]):
                    fix.unsafe(doubt)
            start, end = context.tree.outer(base)
            edits[Edit(start - low, end - low, fix.api(getter, use) + "()")] = None
    for one in uses_of(context, param) if param is not None else ():
        if one.trigger == "=Scope" and id(one.node) not in seen:
            start, end = context.span(one.node)
            edits[Edit(start - low, end - low, fix.api("get_isolation_scope", use) + "()")] = None
            if not only_sets(context, one.node):
                fix.unsafe(PASSED_SCOPE)
    text = apply(context.tree.text[low:high], edits)
    inner = context.scopes.scopes.get(id(callback))
    if _would_capture(context, inner, callback, use):
        raise NoName("names in the lambda have a different meaning outside it")
    alone = use.call is not None and isinstance(context.parent(use.call), cst.Expr)
    if not alone and not is_primary(callback.body) and not callback.body.lpar:
        return f"({text})"
    return f"({text})" if needs_parentheses(callback.body, text) else text


def _would_capture(context: Context, inner: Scope | None, callback: cst.Lambda, use: Use) -> bool:
    """Whether other parameters of the lambda (defaults) are read in its body."""
    param = parameter_of(callback)
    if inner is None:
        return False
    others = [name for name in inner.bindings if param is None or name != param.name.value]
    return any(context.scopes.reads_in(inner, name) for name in others)


_MAY_BE_GIVEN = (
    "Use `isolation_scope()` without arguments; if a callback may be among them, call it inside "
    "the block with the scope."
)


def push_callback(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for `push_scope(callback)`: a `with` statement takes the place of the call."""
    call = use.call
    callback = callback_of(call) if call is not None else None
    if call is None:
        return
    if callback is None:
        yield context.finding(use, remedy=_MAY_BE_GIVEN)
        return
    statement = context.parent(call)
    line = context.parent(statement) if statement is not None else None
    if not isinstance(statement, cst.Expr) or not isinstance(line, cst.SimpleStatementLine):
        yield context.finding(
            use,
            remedy=(
                "Move the call to a statement; a `with` statement cannot go inside an expression."
            ),
        )
        return
    function = function_of(context, callback)
    shown = callback if isinstance(callback, cst.Lambda) else function
    seen = shown.body if shown is not None else None
    why, assumed = _NOT_VISIBLE, None
    if seen is not None and shown is not None:
        source = parameter_of(shown) or shown
        why, assumed = obstacle_or_doubt(context, [seen], source, CALLBACK)
    best = "isolation_scope" if why else "new_scope"
    drafts = []
    for fork in (best, "new_scope" if why else "isolation_scope"):
        fix = context.fix(f"Replace with `with {fork}()`")
        try:
            _write_with(context, fix, use, callback, fork, line)
        except NoName as error:
            yield context.finding(use, remedy=by_hand(error, "Write a `with` statement."))
            return
        for doubt in callback_doubts(context, shown) if shown is not None else ():
            fix.unsafe(doubt)
        if fork != best:
            fix.unsafe(BLOCK_RUNS_OTHER_CODE.about(why) if why else _OWN)
        elif why and seen is None:
            fix.unsafe(UNSEEN)
        if fork == "new_scope":
            fix.unsafe(assumed)
        drafts.append(fix)
    yield context.finding(use, drafts[0], drafts[1:])


def _write_with(
    context: Context,
    fix: FixDraft,
    use: Use,
    callback: cst.BaseExpression,
    fork: str,
    line: cst.SimpleStatementLine,
) -> None:
    call = use.call
    assert call is not None
    if len(line.body) > 1:
        raise NoName("there are several statements on the line")
    tree = context.tree
    start = tree.outer(call)[0]
    newline = tree.lines.newline_at(tree.span(call)[1])
    inner = tree.lines.indent_at(start) + tree.module.default_indent
    if isinstance(callback, cst.Lambda):
        param = parameter_of(callback)
        name = param.name.value if param is not None else ""
        refuse_losses(context, call, callback.body)
        low, high = tree.outer(callback.body)
        text = tree.text[low:high]
        if fork == "isolation_scope" and param is not None:
            text = _routed_text(context, fix, use, param, low, high)
        if needs_parentheses(callback.body, text):
            text = f"({text})"
    else:
        name = _fresh(context, use, "scope")
        refuse_losses(context, call, callback)
        text = f"{called(context, callback)}({name})"
        if fork == "isolation_scope":
            route_function(context, fix, use, callback)
    taken = _fresh(context, use, name) if name else ""
    if name and taken != name:
        raise NoName(f"`{name}` already has a different meaning here")
    target = f" as {name}" if name else ""
    fix.edit(*tree.outer(call), f"with {fix.api(fork, use)}(){target}:{newline}{inner}{text}")


def _routed_text(
    context: Context, fix: FixDraft, use: Use, param: cst.Param, low: int, high: int
) -> str:
    edits: dict[Edit, None] = {}
    for one in uses_of(context, param):
        if one.trigger.partition(".")[2] in ROUTED and isinstance(one.node, cst.Attribute):
            start, end = context.tree.outer(one.node.value)
            edits[Edit(start - low, end - low, fix.api("get_current_scope", use) + "()")] = None
    return apply(context.tree.text[low:high], edits)


def _fresh(context: Context, use: Use, name: str) -> str:
    """`name`, or `name_2` and so on when the function already uses it."""
    scope = context.scopes.scope_of(use.node).function()
    taken = set(scope.bindings)
    if context.scopes.lookup(name, scope) is None and name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
