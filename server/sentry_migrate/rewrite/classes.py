"""Classes that extend a class of the SDK: what they define, where a method or class can go."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.python.bindings import walk
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import Edit


def class_of(use: Use) -> cst.ClassDef | None:
    """The class of a `class:` use; None where another of its bases could be the one that counts."""
    node = use.node
    return node if isinstance(node, cst.ClassDef) and len(node.bases) == 1 else None


def methods(node: cst.ClassDef) -> dict[str, cst.FunctionDef]:
    """The methods written in the class itself, by name."""
    return {
        statement.name.value: statement
        for statement in node.body.body
        if isinstance(statement, cst.FunctionDef)
    }


def defines(context: Context, node: cst.ClassDef, name: str) -> bool:
    """Whether the class gives a name any meaning, as a method or in another way."""
    return name in context.scopes.scopes[id(node)].bindings


def parameters(function: cst.FunctionDef) -> list[cst.Param]:
    """The positional parameters, `self` included."""
    return [*function.params.posonly_params, *function.params.params]


def end_of(context: Context, param: cst.Param) -> int:
    """Where a parameter ends, its annotation and default included."""
    ends = [context.span(param)[1]]
    if param.annotation is not None:
        ends.append(context.tree.outer(param.annotation.annotation)[1])
    if param.default is not None:
        ends.append(context.tree.outer(param.default)[1])
    return max(ends)


def mentions(context: Context, node: cst.CSTNode, name: str) -> bool:
    """Whether an attribute of this name is used inside."""
    return any(isinstance(one, cst.Attribute) and one.attr.value == name for one in walk(node))


def only_a_base(context: Context, node: cst.ClassDef) -> bool:
    """Whether the class is used only as a base class in this file."""
    loads = context.scopes.reads_of_definition(node)
    return bool(loads) and all(
        isinstance(context.parent(context.parent(load) or load), cst.ClassDef) for load in loads
    )


def after(context: Context, function: cst.FunctionDef, lines: list[str]) -> Edit:
    """The edit that writes a method behind another; each line indented from the class by tabs."""
    tree = context.tree
    start, end = tree.span(function)
    at = tree.lines.end(tree.lines.line_of(end))
    newline = tree.lines.newline_at(start)
    indent = tree.lines.indent_at(start)
    step = tree.module.default_indent
    text = newline + "".join(newline + indent + one.replace("\t", step) for one in lines)
    return Edit(at, at, text)


def at_start(context: Context, function: cst.FunctionDef, lines: list[str]) -> Edit | None:
    """The edit that writes lines above the first statement of a function, after its docstring; each
    indented from there by tabs. None for a function on one line, or that has nothing else."""
    tree, body = context.tree, function.body
    if not isinstance(body, cst.IndentedBlock):
        return None
    documented = function.get_docstring(clean=False) is not None
    if len(body.body) <= documented:
        return None
    start = tree.span(body.body[documented])[0]
    line = tree.lines.line_of(start)
    if tree.text[tree.lines.start(line) : start].strip():
        return None
    while _line(context, line - 1).lstrip().startswith("#"):
        line -= 1
    at = tree.lines.start(line)
    indent, newline = tree.lines.indent_at(start), tree.lines.newline_at(start)
    step = tree.module.default_indent
    return Edit(at, at, "".join(indent + one.replace("\t", step) + newline for one in lines))


def above(context: Context, statement: cst.CSTNode, lines: list[str]) -> Edit:
    """The edit that writes a class above a statement and its comments; lines indented by tabs."""
    tree = context.tree
    start = tree.span(statement)[0]
    indent, newline = tree.lines.indent_at(start), tree.lines.newline_at(start)
    line = tree.lines.line_of(start)
    while line and _line(context, line - 1).startswith(indent + "#"):
        line -= 1
    at = tree.lines.start(line)
    blank = 0
    while blank < line and not _line(context, line - blank - 1).strip():
        blank += 1
    missing = 0 if blank == line else _wanted_above(context, statement) - blank
    step = tree.module.default_indent
    text = "".join(indent + one.replace("\t", step) + newline for one in lines)
    return Edit(at, at, newline * missing + text + newline * (1 if indent else 2))


def _wanted_above(context: Context, statement: cst.CSTNode) -> int:
    """How many blank lines stand above a class in the place of a statement."""
    holder = context.parent(statement)
    if isinstance(holder, cst.IndentedBlock):
        return int(holder.body[0] is not statement)
    body = context.tree.module.body
    at = next((at for at, one in enumerate(body) if one is statement), 0)
    above = body[at - 1] if at else None
    last = above.body[-1] if isinstance(above, cst.SimpleStatementLine) else None
    after = context.settings.code_style.imports.lines_after
    return 2 if after is None or not isinstance(last, cst.Import | cst.ImportFrom) else after


def _line(context: Context, line: int) -> str:
    lines = context.tree.lines
    return context.tree.text[lines.start(line) : lines.end(line)]
