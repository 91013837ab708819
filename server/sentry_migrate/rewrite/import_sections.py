"""Where an import of the SDK goes in a module that has it only through modules of its project.

Sorters keep the imports of other packages apart from those of the project, by blank lines. Owns
finding the section. Refuses to know which names are imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.project.code_style import ImportStyle
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.tree import Tree
from sentry_migrate.text.edits import Edit

ImportStatement: TypeAlias = cst.Import | cst.ImportFrom

Place: TypeAlias = tuple[cst.CSTNode, bool, bool]
"""A statement, whether the import comes before it, and whether in a section of its own."""

_LIBRARY, _OTHERS, _PROJECT = range(3)


def section_place(
    tree: Tree, statement: ImportStatement, goes: bool, text: str, style: ImportStyle
) -> Place | None:
    """The place of an import of the SDK, which is needed at a statement that imports from the
    project; None where the imports are not sorted in sections. If the statement `goes`, and nothing
    else is in its section, its own place is as good."""
    groups = list(_groups(tree, statement))
    root = module_of(statement).partition(".")[0]
    lowest: cst.CSTNode | None = None
    for group in groups:
        kinds = {_section(one, root, style) for one in group}
        if kinds == {_OTHERS, _PROJECT} and group is groups[0] and groups[1:]:
            kinds = {_PROJECT}  # else they would be apart
        if len(kinds) != 1:
            return None
        kind = kinds.pop()
        if kind == _OTHERS:
            return (*_sorted_in(group, text, style.mixed), False)
        if kind == _LIBRARY:
            break
        lowest = group[0]
    if lowest is None or (goes and len(groups[0]) == 1 and lowest is statement):
        return None
    return lowest, True, True


def library_import(tree: Tree, statement: ImportStatement, module: str) -> Edit | None:
    """The edit that imports a module of Python's own above a statement, where that is one of the
    whole text's."""
    groups = [one for one in _groups(tree, statement) if module_of(one[0]) != "__future__"]
    if not groups:
        return None
    text, above, after = f"import {module}", groups[-1][0], "\n\n"
    for group in groups:
        if {_section(one, "", ImportStyle()) for one in group} == {_LIBRARY}:
            above, is_above = _sorted_in(group, text, False)
            if not is_above:
                end = tree.span(above)[1]
                return Edit(end, end, f"{tree.lines.newline_at(end)}{text}")
            after = "\n"
            break
    start = tree.span(above)[0]
    return Edit(start, start, text + after.replace("\n", tree.lines.newline_at(start)))


def _groups(tree: Tree, statement: ImportStatement) -> Iterator[Sequence[ImportStatement]]:
    """The imports from the section of a statement upwards, by section."""
    body = tree.module.body
    at = next((at for at, one in enumerate(body) if one is tree.parent(statement)), -1)
    while at + 1 < len(body) and at >= 0 and not _blank_above(tree, body[at + 1]):
        if _import(tree, body[at + 1]) is None:
            break
        at += 1
    group: list[ImportStatement] = []
    while at >= 0 and (found := _import(tree, body[at])) is not None:
        group.insert(0, found)
        if _blank_above(tree, body[at]):
            yield group
            group = []
        at -= 1
    if group:
        yield group


def _import(tree: Tree, line: cst.CSTNode) -> ImportStatement | None:
    """The only statement of a line, if it is an import without a comment above."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    only = line.body[0]
    commented = any(tree.lines_above(line))
    return only if isinstance(only, cst.Import | cst.ImportFrom) and not commented else None


def _blank_above(tree: Tree, line: cst.CSTNode) -> bool:
    return not all(tree.lines_above(line))


def _section(one: ImportStatement, own: str, style: ImportStyle) -> int:
    root = module_of(one).partition(".")[0]
    if root in style.third_party:
        return _OTHERS
    if not root or root == own or root in style.first_party:
        return _PROJECT
    return _LIBRARY if root in sys.stdlib_module_names else _OTHERS


def _sorted_in(
    group: Sequence[ImportStatement], text: str, mixed: bool
) -> tuple[ImportStatement, bool]:
    """Beside which import of a section another one is sorted in, and whether before it."""
    word, module, *_ = text.split(maxsplit=2)
    rank = not mixed and word == "from", module.lower()
    for one in group:
        if rank < (not mixed and isinstance(one, cst.ImportFrom), module_of(one).lower()):
            return one, True
    return group[-1], False


def module_of(statement: ImportStatement) -> str:
    """The module that is imported, first or from; empty for a relative one."""
    if isinstance(statement, cst.Import):
        return dotted(statement.names[0].name)
    if statement.module is None or statement.relative:
        return ""
    return dotted(statement.module)
