"""Removing an import that nothing in its file reads.

Owns the doubts about that: what may still want the name. Refuses to know which names are to go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import USED_ELSEWHERE, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.project.defined_code import is_inert
from sentry_migrate.project.modules import LEGACY, directory_of
from sentry_migrate.python.bindings import Binding, dotted
from sentry_migrate.python.quoted_names import names_in_type_comments
from sentry_migrate.rewrite.items import items_of, removal
from sentry_migrate.rewrite.statements import delete_statement
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.text.edits import Edit

_UNUSED = re.compile(
    r"#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#]*\bF401\b|#\s*pylint:.*\bunused-import\b", re.IGNORECASE
)


def drop(context: Context, binding: Binding) -> FixDraft:
    """A fix that removes an import which nothing in the file reads."""
    fix = context.fix(f"Remove the unused import of `{binding.name}`")
    fix.needs.append(Need("", "", 0, drop=id(binding.node)))
    if _wanted_unused(context, binding):
        fix.unsafe(
            USED_ELSEWHERE.about("a `noqa` comment suggests that other code needs the import")
        )
    if _ends_import(context, binding):
        fix.unsafe(differs("the module would no longer be imported here, which may have effects"))
    return fix


def drop_offered(context: Context, binding: Binding) -> FixDraft | None:
    """The same for a name that the module offers, by `__all__` too, and no file of the project is
    known to take; None where the file itself names it in another way."""
    strings = [node for node in context.tree.nodes(cst.SimpleString) if _is(node, binding.name)]
    listed = list(_listed(context, strings))
    if binding.name in binding.scope.elsewhere or len(listed) != len(strings):
        return None
    if binding.name in names_in_type_comments(context.tree):
        return None
    fix = drop(context, binding)
    for container, entry in listed:
        fix.add(_whole(context, container) or removal(context.tree, container, [entry]))
    if listed:
        return fix.unsafe(USED_ELSEWHERE.about("`__all__` offers the name to other modules"))
    return fix.unsafe(USED_ELSEWHERE.about("other code may take the name from this module"))


def _is(node: cst.SimpleString, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", node.value) is not None


def _listed(
    context: Context, strings: list[cst.SimpleString]
) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """The list of `__all__` that a string is an entry of, and the entry."""
    for node in strings:
        entry = context.parent(node)
        container = context.parent(entry) if entry is not None else None
        if not isinstance(entry, cst.Element) or not isinstance(container, cst.List):
            continue
        if "__all__" in context.code(context.tree.statement(node)) and entry in items_of(container):
            yield container, entry


def _whole(context: Context, container: cst.CSTNode) -> list[Edit] | None:
    """What removes a list of `__all__` as a whole: nothing is left of it, and the module has
    nothing else that it would hide."""
    bindings = context.scopes.module.bindings
    statement = context.parent(container)
    if context.tree.text.count("__all__") != 1 or not isinstance(statement, cst.Assign):
        return None
    public = {name for name in bindings if not name.startswith("_")}
    for entry in items_of(container):
        name = entry.value if isinstance(entry, cst.Element) else None
        found = bindings.get(str(name.raw_value), []) if isinstance(name, cst.SimpleString) else []
        goes = any(
            one.path.rpartition(".")[2] in LEGACY and not context.scopes.reads_beside(one)
            for one in found
        )
        if not goes or not isinstance(name, cst.SimpleString):
            return None
        public.discard(name.raw_value)
    edit = None if public else delete_statement(context, statement)
    return [edit] if edit is not None else None


def _ends_import(context: Context, binding: Binding) -> bool:
    """Whether a module that is not the SDK's, and may do something, may be imported by this
    statement no more, once all 1.x names that nothing reads are removed from it."""
    statement = binding.statement
    if not isinstance(statement, cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
        return False
    if statement.module is None:
        return False  # the package that the file is in is imported before it
    own = statement.relative or dotted(statement.module).partition(".")[0] != "sentry_sdk"
    aliases = {id(alias): context.code(alias.name) for alias in statement.names}
    stays = [name for name in aliases.values() if name not in LEGACY]
    stays += (
        one.name
        for one in context.imports.reexported
        if id(one.node) in aliases and context.scopes.reads_beside(one)
    )
    if not own or stays:
        return False
    directory = "" if context.path is None else directory_of(str(context.path))
    home = "." * len(statement.relative) + dotted(statement.module)
    return not directory or not is_inert(directory, home)


def _wanted_unused(context: Context, binding: Binding) -> bool:
    """Whether a comment on the name's line or at an end of the statement keeps linters silent."""
    tree, statement = context.tree, binding.statement
    low, high = tree.span(statement if statement is not None else binding.node)
    offsets = (low, tree.span(binding.node)[0], high)
    lines = {tree.lines.line_of(offset) for offset in offsets}
    return any(
        _UNUSED.search(tree.text[tree.lines.start(line) : tree.lines.end(line)]) for line in lines
    )
