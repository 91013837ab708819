"""Where a text may give `init()` options of which nothing is said.

Owns telling what is known of them from what is not: options that the code does not show, and the
names of options that 2.x refuses in code that nothing connects with `init()`. Refuses to know how
that is told to a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePath

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.defined_code import keeps_keyword
from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.project.modules import directory_of
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.syntax_errors import ParseError
from sentry_migrate.python.tree import Tree
from sentry_migrate.rewrite.option_words import is_project
from sentry_migrate.sdk.spelled_options import spelled_options
from sentry_migrate.sdk.unseen_options import unseen_options


def unseen_lines(context: Context) -> Iterator[int]:
    """The 1-based lines where `init()` gets options that the code does not show."""
    for node in unseen_options(context.tree, context.values, is_project(context)):
        yield context.tree.lines.line_of(context.span(node)[0]) + 1


def spelled_lines(context: Context) -> tuple[int, ...]:
    """The 1-based lines that spell an option that 2.x refuses, as a keyword, a key or a field,
    where that is not known to reach `init()`, or not to."""
    known = {id(use.option.name) for use in context.uses if use.option is not None}
    known |= {id(use.node) for use in context.uses if use.trigger.startswith("field:")}
    return _spelled(context.tree, context.scopes, context.path, known)


def spelled_alone(text: str, path: PurePath | None) -> tuple[int, ...]:
    """The like of a text that has nothing to do with the SDK itself."""
    if not any(name in text for name in REFUSED):
        return ()
    try:
        tree = Tree.of(text)
        return _spelled(tree, Scopes(tree), path, ())
    except (ParseError, RecursionError):
        return ()


def _spelled(
    tree: Tree, scopes: Scopes, path: PurePath | None, known: Collection[int]
) -> tuple[int, ...]:
    directory = "" if path is None else directory_of(str(path))
    found = (
        node
        for node in spelled_options(tree)
        if id(node) not in known and not _is_kept(tree, scopes, directory, node)
    )
    return tuple(sorted({tree.lines.line_of(tree.span(node)[0]) + 1 for node in found}))


def _is_kept(tree: Tree, scopes: Scopes, directory: str, node: cst.CSTNode) -> bool:
    """Whether a word is an argument for a function that has nothing to do with the SDK."""
    call = tree.parent(tree.parent(node) or node)
    if not isinstance(node, cst.Name) or not isinstance(call, cst.Call):
        return False
    if path := scopes.imported(call.func):
        return bool(directory) and keeps_keyword(directory, path, node.value)
    bindings = scopes.reaching(call.func) if isinstance(call.func, cst.Name) else ()
    own = any(isinstance(one.node, cst.FunctionDef | cst.ClassDef) for one in bindings)
    return own and "sentry" not in tree.text.lower()
