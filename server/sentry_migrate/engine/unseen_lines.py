"""Where a text may give `init()` options of which nothing is said.

Owns telling what is known of them from what is not: options that the code does not show, and the
names of options that 2.x refuses in code that nothing connects with `init()`. Refuses to know how
that is told to a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.held_names import REFUSED
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import directory_of
from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.unseen_options import unseen_options


def unseen_lines(context: Context) -> Iterator[int]:
    """The 1-based lines where `init()` gets options that the code does not show."""
    disk = ModulesOnDisk()
    directory = "" if context.path is None else directory_of(str(context.path))

    def is_project(path: str) -> bool:
        return bool(directory) and any(True for _ in disk.imported(directory, path))

    for node in unseen_options(context.tree, context.values, is_project):
        yield context.tree.lines.line_of(context.span(node)[0]) + 1


def spelled_lines(context: Context) -> tuple[int, ...]:
    """The 1-based lines that spell an option that 2.x refuses, as a keyword, a key or a field,
    where that is not known to reach `init()`, or not to."""
    known = {id(use.option.name) for use in context.uses if use.option is not None}
    return _spelled(context.tree, known)


def spelled_alone(text: str) -> tuple[int, ...]:
    """The like of a text that has nothing to do with the SDK itself."""
    if not any(name in text for name in REFUSED):
        return ()
    try:
        return _spelled(Tree.of(text), ())
    except (ParseError, RecursionError):
        return ()


def _spelled(tree: Tree, known: Collection[int]) -> tuple[int, ...]:
    found = (node for node in _names(tree) if id(node) not in known)
    return tuple(sorted({tree.lines.line_of(tree.span(node)[0]) + 1 for node in found}))


def _names(tree: Tree) -> Iterator[cst.CSTNode]:
    if not any(name in tree.text for name in REFUSED):
        return
    for text in tree.nodes(cst.SimpleString):
        if text.raw_value in REFUSED and not isinstance(tree.parent(text), cst.Expr):
            yield text
    for arg in tree.nodes(cst.Arg):
        if arg.keyword is not None and arg.keyword.value in REFUSED:
            yield arg.keyword
    annotated = (one.target for one in tree.nodes(cst.AnnAssign))
    for field in (*annotated, *(one.target for one in tree.nodes(cst.AssignTarget))):
        if isinstance(field, cst.Name) and field.value in REFUSED:
            if isinstance(tree.enclosing(field, cst.ClassDef, cst.FunctionDef), cst.ClassDef):
                yield field
