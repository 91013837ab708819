"""Comments that say what an annotation would: `# type: (Hub) -> None`.

Owns where they stand. Refuses to know what they mean.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import lru_cache

import libcst as cst

from sentry_migrate.python.tree import Tree
from sentry_migrate.text.spans import Span

_TYPE = re.compile(r"#\s*type:\s*(?!ignore\b)([^#]+)")


def of_assignment(tree: Tree, target: cst.CSTNode) -> str:
    """The type in a comment behind `target = …`; empty without one."""
    statement = tree.parent(tree.parent(target) or target)
    line = tree.parent(statement) if statement is not None else None
    if not isinstance(statement, cst.Assign) or not isinstance(line, cst.SimpleStatementLine):
        return ""
    if len(statement.targets) > 1 or len(line.body) > 1:
        return ""
    return _said(line.trailing_whitespace.comment)


def of_result(function: cst.FunctionDef) -> str:
    """The type of what a function gives; empty without a comment."""
    signature = _signature(function)
    return "" if signature is None else ast.unparse(signature.returns)


def of_parameter(function: cst.FunctionDef, param: cst.Param) -> str:
    """The type of a parameter, in a comment behind it or in the function's; empty without one."""
    behind: list[object] = [param.whitespace_after_param]
    if isinstance(param.comma, cst.Comma):
        behind.append(param.comma.whitespace_after)
    for space in behind:
        if isinstance(space, cst.ParenthesizedWhitespace):
            if said := _said(space.first_line.comment):
                return said
    signature = _signature(function)
    given = function.params
    stars = [
        one if isinstance(one, cst.Param) else None for one in (given.star_arg, given.star_kwarg)
    ]
    params = [
        one
        for one in (*given.posonly_params, *given.params, stars[0], *given.kwonly_params, stars[1])
        if one is not None
    ]
    if signature is None:
        return ""
    types = signature.argtypes
    at = [id(one) for one in params].index(id(param)) - (len(params) - len(types))
    skipped = len(params) - len(types)  # `self` may be omitted
    return ast.unparse(types[at]) if skipped in (0, 1) and at >= 0 else ""


def _signature(function: cst.FunctionDef) -> ast.FunctionType | None:
    body = function.body
    if not isinstance(body, cst.IndentedBlock):
        return None
    comments = [body.header.comment]
    first = body.body[0] if body.body else None
    if isinstance(first, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        comments += [line.comment for line in first.leading_lines[:1]]
    said = next((one for one in map(_said, comments) if one.startswith("(")), "")
    return _parsed(said) if said else None


@lru_cache(maxsize=64)
def _parsed(signature: str) -> ast.FunctionType | None:
    """The signature, which is asked for again for each parameter."""
    try:
        return ast.parse(signature, mode="func_type")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _said(comment: cst.Comment | None) -> str:
    match = _TYPE.match(comment.value) if comment is not None else None
    return match.group(1).strip() if match is not None else ""


def types_of(tree: Tree, function: cst.FunctionDef) -> Sequence[Span] | None:
    """Where a comment on a function has the type of each of its parameters, which are given by
    position or name; empty if it is `(...)`, None if there is none like that."""
    params, signature = function.params, _signature(function)
    begin, end = tree.span(function)
    found = _SIGNATURE.search(tree.text, begin, end)
    others = params.star_arg, params.kwonly_params, params.star_kwarg, params.posonly_params
    if signature is None or found is None or any(isinstance(one, cst.Param) for one in others):
        return None
    said, types = found[1], signature.argtypes
    if any(others[1::2]) or not said.isascii() or "*" in said:
        return None
    if [ast.unparse(one) for one in types] == ["..."]:
        return ()
    if len(types) != len(params.params) or said.strip() != said:
        return None
    at = found.start(1)
    return [(at + one.col_offset, at + (one.end_col_offset or 0)) for one in types]


_SIGNATURE = re.compile(r"#[ \t]*type:[ \t]*(\([^#\r\n]*[^#\s])")
