"""Taking arguments and entries of lists and dictionaries out of where they stand.

Owns what goes with an item: its comma, its line where it has one for itself, and the comma before
it where the list ended without one. Knows nothing of options.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit

Item: TypeAlias = cst.Arg | cst.BaseDictElement | cst.BaseElement


def items_of(container: cst.CSTNode) -> Sequence[Item]:
    """The arguments of a call or the entries of a list or a dictionary; nothing of anything
    else."""
    if isinstance(container, cst.Call):
        return container.args
    return container.elements if isinstance(container, cst.Dict | cst.List) else ()


def comma_end(tree: Tree, item: Item) -> int:
    """The offset past the item's comma, or past the item where it has none."""
    end = tree.span(item)[1]
    match = re.compile(r"(?:\s|\\|#[^\r\n]*)*,").match(tree.text, end)
    return match.end() if match and isinstance(item.comma, cst.Comma) else end


def own_lines(tree: Tree, item: Item) -> bool:
    """Whether nothing but a comment stands beside the item on its lines."""
    start, end = tree.span(item)[0], comma_end(tree, item)
    lines = tree.lines
    before = tree.text[lines.start(lines.line_of(start)) : start]
    after = tree.text[end : lines.end(lines.line_of(end))].strip()
    return not before.strip() and (not after or after.startswith("#"))


def removal(tree: Tree, container: cst.CSTNode, gone: Sequence[cst.CSTNode]) -> list[Edit]:
    """The edits that remove `gone` from a call, a list or a dictionary."""
    items = items_of(container)
    if all(item in gone for item in items):
        end = tree.span(container)[1] - 1
        first = tree.span(items[0])[0]
        start = max(tree.text.rfind(bracket, 0, first) for bracket in "([{") + 1
        if "#" not in tree.text[start:first] + tree.text[comma_end(tree, items[-1]) : end]:
            return [Edit(start, end, "")]
    edits: list[Edit] = []
    run: list[int] = []
    for index, item in enumerate(items):
        if item in gone:
            run.append(index)
        if run and (item not in gone or index == len(items) - 1):
            edits.extend(_cut(tree, items, run[0], run[-1]))
            run = []
    return edits


def _cut(tree: Tree, items: Sequence[Item], first: int, last: int) -> Iterator[Edit]:
    text, lines = tree.text, tree.lines
    start, end = tree.span(items[first])[0], tree.span(items[last])[1]
    past = comma_end(tree, items[last])
    before = tree.span(items[first - 1])[1] if first else None
    if own_lines(tree, items[first]) and own_lines(tree, items[last]):
        yield Edit(lines.start(lines.line_of(start)), lines.next_start(lines.line_of(past)), "")
        if before is not None and past == end:
            comma = comma_end(tree, items[first - 1])
            yield Edit(comma - 1, comma, "")
        return
    after = tree.span(items[last + 1])[0] if last + 1 < len(items) else None
    if after is not None and not re.search(r"[\r\n]", text[past:after]):
        yield Edit(start, after, "")
    elif before is not None and "#" not in text[before:start]:
        yield Edit(before, end, "")
    elif after is not None and "#" not in text[past:after]:
        yield Edit(start, after, "")
    else:
        yield Edit(start, past, "")


def statement_removal(tree: Tree, node: cst.CSTNode) -> list[Edit] | None:
    """The edits that take a simple statement out of its block; None where it is not one."""
    line = tree.parent(node)
    if not isinstance(line, cst.SimpleStatementLine):
        return None
    start, end = tree.span(node)
    if len(line.body) > 1:
        index = list(line.body).index(node)  # type: ignore[arg-type]
        if index + 1 < len(line.body):
            return [Edit(start, tree.span(line.body[index + 1])[0], "")]
        return [Edit(tree.span(line.body[index - 1])[1], end, "")]
    block = tree.parent(line)
    if isinstance(block, cst.IndentedBlock) and len(block.body) == 1:
        return [Edit(start, end, "pass")]
    lines = tree.lines
    return [Edit(lines.start(lines.line_of(start)), lines.next_start(lines.line_of(end)), "")]
