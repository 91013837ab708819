"""Deleting whole statements."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.text.edits import Edit


def delete_call(context: Context, call: cst.Call) -> Edit | None:
    """Remove a call that is a whole statement; None where it is part of something."""
    small = context.parent(call)
    return delete_statement(context, small) if isinstance(small, cst.Expr) else None


def delete_statement(context: Context, small: cst.BaseSmallStatement) -> Edit | None:
    """Remove a simple statement, with its line where it stands alone on it."""
    line = context.parent(small)
    if not isinstance(line, cst.SimpleStatementLine | cst.SimpleStatementSuite):
        return None
    tree, lines = context.tree, context.tree.lines
    start, end = tree.span(small)
    if isinstance(line, cst.SimpleStatementSuite) and len(line.body) == 1:
        return Edit(start, end, "pass")
    if len(line.body) > 1:
        index = next(at for at, one in enumerate(line.body) if one is small)
        if index + 1 < len(line.body):
            return Edit(start, tree.span(line.body[index + 1])[0], "")
        return Edit(tree.span(line.body[index - 1])[1], end, "")
    block = context.parent(line)
    if not isinstance(block, cst.Module) and len(getattr(block, "body", ())) == 1:
        return Edit(start, end, "pass")
    last = lines.line_of(end)
    rest = tree.text[end : lines.end(last)]
    if rest.strip():
        # A comment stays, alone on its line.
        return Edit(start, end + len(rest) - len(rest.lstrip()), "")
    return Edit(lines.start(lines.line_of(start)), lines.next_start(last), "")
