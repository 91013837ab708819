"""Mutants of a module: its syntax with one thing changed.

Owns what is changed into what. Left alone is what no run can notice or what is for people only:
annotations, docstrings, imports, assertions, and the words of errors.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One change. `number` counts the mutants of a module from 0, in the order of its syntax."""

    number: int
    line: int
    """From 1."""
    function: str
    """The qualified name of the function or class that holds it; empty at the top."""
    statement: str
    """The first line of the statement that holds it, as Python would write it."""
    before: str
    after: str

    def __str__(self) -> str:
        change = (
            self.before if self.before == self.statement else f"{self.before} in {self.statement}"
        )
        return f"{self.line}: {self.function or 'module'}: {change} → {self.after or 'nothing'}"


@dataclass(frozen=True)
class _Site:
    node: ast.AST
    put: Callable[[ast.AST], None]
    """Sets another node in this one's place."""
    function: str
    statement: ast.stmt


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module's text."""
    return [
        Mutant(
            number,
            getattr(site.node, "lineno", site.statement.lineno),
            site.function,
            _first_line(site.statement),
            _first_line(site.node),
            "" if isinstance(other, ast.Pass) else _first_line(other),
        )
        for number, (site, other) in enumerate(_changes(ast.parse(source)))
    ]


def compiled(source: str, number: int, path: str) -> CodeType:
    """The code of the module with the mutant of this number."""
    tree = ast.parse(source)
    for at, (site, other) in enumerate(_changes(tree)):
        if at == number:
            site.put(ast.copy_location(other, site.node))
            return compile(ast.fix_missing_locations(tree), path, "exec")
    raise IndexError(f"there is no mutant {number}")


def _changes(tree: ast.Module) -> Iterator[tuple[_Site, ast.AST]]:
    for site in list(_sites(tree, "", None)):
        for other in _others(site.node):
            yield site, other


def _sites(parent: ast.AST, function: str, statement: ast.stmt | None) -> Iterator[_Site]:
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list", "ctx", "op", "ops"):
            continue
        several = isinstance(value, list)
        for index, node in enumerate(value if several else [value]):
            if not isinstance(node, ast.AST) or _for_people(node):
                continue
            holder = node if isinstance(node, ast.stmt) else statement
            inside = function
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = f"{function}.{node.name}".lstrip(".")
            if holder is not None:

                def put(
                    other: ast.AST, field: str = field, at: int | None = index if several else None
                ) -> None:
                    if at is None:
                        setattr(parent, field, other)
                    else:
                        getattr(parent, field)[at] = other

                yield _Site(node, put, inside, holder)
            if not isinstance(node, ast.Raise):
                yield from _sites(node, inside, holder)


def _for_people(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, ast.Assign):
        return "__slots__" in ast.unparse(node.targets[0])
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the node's place."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _COMPARED[type(node.ops[0])]:
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for left_out in range(len(node.values)):
            rest = [part for at, part in enumerate(node.values) if at != left_out]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        yield ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield _like(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            rest = [test for number, test in enumerate(node.ifs) if number != at]
            yield ast.comprehension(node.target, node.iter, rest, node.is_async)
    else:
        yield from _statements(node)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        pass  # without it the function is no generator, which says nothing
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Delete):
        yield ast.Pass()


def _constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}§" if value else "§")


def _like(node: ast.If | ast.While | ast.IfExp, test: ast.expr) -> ast.AST:
    return type(node)(**{**dict(ast.iter_fields(node)), "test": test})


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).lstrip().splitlines()[0]
