"""The text of a callback where it is called or written out: parentheses and comments."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.python.bindings import walk
from sentry_migrate.sdk.import_needs import NoName


def is_primary(node: cst.BaseExpression) -> bool:
    """Whether the expression can be called, and broken inside brackets only."""
    return isinstance(node, cst.Call | cst.Attribute | cst.Name | cst.Subscript)


def needs_parentheses(body: cst.BaseExpression, text: str) -> bool:
    """Whether a lambda's body spans lines by way of the parentheses of the call around it."""
    return not body.lpar and not is_primary(body) and ("\n" in text or "\r" in text)


def called(context: Context, callback: cst.BaseExpression) -> str:
    """The callback as written, ready to be called."""
    low, high = context.tree.outer(callback)
    text = context.tree.text[low:high]
    return text if callback.lpar or is_primary(callback) else f"({text})"


def refuse_losses(context: Context, call: cst.Call, kept: cst.CSTNode) -> None:
    """Raise NoName where the call holds a comment that replacing it would lose, or where what is
    kept would make a generator of the function around it."""
    text = context.tree.text
    start, end = context.tree.outer(call)
    low, high = context.tree.outer(kept)
    opening = context.tree.outer(call.func)[1]
    if "#" in text[start : context.span(call)[0]] + text[opening:low] + text[high:end]:
        raise NoName("there is a comment inside the call")
    if any(isinstance(node, cst.Yield) for node in walk(kept)):
        raise NoName("the lambda is a generator")
