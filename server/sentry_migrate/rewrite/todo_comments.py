"""A comment that tells the next reader what is left to do, where no fix can."""

from __future__ import annotations

import textwrap

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.model import TODO


def todo(context: Context, node: cst.CSTNode, remedy: str) -> FixDraft | None:
    """A comment above the statement of `node`, for display only; None where there is one."""
    tree = context.tree
    statement = node if isinstance(node, cst.FunctionDef) else tree.statement(node)
    decorators = statement.decorators if isinstance(statement, cst.FunctionDef) else ()
    start = min(tree.span(one)[0] for one in (statement, *decorators))
    line = tree.lines.line_of(start)
    at = tree.lines.start(line)
    indent = tree.lines.indent_at(start)
    above = line
    while above and tree.text[tree.lines.start(above - 1) : at].lstrip().startswith("#"):
        above -= 1
    if tree.text[at:start].strip() or TODO in tree.text[tree.lines.start(above) : at]:
        return None
    words = textwrap.wrap(TODO + remedy, max(40, 88 - len(indent)), subsequent_indent="#   ")
    newline = tree.lines.newline_at(start)
    fix = context.fix("Add a TODO comment")
    fix.display = True
    return fix.edit(at, at, "".join(indent + one + newline for one in words))
