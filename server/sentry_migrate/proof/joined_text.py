"""What text an expression spells, put together of constants: `".".join([SDK, "push_scope"])`.

Owns joining, formatting and names of such texts in one file. Refuses to know what a text means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context

UNKNOWN = "\0"
"""Stands for a part of a text that cannot be told."""
_DEEPEST = 12
"""Expressions in each other that are looked through; a name counts as four."""
_FIELD = re.compile(r"\{[^{}]*\}")
_PERCENT = re.compile(r"%(?:\([^)]*\))?[sdr]")
_KINDS = (cst.BinaryOperation, cst.FormattedString, cst.ConcatenatedString, cst.Call)


def text_of(context: Context, node: cst.BaseExpression, depth: int = 0) -> str:
    """The text, with UNKNOWN for each part that cannot be told."""
    if depth > _DEEPEST:
        return UNKNOWN
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else value.decode("latin-1")
    if isinstance(node, cst.ConcatenatedString):
        return text_of(context, node.left, depth + 1) + text_of(context, node.right, depth + 1)
    if isinstance(node, cst.FormattedString):
        return "".join(_part(context, one, depth) for one in node.parts)
    if isinstance(node, cst.BinaryOperation):
        left = text_of(context, node.left, depth + 1)
        if isinstance(node.operator, cst.Add):
            return left + text_of(context, node.right, depth + 1)
        if isinstance(node.operator, cst.Modulo):
            parts = [node.right]
            if isinstance(node.right, cst.Tuple):
                parts = [one.value for one in node.right.elements]
            return _filled(_PERCENT, left, [text_of(context, one, depth + 1) for one in parts])
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _called(context, node, node.func, depth)
    if isinstance(node, cst.Name):
        bindings = context.scopes.reaching(node)
        given = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
        if isinstance(given, cst.BaseExpression) and bindings[0].kind == "assign":
            return text_of(context, given, depth + 4)
    return UNKNOWN


def literal(node: cst.BaseExpression) -> str:
    """What a string, or several that are put together, spell; empty for all else."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value.decode("latin-1") if isinstance(value, bytes) else value or ""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left, right = literal(node.left), literal(node.right)
        return left + right if left and right else ""
    return ""


def joining(context: Context) -> Iterator[cst.BaseExpression]:
    """The expressions of a text that may put texts together."""
    for kind in _KINDS:
        for node in context.tree.nodes(kind):
            if not isinstance(node, cst.Call) or _method(node) in ("format", "join", "replace"):
                yield node


def _part(context: Context, part: cst.BaseFormattedStringContent, depth: int) -> str:
    if isinstance(part, cst.FormattedStringText):
        return part.value
    assert isinstance(part, cst.FormattedStringExpression)
    return text_of(context, part.expression, depth + 1)


def _called(context: Context, call: cst.Call, func: cst.Attribute, depth: int) -> str:
    given = [one.value for one in call.args if one.keyword is None and not one.star]
    if func.attr.value == "join" and len(given) == 1:
        parts = given[0]
        if isinstance(parts, cst.List | cst.Tuple):
            between = text_of(context, func.value, depth + 1)
            values = [one.value for one in parts.elements]
            return between.join(text_of(context, one, depth + 1) for one in values)
    elif func.attr.value == "format" and len(given) == len(call.args):
        pattern = text_of(context, func.value, depth + 1)
        return _filled(_FIELD, pattern, [text_of(context, one, depth + 1) for one in given])
    elif func.attr.value == "replace" and len(given) == len(call.args) == 2:
        pattern, old, new = (text_of(context, one, depth + 1) for one in (func.value, *given))
        return pattern.replace(old, new) if UNKNOWN not in old else UNKNOWN
    return UNKNOWN


def _filled(field: re.Pattern[str], pattern: str, given: Sequence[str]) -> str:
    """A pattern with its fields filled in their order."""
    rest = iter(given)
    plain = all(one in ("{}", "%s") for one in field.findall(pattern))
    return field.sub(lambda _: next(rest, UNKNOWN) if plain else UNKNOWN, pattern)


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
