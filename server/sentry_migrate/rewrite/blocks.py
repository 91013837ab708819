"""Taking blocks apart without touching what is in them.

Owns replacing the header of a compound statement and dedenting its body: comments, blank lines,
continuation lines, form feeds and the inside of multi-line strings stay as they are.
"""

from __future__ import annotations

import re

import libcst as cst

from sentry_migrate.python.bindings import walk
from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.spans import Span


class Unmovable(Exception):
    """The block cannot be dedented safely; str() says why."""


def header_span(tree: Tree, node: cst.With) -> Span:
    """From `with` to its colon, the colon included."""
    start = tree.span(node)[0]
    body = node.body
    if isinstance(body, cst.SimpleStatementSuite):
        first = tree.span(body.body[0])[0]
    else:
        first = tree.lines.end(tree.lines.line_of(_after_items(tree, node)))
    colon = tree.text.index(":", _after_items(tree, node), max(first, start) + 1)
    return start, colon + 1


def _after_items(tree: Tree, node: cst.With) -> int:
    """An offset past the last item and any closing parenthesis, before the colon."""
    at = tree.span(node.items[-1])[1]
    if isinstance(node.rpar, cst.RightParen):
        at = tree.span(node.rpar)[1]
    return at


def unwrap(tree: Tree, node: cst.With, first_line: str | None) -> list[Edit]:
    """Edits that put `first_line` in place of the header (None: nothing) and dedent the body.

    Raises Unmovable.
    """
    start, colon = header_span(tree, node)
    text = tree.text
    _refuse_comment(text[start:colon])
    lines = tree.lines
    indent = text[lines.start(lines.line_of(start)) : start]
    if indent.strip(" \t\f"):
        raise Unmovable("the `with` statement does not start its line")
    body = node.body
    if isinstance(body, cst.SimpleStatementSuite):
        return _unwrap_one_line(tree, body, start, colon, indent, first_line)
    if not isinstance(body, cst.IndentedBlock):
        raise Unmovable("the body is on the same line as the `with`")
    if first_line is None and _begins_definition(tree, node) and _is_string(body):
        raise Unmovable("the block's first string would become a docstring")
    header_line = lines.line_of(colon)
    tail = text[colon : lines.end(header_line)]
    edits: list[Edit] = []
    if first_line is not None:
        edits.append(Edit(start, colon, first_line))
    elif tail.strip():
        edits.append(Edit(start, colon + len(tail) - len(tail.lstrip()), ""))
    else:
        edits.append(Edit(lines.start(lines.line_of(start)), lines.next_start(header_line), ""))
    begin, end = tree.span(body.body[0])
    inside = text[lines.end(header_line) : lines.end(lines.line_of(end))]
    if only_pass(body) and first_line is not None and "#" not in inside:
        before = lines.end(lines.line_of(begin) - 1)
        return [*edits, Edit(before, lines.end(lines.line_of(end)), "")]
    edits.extend(dedent(tree, node, body, indent))
    return edits


def wrap(tree: Tree, line: cst.SimpleStatementLine, header: str) -> list[Edit]:
    """Edits that put `header` above a line of statements, and indent that below it.

    Raises Unmovable.
    """
    lines, step = tree.lines, tree.module.default_indent
    start, end = tree.span(line)
    first = lines.line_of(start)
    begin = lines.start(first)
    indent = tree.text[begin:start]
    if len(line.body) > 1 or indent.strip(" \t\f"):
        raise Unmovable("there is another statement on the line")
    edits = [Edit(begin, begin, f"{indent}{header}{lines.newline_at(start)}{step}")]
    quoted = _quoted_lines(tree, line)
    for number in range(first + 1, lines.line_of(end) + 1):
        at = lines.start(number)
        if number not in quoted and tree.text[at : lines.end(number)].strip():
            edits.append(Edit(at, at, step))
    return edits


def _begins_definition(tree: Tree, node: cst.With) -> bool:
    holder = tree.parent(node)
    owner = tree.parent(holder) if isinstance(holder, cst.IndentedBlock) else holder
    first = holder.body[0] if isinstance(holder, cst.IndentedBlock | cst.Module) else None
    return first is node and isinstance(owner, cst.FunctionDef | cst.ClassDef | cst.Module)


def _is_string(body: cst.IndentedBlock) -> bool:
    line = body.body[0]
    first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    return isinstance(first, cst.Expr) and isinstance(
        first.value, cst.SimpleString | cst.ConcatenatedString
    )


def _unwrap_one_line(
    tree: Tree,
    body: cst.SimpleStatementSuite,
    start: int,
    colon: int,
    indent: str,
    first_line: str | None,
) -> list[Edit]:
    first = tree.span(body.body[0])[0]
    if first_line is None:
        return [Edit(start, first, "")]
    return [Edit(start, first, first_line + tree.lines.newline_at(start) + indent)]


def dedent(tree: Tree, node: cst.CSTNode, body: cst.IndentedBlock, indent: str) -> list[Edit]:
    """Remove from each line of the body the indentation that the block adds to `indent`."""
    text, lines = tree.text, tree.lines
    first_line = lines.line_of(tree.span(body.body[0])[0])
    first_start = lines.start(first_line)
    inner = text[first_start : tree.span(body.body[0])[0]]
    if not inner.startswith(indent) or len(inner) <= len(indent) or "\f" in inner:
        raise Unmovable("the body's indentation does not start with that of the `with` line")
    colon_line = lines.line_of(header_span(tree, node)[1]) if isinstance(node, cst.With) else 0
    quoted = _quoted_lines(tree, body)
    continued: set[int] | None = None
    edits = []
    for line in range(colon_line + 1, _last_line(tree, body, indent) + 1):
        begin, end = lines.start(line), lines.end(line)
        content = text[begin:end]
        if not content.strip() or line in quoted:
            continue
        if content.startswith(inner):
            edits.append(Edit(begin + len(indent), begin + len(inner), ""))
            continue
        blank = content[: len(content) - len(content.lstrip(" \t"))]
        comment = content.lstrip().startswith("#")
        if continued is None and not comment:
            continued = _continuation_lines(tree, body)
        if not comment and continued is not None and line not in continued:
            raise Unmovable("a line of the body mixes tabs and spaces")
        if blank.startswith(indent) and len(blank) > len(indent):
            edits.append(Edit(begin + len(indent), begin + min(len(blank), len(inner)), ""))
    return edits


def _last_line(tree: Tree, body: cst.IndentedBlock, indent: str) -> int:
    """The block's last line: comments below the last statement belong to it while they are
    indented deeper than the header."""
    lines = tree.lines
    last = lines.line_of(_code_end(tree, body))
    line = last
    while line + 1 < len(lines):
        line += 1
        content = tree.text[lines.start(line) : lines.end(line)]
        if not content.strip():
            continue
        blank = content[: len(content) - len(content.lstrip(" \t"))]
        if not content.lstrip().startswith("#") or len(blank) <= len(indent):
            break
        last = line
    return last


def _code_end(tree: Tree, body: cst.IndentedBlock) -> int:
    last = body.body[-1]
    while True:
        inner = getattr(last, "orelse", None) or getattr(last, "finalbody", None)
        end = tree.span(last)[1]
        if inner is None:
            return end
        return max(end, tree.span(inner)[1])


_STRINGS = tuple(
    getattr(cst, name)
    for name in ("SimpleString", "FormattedString", "TemplatedString")
    if hasattr(cst, name)
)


def _quoted_lines(tree: Tree, body: cst.CSTNode) -> set[int]:
    """Lines that begin inside a string, whose indentation is part of it."""
    found: set[int] = set()
    code = tree.code(body)
    if "\\" not in code and '"""' not in code and "'''" not in code:
        return found
    for node in walk(body):
        if isinstance(node, _STRINGS):
            start, end = tree.span(node)
            found.update(range(tree.lines.line_of(start) + 1, tree.lines.line_of(end) + 1))
    return found


def _continuation_lines(tree: Tree, body: cst.CSTNode) -> set[int]:
    """Lines that continue a statement, whose indentation has no meaning."""
    found: set[int] = set()
    for node in walk(body):
        if isinstance(node, cst.SimpleStatementLine | cst.BaseExpression | cst.BaseSmallStatement):
            start, end = tree.span(node)
            first, last = tree.lines.line_of(start), tree.lines.line_of(end)
            if isinstance(node, cst.Lambda) or first != last:
                found.update(range(first + 1, last + 1))
        elif isinstance(
            node, cst.FunctionDef | cst.ClassDef | cst.With | cst.If | cst.For | cst.While
        ):
            start = tree.span(node)[0]
            inner = tree.span(node.body)[0]
            found.update(range(tree.lines.line_of(start) + 1, tree.lines.line_of(inner)))
    return found


def only_pass(body: cst.BaseSuite) -> bool:
    """Whether the body is the one word `pass` or `...`."""
    if len(body.body) != 1:
        return False
    line = body.body[0]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return False
    only = line.body[0]
    return isinstance(only, cst.Pass) or (
        isinstance(only, cst.Expr) and isinstance(only.value, cst.Ellipsis)
    )


def _refuse_comment(header: str) -> None:
    """Raise Unmovable if a part of a `with` header has a comment."""
    if "#" in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", header):
        raise Unmovable("there is a comment inside the `with` header")


def item_removal(tree: Tree, node: cst.With, item: cst.WithItem) -> Edit:
    """The edit that takes one of several items out of a `with` header. Raises Unmovable."""
    index = list(node.items).index(item)
    if index + 1 < len(node.items):
        edit = Edit(tree.span(item)[0], tree.span(node.items[index + 1])[0], "")
    else:
        edit = Edit(tree.span(node.items[index - 1])[1], tree.span(item)[1], "")
    _refuse_comment(tree.text[edit.start : edit.end])
    return edit
