"""Of which class of a module its functions give an instance, and what methods call its attributes.

Owns reading that from `return`, as the text has it. Refuses to know what instances have.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from sentry_migrate.project.syntax_nodes import dotted


def member(target: ast.expr, own: str) -> str:
    """The name of an attribute of `own`, or of a class whose body assigns it; else empty."""
    if not own:
        return target.id if isinstance(target, ast.Name) else ""
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return ""
    return target.attr if target.value.id == own else ""


def made_by(node: ast.AST, inside: Sequence[ast.AST], classes: Collection[str]) -> str:
    """The one of these classes of which a function, with what runs `inside`, gives instances; empty
    if it may give anything else."""
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return ""
    given: set[str] = set()
    for one in inside:
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return ""
        if isinstance(one, ast.Return):
            given.add(_made(one.value, inside))
    if node.returns is not None:
        said = node.returns
        quoted = isinstance(said, ast.Constant) and isinstance(said.value, str)
        given = {str(said.value) if isinstance(said, ast.Constant) and quoted else dotted(said)}
    made = given.pop() if len(given) == 1 else ""
    return made if made in classes else ""


def _made(value: ast.expr | None, inside: Sequence[ast.AST]) -> str:
    """The name of what an expression calls, or a variable that is given a value once."""
    if isinstance(value, ast.Name):
        stores = [
            one
            for one in inside
            if isinstance(one, ast.Name)
            and one.id == value.id
            and not isinstance(one.ctx, ast.Load)
        ]
        values = [
            one.value
            for one in inside
            if isinstance(one, ast.Assign) and [*map(dotted, one.targets)] == [value.id]
        ]
        value = values[0] if len(stores) == len(values) == 1 else None
    return dotted(value.func) if isinstance(value, ast.Call) else ""
